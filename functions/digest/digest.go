package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/meeting"
	"steledesk/shared/outcome"
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
	stack   string // whose outcomes are counted
	now     func() time.Time
	log     *slog.Logger
}

// handle makes what an event asks for. What fails comes again: a tick three times by Lambda itself and then as a
// message, a message until it is a dead letter. What can never be done gets there without a pause.
func (s *secretary) handle(ctx context.Context, payload json.RawMessage) (any, error) {
	all, err := jobs(payload)
	if err != nil {
		s.refuse(ctx, payload, err)
		return nil, err
	}
	for _, j := range all {
		if err := s.do(ctx, j); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// refuse says that an event cannot be understood, and has its message, if one brought it, handed out again at once.
func (s *secretary) refuse(ctx context.Context, payload json.RawMessage, err error) {
	s.log.ErrorContext(ctx, "event not understood", "error", err.Error())
	var event events.SQSEvent
	if json.Unmarshal(payload, &event) != nil {
		return
	}
	for i := range event.Records {
		s.again(ctx, &event.Records[i], 0)
	}
}

func (s *secretary) do(ctx context.Context, j job) error {
	e, made, err := s.maker.Make(ctx, j.Order)
	if err != nil {
		s.log.ErrorContext(ctx, "digest not made", "month", j.Month, "error", err.Error())
		if j.message == nil {
			return err
		}
		wait := queue.BackoffOf(queue.Received(*j.message), queue.DigestTries)
		if errors.Is(err, meeting.ErrFuture) {
			wait = 0
		}
		s.again(ctx, j.message, wait)
		return err
	}
	s.log.InfoContext(ctx, "digest", "month", j.Month, "edition", e.Number, "new", made, "tickets", e.Digest.Tickets, "hash", e.Hash)
	return nil
}

// again lets a message come again sooner than its queue would, by hours: the meeting may be today. It counts one that
// was tried for the last time.
func (s *secretary) again(ctx context.Context, m *events.SQSMessage, wait time.Duration) {
	if queue.Received(*m) >= queue.DigestTries {
		outcome.Write(ctx, s.log, s.stack, s.now(), outcome.Counts{outcome.GivenUp: 1})
	}
	if err := s.delayer.Delay(context.WithoutCancel(ctx), *m, wait); err != nil {
		s.log.ErrorContext(ctx, "message comes again late", "messageId", m.MessageId, "error", err.Error())
	}
}
