package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/dynamo"
	"steledesk/shared/outcome"
	"steledesk/shared/push"
	"steledesk/shared/queue"
	"steledesk/shared/seal"
	"steledesk/shared/visitor"
)

// Phones keeps where a ticket's news is heard: *dynamo.Table.
type Phones interface {
	Phones(ctx context.Context, number string, now time.Time) ([]dynamo.Phone, error)
	Unsubscribe(ctx context.Context, number, place string) error
}

// Deliveries remembers which phone was told of what, as notify does of channels: *dynamo.Table.
type Deliveries interface {
	Claim(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time, lease time.Duration) (dynamo.Claimed, error)
	Told(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time) error
	Release(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time) error
	Doubt(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time) error
}

// Opener opens what was sealed: *seal.Keys. Errors: seal.ErrUnread while it may still open later.
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
	stack      string // whose outcomes are counted
	log        *slog.Logger
	now        func() time.Time
}

// letter is one message of a batch and what became of it.
type letter struct {
	events.SQSMessage
	message queue.Message // nothing when it cannot be read
	err     error
}

// errUnreadable: a message will not get better, and the ticket's page says it all.
var errUnreadable = errors.New("message cannot be read")

// handle tells one batch, all of its phones at the same time: none waits for another's push service. A message comes
// again unless each phone was told or will never be, and is a dead letter in the end.
func (t *teller) handle(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
	letters := make([]letter, len(e.Records))
	var all sync.WaitGroup
	for i, r := range e.Records {
		all.Go(func() { letters[i] = t.tell(ctx, r) })
	}
	all.Wait()
	var again, numbers []string
	givenUp := 0.0
	for _, l := range letters {
		if l.message.Ticket != "" {
			numbers = append(numbers, l.message.Ticket)
		}
		if l.err == nil {
			continue
		}
		again = append(again, l.MessageId)
		t.delay(ctx, l)
		if queue.Received(l.SQSMessage) >= queue.VisitorTries {
			givenUp++
		}
	}
	t.log.InfoContext(ctx, "told", "messages", len(e.Records), "again", len(again), "tickets", queue.Tickets(numbers))
	if givenUp > 0 {
		outcome.Write(ctx, t.log, t.stack, t.now(), outcome.Counts{outcome.GivenUp: givenUp})
	}
	return queue.Failures(again), nil
}

// tell tells the phones of one message's ticket.
func (t *teller) tell(ctx context.Context, r events.SQSMessage) letter {
	m, err := queue.ParseMessage(r.Body)
	if err != nil {
		return letter{SQSMessage: r, err: fmt.Errorf("%w: %w", errUnreadable, err)}
	}
	return letter{r, m, t.tellAll(ctx, m, r.MessageId)}
}

func (t *teller) tellAll(ctx context.Context, m queue.Message, holder string) error {
	phones, err := t.phones.Phones(ctx, m.Ticket, t.now())
	if err != nil {
		return err
	}
	failed := make([]error, len(phones))
	var all sync.WaitGroup
	for i, p := range phones {
		all.Go(func() { failed[i] = t.tellPhone(ctx, m, p, holder) })
	}
	all.Wait()
	return errors.Join(failed...)
}

func (t *teller) tellPhone(ctx context.Context, m queue.Message, p dynamo.Phone, holder string) error {
	to, err := visitor.OpenSubscription(t.keys, p.Sealed, m.Ticket)
	if errors.Is(err, seal.ErrUnread) { // it may open at the next try, and a subscription that is deleted never comes back
		return err
	}
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
		t.log.ErrorContext(ctx, "phone not told", "ticket", m.Ticket, "seq", m.Seq, "error", err.Error())
		return t.deliveries.Release(ctx, channel, news, t.now())
	case errors.Is(err, push.ErrUnanswered):
		return errors.Join(err, t.deliveries.Doubt(ctx, channel, news, t.now()))
	}
	return errors.Join(err, t.deliveries.Release(ctx, channel, news, t.now()))
}

// delay puts a message back with a pause that grows, for as long as its queue keeps it, and not before a push service
// wants to be asked again. One that cannot be read has no pause: nothing is gained until it is a dead letter. It is said
// once.
func (t *teller) delay(ctx context.Context, l letter) {
	received := queue.Received(l.SQSMessage)
	wait := queue.BackoffOf(received, queue.VisitorTries)
	log := t.log.With("messageId", l.MessageId)
	if l.message.Ticket != "" {
		log = log.With("ticket", l.message.Ticket, "seq", l.message.Seq)
	}
	if later, ok := errors.AsType[*push.Later](l.err); ok {
		wait = max(wait, later.After)
	}
	switch {
	case !errors.Is(l.err, errUnreadable):
		log.WarnContext(ctx, "message comes again", "received", received, "wait", wait.String(), "error", l.err.Error())
	case received == 1:
		log.ErrorContext(ctx, "message becomes a dead letter", "error", l.err.Error())
		wait = 0
	default:
		wait = 0
	}
	if err := t.delayer.Delay(ctx, l.SQSMessage, wait); err != nil {
		log.ErrorContext(ctx, "message not delayed", "error", err.Error())
	}
}
