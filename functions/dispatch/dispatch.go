package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/dynamo"
	"steledesk/shared/outcome"
	"steledesk/shared/stream"
	"steledesk/shared/ticket"
)

// Sender carries events to sections and gives an error for each, by its place, that did not arrive.
type Sender interface {
	Send(ctx context.Context, events []ticket.Event) map[int]error
}

// dispatcher carries the table's stream to the queues of sections and of visitors.
type dispatcher struct {
	sections Sender
	visitors Sender // of what visitors' phones are told
	phones   Phones
	papers   Teller // of what the office's meetings work with
	counter  Counter
	stack    string // whose outcomes are counted
	now      func() time.Time
	log      *slog.Logger
}

// handle sends every stored event of the batch. A record that is no event is passed over, as the
// template's filter does; one that should be an event and cannot be read fails, and ends up in the
// on-failure queue with its place in the stream.
func (d *dispatcher) handle(ctx context.Context, e events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	stored, places, failed := d.read(e.Records)
	unsent := d.sections.Send(ctx, stored)
	for i, err := range unsent {
		failed[places[i]] = fmt.Errorf("%s: %w", stored[i].ID(), err)
	}
	d.tellVisitors(ctx, stored, places, failed)
	d.tellPapers(ctx, e.Records, failed)
	d.count(ctx, stored, places, failed)
	outcome.Write(ctx, d.log, d.stack, d.now(), outcomes(stored, places, failed))
	for i, err := range failed {
		d.log.ErrorContext(ctx, "event not carried", "sequence", e.Records[i].Change.SequenceNumber, "error", err.Error())
	}
	d.log.InfoContext(ctx, "carried", "events", len(stored)-len(unsent), "failed", len(failed), "records", len(e.Records))
	return stream.Retry(e.Records, failed), nil
}

func (d *dispatcher) read(records []events.DynamoDBEventRecord) ([]ticket.Event, []int, map[int]error) {
	var stored []ticket.Event
	var places []int
	failed := map[int]error{}
	for i, r := range records {
		if !isEvent(r) {
			continue
		}
		event, err := dynamo.StoredEvent(r.Change.NewImage)
		if err != nil {
			failed[i] = err
			continue
		}
		stored, places = append(stored, event), append(places, i)
	}
	return stored, places, failed
}

func isEvent(r events.DynamoDBEventRecord) bool {
	sk, ok := r.Change.Keys["sk"]
	return r.EventName == string(events.DynamoDBOperationTypeInsert) && ok &&
		sk.DataType() == events.DataTypeString && strings.HasPrefix(sk.String(), "E#") && dynamo.News(r.Change.NewImage)
}
