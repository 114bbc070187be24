package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/canary"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

// bird is a canary that somebody decides for.
type bird struct {
	key string
	err error
}

func (b *bird) Fly(ctx context.Context, key string) ([]canary.Step, error) {
	b.key = key
	if _, bounded := ctx.Deadline(); !bounded {
		return nil, errors.New("nothing ends it")
	}
	return []canary.Step{{Name: "file", Took: time.Second}}, b.err
}

// What does not work is a count of 0 and a line of level ERROR, and no error of the function.
func TestATickIsCounted(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want []string
	}{
		{nil, []string{`"CanaryPassed":1`, `"file":"1s"`}},
		{errors.New("told: late"), []string{`"CanaryPassed":0`, `"level":"ERROR"`, `"error":"told: late"`}},
	} {
		var out bytes.Buffer
		b := &bird{err: tt.err}
		one := &trial{bird: b, stack: "steledesk", log: slog.New(slog.NewJSONHandler(&out, nil)), now: func() time.Time { return visitortest.Nine }}
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		flown, err := one.handle(ctx, events.CloudWatchEvent{Time: visitortest.Nine})
		if err != nil || flown.Passed != (tt.err == nil) || b.key != "canary-2026-11-23T01:00:00Z" {
			t.Errorf("%v: %+v, %v, key %q", tt.err, flown, err, b.key)
		}
		for _, want := range tt.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: the log lacks %s: %s", tt.err, want, out.String())
			}
		}
	}
	if _, err := (&trial{}).handle(t.Context(), events.CloudWatchEvent{}); err == nil {
		t.Error("an event without a time was taken")
	}
}

// A canary's ticket is in no index, and goes without a trace. A visitor's cannot be removed.
func TestRemoveCanary(t *testing.T) {
	table := dynamo.Open(dynamotest.Table(t))
	desk := visitortest.Desk(table)
	real := visitortest.File(t, desk, visitortest.Complaint())
	m := visitortest.Complaint()
	m.Matter.Canary = true
	trial, err := desk.File(t.Context(), "canary-2026-11-23T01:00:00Z", m.Matter, visitortest.Nine)
	if err != nil {
		t.Fatal(err)
	}
	if trial.Section != ticket.OfficeSection {
		t.Errorf("it went to %s", trial.Section)
	}
	for part := range dynamo.MonthShards {
		for number, err := range table.FiledIn(t.Context(), visitortest.Nine, part) {
			if err != nil || number == trial.Number {
				t.Errorf("in the month's list: %s, %v", number, err)
			}
		}
	}
	for range 2 {
		if err := table.RemoveCanary(t.Context(), trial.Number); err != nil {
			t.Error(err)
		}
	}
	if _, err := table.Ticket(t.Context(), trial.Number); !errors.Is(err, visitor.ErrNotFound) {
		t.Errorf("still there: %v", err)
	}
	if err := table.RemoveCanary(t.Context(), real.Number); !errors.Is(err, dynamo.ErrNoCanary) {
		t.Errorf("a visitor's ticket: %v", err)
	}
	if _, err := table.Ticket(t.Context(), real.Number); err != nil {
		t.Errorf("a visitor's ticket is gone: %v", err)
	}
}
