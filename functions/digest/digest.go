package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/meeting"
	"steledesk/shared/queue"
)

// Maker makes digests: *meeting.Maker. Errors: meeting.ErrFuture.
type Maker interface {
	Make(ctx context.Context, order meeting.Order) (e meeting.Edition, made bool, err error)
}

// Delayer puts a failed message back for a while: *queue.Delayer.
type Delayer interface {
	Delay(ctx context.Context, m events.SQSMessage, wait time.Duration) error
}

// secretary makes the digests that are asked for.
type secretary struct {
	maker   Maker
	delayer Delayer
	log     *slog.Logger
}

// handle makes what an event asks for. What fails comes again: a tick three times by Lambda itself and then as a
// message, a message until it is an operator's. What can never be done is said in the log and given up.
func (s *secretary) handle(ctx context.Context, payload json.RawMessage) (any, error) {
	all, err := jobs(payload)
	if err != nil {
		s.log.ErrorContext(ctx, "event not understood, given up", "error", err.Error())
		return nil, nil
	}
	for _, j := range all {
		if err := s.do(ctx, j); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

func (s *secretary) do(ctx context.Context, j job) error {
	e, made, err := s.maker.Make(ctx, j.Order)
	switch {
	case errors.Is(err, meeting.ErrFuture):
		s.log.ErrorContext(ctx, "digest given up", "month", j.Month, "error", err.Error())
		return nil
	case err != nil:
		s.log.ErrorContext(ctx, "digest not made", "month", j.Month, "error", err.Error())
		s.delay(ctx, j)
		return err
	}
	s.log.InfoContext(ctx, "digest", "month", j.Month, "edition", e.Number, "new", made, "tickets", e.Digest.Tickets, "hash", e.Hash)
	return nil
}

// delay lets a message come again sooner than its queue would, by hours: the meeting may be today.
func (s *secretary) delay(ctx context.Context, j job) {
	if j.message == nil {
		return
	}
	wait := queue.Backoff(min(queue.Received(*j.message), queue.Tries-1))
	if err := s.delayer.Delay(context.WithoutCancel(ctx), *j.message, wait); err != nil {
		s.log.ErrorContext(ctx, "message comes again late", "error", err.Error())
	}
}
