package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/queue"
	"steledesk/shared/visitor/visitortest"
)

// told remembers what the office was told of papers.
type told struct {
	events []string
	err    error
}

func (o *told) Tell(_ context.Context, all []queue.Papers) map[int]error {
	failed := map[int]error{}
	for i, p := range all {
		o.events = append(o.events, p.Event)
		if o.err != nil {
			failed[i] = o.err
		}
	}
	return failed
}

func record(name, pk, sk, sequence string) events.DynamoDBEventRecord {
	return events.DynamoDBEventRecord{EventName: name, Change: events.DynamoDBStreamRecord{SequenceNumber: sequence, Keys: map[string]events.DynamoDBAttributeValue{
		"pk": events.NewStringAttribute(pk), "sk": events.NewStringAttribute(sk),
	}}}
}

// A stored edition is told of, and nothing else of a meeting; one that does not arrive is named to come again.
func TestPapersAreTold(t *testing.T) {
	batch := events.DynamoDBEvent{Records: []events.DynamoDBEventRecord{
		record("INSERT", "M#2026-10", "HEAD", "1"), record("INSERT", "M#2026-10", "R#001", "2"), record("INSERT", "M#2026-10", "ED#002", "3"),
		record("MODIFY", "M#2026-10", "ED#001", "4"),
	}}
	for _, tt := range []struct {
		err  error
		want string
	}{{nil, "[]"}, {errors.New("the queue is away"), "[{3}]"}} {
		o, s := &told{err: tt.err}, &sender{}
		d := &dispatcher{sections: s, visitors: &s.visitors, phones: &s.visitors, counter: &s.counts, stack: "steledesk", now: func() time.Time { return visitortest.Nine }, papers: o, log: slog.New(slog.DiscardHandler)}
		out, err := d.handle(t.Context(), batch)
		if err != nil || fmt.Sprint(out.BatchItemFailures) != tt.want || fmt.Sprint(o.events) != "[papers-2026-10.2]" {
			t.Errorf("%v: told %v, comes again %v, %v", tt.err, o.events, out.BatchItemFailures, err)
		}
	}
}
