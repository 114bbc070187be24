package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Table keeps tickets and their alarms: *dynamo.Table.
type Table interface {
	Due(ctx context.Context, shard int, now time.Time) iter.Seq2[string, error]
	Head(ctx context.Context, number string) (ticket.Head, error)
	Append(ctx context.Context, version int, after ticket.Head, events []ticket.Event) error
	SetAlarm(ctx context.Context, h ticket.Head, at time.Time) error
	// Erase is Append that first deletes what people wrote, photographed and left to be reached by.
	Erase(ctx context.Context, version int, after ticket.Head, events []ticket.Event) error
}

// Offices gives the office data in force: *dynamo.OfficeCache.
type Offices interface {
	Current(ctx context.Context) (*office.Office, int, error)
	Settle()
}

const (
	// spare is the time kept at the end of an invocation: for the ticket at hand, and to say what is left.
	spare = 10 * time.Second
	// tries is how often a ticket is tried that others change meanwhile. After that the next tick finds it.
	tries = 5
)

// deadlines does what the clock has to do.
type deadlines struct {
	table   Table
	offices Offices
	log     *slog.Logger
	now     func() time.Time // of the machine: what is left of an invocation
}

// Swept is what a tick came to.
type Swept struct {
	Done   int  `json:"done"`
	Failed int  `json:"failed"`
	More   bool `json:"more"` // there was no time for all
}

// handle does all that is due at the time of the tick, the longest due first. What does not fit into the
// invocation is left to the next tick, and so is a ticket that fails; the error says that there was one. A tick that
// comes twice, or late, or beside another one does nothing twice: a step is an event of its ticket, and its head knows
// it.
func (d *deadlines) handle(ctx context.Context, e events.CloudWatchEvent) (Swept, error) {
	if e.Time.IsZero() {
		return Swept{}, errors.New("the event has no time: it is no schedule's")
	}
	defer d.offices.Settle()
	var shards [dynamo.AlarmShards]Swept
	var g errgroup.Group
	for shard := range shards {
		g.Go(func() (err error) {
			shards[shard], err = d.sweep(ctx, shard, e.Time)
			return err
		})
	}
	err := g.Wait()
	var all Swept
	for _, s := range shards {
		all = Swept{all.Done + s.Done, all.Failed + s.Failed, all.More || s.More}
	}
	d.log.InfoContext(ctx, "swept", "tick", e.Time, "done", all.Done, "failed", all.Failed, "more", all.More)
	if err == nil && all.Failed > 0 {
		err = fmt.Errorf("%d tickets failed; the log names each", all.Failed)
	}
	return all, err
}

// sweep goes through one shard of what is due.
func (d *deadlines) sweep(ctx context.Context, shard int, now time.Time) (Swept, error) {
	var s Swept
	for number, err := range d.table.Due(ctx, shard, now) {
		switch {
		case err != nil:
			return s, err
		case d.isLate(ctx):
			s.More = true
			return s, nil
		}
		if err := d.ring(ctx, number, now); err != nil {
			s.Failed++
			d.log.ErrorContext(ctx, "alarm not served", "ticket", number, "error", err.Error())
			continue
		}
		s.Done++
	}
	return s, nil
}

func (d *deadlines) isLate(ctx context.Context) bool {
	end, ok := ctx.Deadline()
	return ok && d.now().Add(spare).After(end)
}

// ring does what is due in one ticket, or moves its alarm to where it belongs by now.
func (d *deadlines) ring(ctx context.Context, number string, now time.Time) error {
	for range tries {
		err := d.serve(ctx, number, now)
		switch {
		case errors.Is(err, visitor.ErrNotFound): // listed a moment longer than it was there
			return nil
		case !errors.Is(err, visitor.ErrChanged):
			return err
		}
	}
	return fmt.Errorf("after %d tries: %w", tries, visitor.ErrChanged)
}

func (d *deadlines) serve(ctx context.Context, number string, now time.Time) error {
	head, err := d.table.Head(ctx, number)
	if err != nil {
		return err
	}
	o, _, err := d.offices.Current(ctx)
	if err != nil {
		return err
	}
	alarm, err := d.next(ctx, o, head, now)
	switch {
	case err != nil:
		return err
	case alarm.Command.Name != "" && !alarm.At.After(now):
		return d.apply(ctx, o, head, alarm.Command, now)
	case ticket.Instant(alarm.At).Equal(head.Alarm):
		return nil
	}
	return d.table.SetAlarm(ctx, head, alarm.At)
}

// next is what the clock does next to a ticket. One that is handled with another is left to it while that one's own
// reminders come in time for both; its lead is read when a step of its own is due, and not before.
func (d *deadlines) next(ctx context.Context, o *office.Office, head ticket.Head, now time.Time) (ticket.Alarm, error) {
	alarm, err := o.Next(head, now)
	rings := alarm.Command.Name != "" && !alarm.At.After(now)
	if err != nil || !rings || head.Lead == "" || !head.State.Open() {
		return alarm, err
	}
	lead, err := d.table.Head(ctx, head.Lead)
	if err != nil {
		return alarm, fmt.Errorf("read lead %s: %s", head.Lead, err) // not wrapped: a lead that is not there is a fault, and shows
	}
	if !office.Quiet(head, lead) {
		return alarm, nil
	}
	at, err := o.AfterQuiet(head, now)
	return ticket.Alarm{At: at}, err
}

func (d *deadlines) apply(ctx context.Context, o *office.Office, head ticket.Head, c ticket.Command, now time.Time) error {
	after, all, err := ticket.Apply(head, c, ticket.Moment{Now: now, Terms: o})
	if err != nil {
		return err
	}
	store := d.table.Append
	if c.Name == ticket.Erase {
		store = d.table.Erase
	}
	if err := store(ctx, head.Version, after, all); err != nil {
		return err
	}
	d.log.InfoContext(ctx, "done", "ticket", head.Number, "what", all[0].What, "step", c.Step, "told", c.Told)
	return nil
}
