package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/dynamo"
	"steledesk/shared/push"
	"steledesk/shared/queue"
	"steledesk/shared/visitor"
)

// Phones keeps where a ticket's news is heard: *dynamo.Table.
type Phones interface {
	Phones(ctx context.Context, number string) ([]dynamo.Phone, error)
	Unsubscribe(ctx context.Context, number, place string) error
}

// Deliveries remembers which phone was told of what, as notify does of channels: *dynamo.Table.
type Deliveries interface {
	Claim(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time, lease time.Duration) (dynamo.Claimed, error)
	Told(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time) error
	Release(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time) error
	Doubt(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time) error
}

// Opener opens what was sealed: *seal.Keys.
type Opener interface {
	Open(sealed, place string) (string, error)
}

// Sender sends to a phone: *push.Sender. Errors: push.ErrGone, push.ErrRefused, push.ErrUnanswered, *push.Later.
type Sender interface {
	Send(ctx context.Context, to visitor.Subscription, number string) error
}

// Delayer puts a failed message back for a while: *queue.Delayer.
type Delayer interface {
	Delay(ctx context.Context, m events.SQSMessage, wait time.Duration) error
}

// lease is how long a sender has an event to itself: longer than the function may run.
const lease = 90 * time.Second

// teller tells phones what came into the visitors' queue.
type teller struct {
	phones     Phones
	deliveries Deliveries
	keys       Opener
	sender     Sender
	delayer    Delayer
	log        *slog.Logger
	now        func() time.Time
}

// handle tells one batch, all of its phones at the same time: none waits for another's push service. A message comes
// again unless each phone was told or will never be.
func (t *teller) handle(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
	failed := make([]error, len(e.Records))
	var all sync.WaitGroup
	for i, r := range e.Records {
		all.Go(func() { failed[i] = t.tell(ctx, r) })
	}
	all.Wait()
	var again []string
	for i, err := range failed {
		if err != nil {
			again = append(again, e.Records[i].MessageId)
			t.delay(ctx, e.Records[i], err)
		}
	}
	t.log.InfoContext(ctx, "told", "messages", len(e.Records), "again", len(again))
	return queue.Failures(again), nil
}

// tell tells the phones of one message's ticket. A message that nobody can read is given up at once: it will not get
// better, and the ticket's page says it all.
func (t *teller) tell(ctx context.Context, r events.SQSMessage) error {
	m, err := queue.ParseMessage(r.Body)
	if err != nil {
		t.log.ErrorContext(ctx, "message given up", "message", r.MessageId, "error", err.Error())
		return nil
	}
	phones, err := t.phones.Phones(ctx, m.Ticket)
	if err != nil {
		return err
	}
	failed := make([]error, len(phones))
	var all sync.WaitGroup
	for i, p := range phones {
		all.Go(func() { failed[i] = t.tellPhone(ctx, m, p, r.MessageId) })
	}
	all.Wait()
	return errors.Join(failed...)
}

func (t *teller) tellPhone(ctx context.Context, m queue.Message, p dynamo.Phone, holder string) error {
	to, err := visitor.OpenSubscription(t.keys, p.Sealed, m.Ticket)
	if err != nil {
		t.log.ErrorContext(ctx, "subscription forgotten: it cannot be opened", "ticket", m.Ticket, "error", err.Error())
		return t.phones.Unsubscribe(ctx, m.Ticket, p.Place)
	}
	channel, news := "push-"+p.Place, []dynamo.Delivery{{Event: m.Event, At: m.At, Holder: holder}}
	claimed, err := t.deliveries.Claim(ctx, channel, news, t.now(), lease)
	switch {
	case err != nil:
		return err
	case len(claimed.Busy) > 0:
		return errors.New("another sender is telling it")
	case len(claimed.Told) > 0:
		return nil
	}
	err = t.sender.Send(ctx, to, m.Ticket)
	switch {
	case err == nil:
		return t.deliveries.Told(ctx, channel, news, t.now())
	case errors.Is(err, push.ErrGone):
		t.log.InfoContext(ctx, "subscription forgotten", "ticket", m.Ticket, "why", err.Error())
		return t.phones.Unsubscribe(ctx, m.Ticket, p.Place)
	case errors.Is(err, push.ErrRefused):
		t.log.ErrorContext(ctx, "phone not told", "event", m.Event, "error", err.Error())
		return t.deliveries.Release(ctx, channel, news, t.now())
	case errors.Is(err, push.ErrUnanswered):
		return errors.Join(err, t.deliveries.Doubt(ctx, channel, news, t.now()))
	}
	return errors.Join(err, t.deliveries.Release(ctx, channel, news, t.now()))
}

// delay puts a message back with a pause that grows, for as long as its queue keeps it, and not before a push service
// wants to be asked again.
func (t *teller) delay(ctx context.Context, r events.SQSMessage, err error) {
	wait := queue.Backoff(min(queue.Received(r), queue.Tries-1))
	if later, ok := errors.AsType[*push.Later](err); ok {
		wait = max(wait, later.After)
	}
	t.log.WarnContext(ctx, "message comes again", "message", r.MessageId, "received", queue.Received(r),
		"wait", wait.String(), "error", err.Error())
	if err := t.delayer.Delay(ctx, r, wait); err != nil {
		t.log.ErrorContext(ctx, "message not delayed", "message", r.MessageId, "error", err.Error())
	}
}
