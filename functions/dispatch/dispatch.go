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
	"steledesk/shared/queue"
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
	alone    lastTries
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
	d.say(ctx, e.Records, stored, places, failed)
	return stream.Retry(e.Records, failed), nil
}

// say counts what was carried and logs it, and logs what was not.
func (d *dispatcher) say(ctx context.Context, records []events.DynamoDBEventRecord, stored []ticket.Event, places []int, failed map[int]error) {
	done := carried(stored, places, failed)
	d.count(ctx, done)
	counts := outcomes(done)
	if d.alone.givenUp(records, failed) {
		counts[outcome.GivenUp]++
	}
	outcome.Write(ctx, d.log, d.stack, d.now(), counts)
	for i, err := range failed {
		attrs := []slog.Attr{slog.String("sequence", records[i].Change.SequenceNumber)}
		if number, seq := about(records[i]); number != "" {
			attrs = append(attrs, slog.String("ticket", number), slog.Int("seq", seq))
		}
		d.log.LogAttrs(ctx, slog.LevelError, "event not carried", append(attrs, slog.String("error", err.Error()))...)
	}
	arrived := arrived(stored, places, failed)
	log := d.log
	if len(failed) > 0 { // log bytes are paid for
		log = log.With("failed", len(failed), "records", len(records))
	}
	log.InfoContext(ctx, "carried", "events", len(arrived), "tickets", queue.Tickets(arrived))
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
