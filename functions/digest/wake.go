package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/digest"
	"steledesk/shared/meeting"
	"steledesk/shared/queue"
)

// job is a digest to make, and the message that asks for it, if one does.
type job struct {
	meeting.Order
	message *events.SQSMessage
}

// jobs reads an event: a tick of the schedule, or messages of the queue. Those are orders, and ticks that failed as
// often as Lambda tries one by itself.
func jobs(payload []byte) ([]job, error) {
	var event events.SQSEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	if event.Records == nil {
		order, err := ticked(payload)
		return []job{{Order: order}}, err
	}
	var all []job
	for _, m := range event.Records {
		order, err := ordered(m)
		if err != nil {
			return nil, err
		}
		all = append(all, job{order, &m})
	}
	return all, nil
}

// ticked is what the schedule asks for on the first day of a month: the month before.
func ticked(payload []byte) (meeting.Order, error) {
	var tick events.CloudWatchEvent
	if err := json.Unmarshal(payload, &tick); err != nil {
		return meeting.Order{}, fmt.Errorf("read event: %w", err)
	}
	if tick.Time.IsZero() {
		return meeting.Order{}, errors.New("read event: it has no time and no messages: it is neither a schedule's nor a queue's")
	}
	month := digest.MonthOf(tick.Time).Before(1)
	if _, err := digest.ParseMonth(string(month)); err != nil { // a year that no calendar here can write
		return meeting.Order{}, fmt.Errorf("read event of %s: %w", tick.Time, err)
	}
	return meeting.Order{Month: month, Now: tick.Time}, nil
}

// ordered is what a message asks for. A month that runs is counted to when the message was sent, however often it takes
// to do so.
func ordered(m events.SQSMessage) (meeting.Order, error) {
	var failed struct {
		Payload json.RawMessage `json:"requestPayload"`
	}
	if json.Unmarshal([]byte(m.Body), &failed) == nil && failed.Payload != nil {
		return ticked(failed.Payload)
	}
	o, err := queue.ParseDigestOrder(m.Body)
	if err != nil {
		return meeting.Order{}, err
	}
	sent := queue.Sent(m)
	if sent.IsZero() {
		return meeting.Order{}, errors.New("read order of a digest: the message does not say when it was sent")
	}
	return meeting.Order{Month: o.Month, Now: sent, By: o.By, Reason: o.Reason}, nil
}
