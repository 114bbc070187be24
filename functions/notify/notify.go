package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/channel"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/outcome"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
)

// Deliveries remembers which channel was told of what: *dynamo.Table.
type Deliveries interface {
	Claim(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time, lease time.Duration) (dynamo.Claimed, error)
	Told(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time) error
	Release(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time) error
	Doubt(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time) error
	TakeTurn(ctx context.Context, bot string, now time.Time, gap time.Duration) (time.Duration, error)
}

// Offices gives the office data in force: *dynamo.OfficeCache.
type Offices interface {
	Current(ctx context.Context) (*office.Office, int, error)
	Settle()
}

// Sender sends news to a channel: *channel.Sender.
type Sender interface {
	Send(ctx context.Context, c channel.Channel, n channel.News) error
}

// Delayer puts a failed message back for a while: *queue.Delayer.
type Delayer interface {
	Delay(ctx context.Context, m events.SQSMessage, wait time.Duration) error
}

const (
	// lease is how long a sender has an event to itself, should another message carry the same
	// event: longer than the function may run and clocks may differ. A sender's own message does not
	// wait for it when it is handed out again.
	lease = 8 * time.Minute
	// unnoted is how long a message waits whose event was told and not noted.
	unnoted = 90 * time.Second
	// noteTries is how often a note is tried, beyond the SDK's own tries: what is told and not noted
	// is told twice.
	noteTries = 4
	// spare is the time kept at the end of an invocation: to send one message, which a channel may
	// take ten seconds for, and to note what came of it.
	spare = 15 * time.Second
)

// notifier tells sections what came into their queues.
type notifier struct {
	prefix     string // of the sections' queues
	offices    Offices
	open       func(office.Channel) (office.Channel, error) // makes its sealed address readable
	deliveries Deliveries
	sender     Sender
	delayer    Delayer
	stack      string // whose outcomes are counted
	log        *slog.Logger
	now        func() time.Time
	wait       func(context.Context, time.Duration) error
}

// handle tells one batch. A message comes again unless every channel of the section was told of it.
func (n *notifier) handle(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
	if len(e.Records) == 0 {
		return queue.Failures(nil), nil
	}
	defer n.offices.Settle()
	section, ours := strings.CutPrefix(queue.Name(e.Records[0]), n.prefix)
	if !ours { // acknowledged here, it would be lost
		return events.SQSEventResponse{}, fmt.Errorf("queue %s is no section's: its name does not begin with %s",
			queue.Name(e.Records[0]), n.prefix)
	}
	b := n.read(ctx, section, e.Records)
	if len(b.messages) > 0 {
		if err := n.tell(ctx, b); err != nil {
			b.failAll(err)
		}
	}
	n.noteCanaries(ctx, b)
	return n.settle(ctx, b, e.Records), nil
}

// noteCanaries writes down that the desk's own trials got as far as here.
func (n *notifier) noteCanaries(ctx context.Context, b *burst) {
	if len(b.canaries) == 0 {
		return
	}
	if err := n.deliveries.Told(ctx, dynamo.CanaryChannel, b.canaries, n.now()); err != nil {
		b.fail(b.canaries, err, 0)
	}
}

func (n *notifier) read(ctx context.Context, section string, records []events.SQSMessage) *burst {
	b := &burst{
		section: section, messages: map[string]queue.Message{}, about: map[string]queue.Message{}, origin: map[string][]events.SQSMessage{},
		failed: map[string]error{}, pause: map[string]time.Duration{}, counts: outcome.Counts{},
	}
	for _, r := range records {
		if sent := queue.Sent(r); sent.After(b.sent) {
			b.sent = sent
		}
		m, err := parse(r.Body)
		if err == nil && !channel.Known(string(m.What)) {
			err = fmt.Errorf("event %s: %q is nothing this version can tell", m.Event, m.What)
		}
		b.about[r.MessageId] = readable(m, err)
		switch {
		case err != nil:
			b.failed[r.MessageId] = err
		case m.Canary:
			b.canaries = append(b.canaries, dynamo.Delivery{Event: m.Event, At: m.At, Holder: r.MessageId})
			b.origin[m.Event] = append(b.origin[m.Event], r)
		case tells(m, b.section):
			b.messages[m.Event] = m
			b.origin[m.Event] = append(b.origin[m.Event], r)
		}
	}
	n.log.InfoContext(ctx, "received", "section", b.section, "messages", len(records), "news", len(b.messages), "tickets", ticketsOf(b.about))
	return b
}

func (n *notifier) tell(ctx context.Context, b *burst) error {
	o, _, err := n.offices.Current(ctx)
	if err != nil {
		return err
	}
	n.tellSection(ctx, b, o)
	if papers := b.papers(); b.section == ticket.OfficeSection && len(papers.messages) > 0 {
		n.tellSection(ctx, papers, o)
	}
	return nil
}

func (n *notifier) tellSection(ctx context.Context, b *burst, o *office.Office) {
	for _, c := range o.ChannelsOf(b.section) {
		opened, err := n.open(c)
		if err != nil { // the section's other channels are told all the same
			n.log.ErrorContext(ctx, "channel not opened", "section", b.section, "channel", c.ID, "tickets", ticketsOf(b.messages), "error", err.Error())
			b.failAll(err)
			continue
		}
		n.tellChannel(ctx, b, o, channel.Of(opened))
	}
}

func (n *notifier) tellChannel(ctx context.Context, b *burst, o *office.Office, c channel.Channel) {
	claimed, err := n.deliveries.Claim(ctx, c.ID, b.deliveries(), n.now(), lease)
	if err != nil {
		n.log.ErrorContext(ctx, "delivery not claimed", "section", b.section, "channel", c.ID, "tickets", ticketsOf(b.messages), "error", err.Error())
		b.failAll(err)
		return
	}
	b.fail(claimed.Busy, errors.New("another sender is telling it"), 0)
	n.send(ctx, b, o, c, claimed.Fresh, false)
	n.send(ctx, b, o, c, claimed.Repeat, true)
}

func (n *notifier) send(ctx context.Context, b *burst, o *office.Office, c channel.Channel, all []dynamo.Delivery, repeat bool) {
	if len(all) == 0 {
		return
	}
	news := channel.News{Section: b.section, SectionName: o.SectionName(b.section, c.Language), Repeat: repeat, Now: b.sent}
	for _, d := range all {
		news.Items = append(news.Items, item(b.messages[d.Event], o, c.Language))
	}
	err := n.turn(ctx, c)
	if err != nil {
		err = fmt.Errorf("wait for the turn of %s: %w", c, err)
	} else {
		err = n.sender.Send(ctx, c, news)
	}
	n.note(ctx, b, c, all, repeat, err)
}

// note writes down what came of a sending, and says so in the log.
func (n *notifier) note(ctx context.Context, b *burst, c channel.Channel, all []dynamo.Delivery, repeat bool, err error) {
	write := n.deliveries.Told
	switch {
	case err == nil:
	case repeat || unanswered(err):
		write = n.deliveries.Doubt
	default:
		write = n.deliveries.Release
	}
	if err != nil {
		b.fail(all, err, channel.RetryAfter(err))
		b.counts[outcome.NotTold] += float64(len(all))
		n.log.ErrorContext(ctx, "section not told", "section", b.section, "channel", c.ID, "events", len(all), "tickets", b.tickets(all), "error", err.Error())
	} else {
		b.counts[outcome.Told] += float64(len(all))
		log := n.log
		if repeat {
			log = log.With("repeat", true)
		}
		log.InfoContext(ctx, "section told", "section", b.section, "channel", c.ID, "events", len(all), "tickets", b.tickets(all))
	}
	if err := n.insist(ctx, func() error { return write(ctx, c.ID, all, n.now()) }); err != nil {
		b.fail(all, err, unnoted) // whoever is handed the message next says that it may be a repeat
		n.log.ErrorContext(ctx, "delivery not noted", "section", b.section, "channel", c.ID, "tickets", b.tickets(all), "error", err.Error())
	}
}

// insist does what must not fail for a moment's trouble.
func (n *notifier) insist(ctx context.Context, do func() error) error {
	err := do()
	for try := 1; err != nil && try < noteTries; try++ {
		if n.wait(ctx, 100*time.Millisecond<<try) != nil {
			return err
		}
		err = do()
	}
	return err
}

// unanswered reports whether it is not known what the channel did: there was no answer.
func unanswered(err error) bool {
	var e *channel.Error
	return errors.As(err, &e) && e.Reason == nil && e.Status == 0
}

// turn waits for the channel's turn, for as long as the invocation lasts.
func (n *notifier) turn(ctx context.Context, c channel.Channel) error {
	first := time.Duration(0)
	if c.Kind == channel.Feishu {
		first = channel.Avoid(n.now())
	}
	if err := n.pauseFor(ctx, first); err != nil {
		return err
	}
	for {
		wait, err := n.deliveries.TakeTurn(ctx, c.ID, n.now(), c.Gap())
		if err != nil || wait == 0 {
			return err
		}
		if err := n.pauseFor(ctx, wait); err != nil {
			return err
		}
	}
}

// pauseFor waits, unless that leaves too little of the invocation to send anything.
func (n *notifier) pauseFor(ctx context.Context, wait time.Duration) error {
	if end, ok := ctx.Deadline(); ok && n.now().Add(wait+spare).After(end) {
		return errors.New("no turn within the time of this invocation")
	}
	if wait <= 0 {
		return nil
	}
	return n.wait(ctx, wait)
}
