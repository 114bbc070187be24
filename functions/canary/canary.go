package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/canary"
	"steledesk/shared/outcome"
)

// spare is the time kept at the end of an invocation: to remove the ticket, and to say what was found.
const spare = 8 * time.Second

// Bird tries a desk: *canary.Canary.
type Bird interface {
	Fly(ctx context.Context, key string) ([]canary.Step, error)
}

// trial tries the desk at each tick.
type trial struct {
	bird  Bird
	stack string
	log   *slog.Logger
	now   func() time.Time
}

// Flown is what a tick came to.
type Flown struct {
	Passed bool `json:"passed"`
	Steps  int  `json:"steps"` // that worked
}

// handle tries the desk once. What does not work is counted and in the log, and is no error of the function: the alarm
// is on the count, and to try at once again would only hide what visitors meet.
func (t *trial) handle(ctx context.Context, e events.CloudWatchEvent) (Flown, error) {
	if e.Time.IsZero() {
		return Flown{}, errors.New("the event has no time: it is no schedule's")
	}
	within := ctx
	if end, ok := ctx.Deadline(); ok {
		var stop context.CancelFunc
		within, stop = context.WithDeadline(ctx, end.Add(-spare))
		defer stop()
	}
	began := t.now()
	steps, err := t.bird.Fly(within, "canary-"+e.Time.UTC().Format(time.RFC3339))
	took := t.now().Sub(began)
	attrs := []any{"took", took.String()}
	for _, s := range steps {
		attrs = append(attrs, s.Name, s.Took.String())
	}
	passed := outcome.Counts{outcome.CanaryPassed: 1, outcome.CanaryTime: float64(took.Milliseconds())}
	if err != nil {
		passed[outcome.CanaryPassed] = 0
		t.log.ErrorContext(ctx, "the desk's own trial failed", append(attrs, "error", err.Error())...)
	} else {
		t.log.InfoContext(ctx, "the desk's own trial went through", attrs...)
	}
	outcome.Write(ctx, t.log, t.stack, t.now(), passed)
	return Flown{Passed: err == nil, Steps: len(steps)}, nil
}
