package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/local/sqs"
	"steledesk/shared/account"
	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

const (
	backlog = 500 // tickets that are due at once, as after an outage
	loaders = 12
	loaded  = 200 // tickets a loader makes before it stores them
	rounds  = 50  // over how many of each work the middle is taken
)

// openTickets are the numbers of open tickets among which the desk is measured, up to the most.
func openTickets(most int) (sizes []int) {
	for size := 1_000; size <= most; size *= 10 {
		sizes = append(sizes, size)
	}
	return sizes
}

// scale prints what the desk's work costs among ever more open tickets, and draws it where a chart is wished. The engine
// is alone here, with the dispatch function beside it: the stream of what is loaded is not measured.
func (b *bench) scale(ctx context.Context) (err error) {
	folder, err := os.MkdirTemp("", "steledesk-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	queues, err := sqs.Open(filepath.Join(folder, "queues.sqlite"), sqs.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, queues.Close()) }()
	m := newMeter() // its own: the stack's functions go on beside
	e, err := startEngine(ctx, awsendpoint.Options{SQS: queues, Middleware: m.middleware})
	if err != nil {
		return err
	}
	defer e.close()
	w := &world{bench: b, meter: m, engine: e, filer: b.filer(), staff: &desk.Desk{
		Store: e.table, Offices: b.desk.Offices, Keys: b.staff.Keys, Audit: e.table,
	}, visitors: &visitor.Desk{Store: e.table, Offices: b.desk.Offices, Keys: b.desk.Keys}}
	if w.carrier, err = b.newCarrier(ctx, e); err != nil {
		return err
	}
	fmt.Println("## What the desk costs among many open tickets")
	fmt.Println()
	fmt.Println("| work | open tickets | AWS calls | capacity units | bytes back | p50 |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, size := range openTickets(b.most) {
		if err := w.grow(ctx, size); err != nil {
			return err
		}
		if err := w.measure(ctx); err != nil {
			return err
		}
	}
	fmt.Println()
	if b.chart == "" {
		return nil
	}
	return drawChart(b.chart, w.points)
}

// world is a table that fills up.
type world struct {
	bench    *bench
	meter    *meter
	engine   *engine
	filer    func(at time.Time) (dynamo.Whole, error)
	visitors *visitor.Desk
	staff    *desk.Desk
	carrier  *carrier
	receipt  visitor.Receipt // of one of the tickets
	size     int
	points   []point
}

// filer makes tickets as visitors file them, without storing them.
func (b *bench) filer() func(time.Time) (dynamo.Whole, error) {
	return func(at time.Time) (dynamo.Whole, error) {
		var c catcher
		d := visitor.Desk{Store: &c, Keys: b.desk.Keys, Offices: b.desk.Offices}
		_, err := d.File(context.Background(), rand.Text(), matter(), at)
		return c.whole, err
	}
}

// catcher is a store that keeps the ticket it was given last.
type catcher struct {
	visitor.Store
	whole dynamo.Whole
}

func (c *catcher) File(_ context.Context, f visitor.Filed) error {
	c.whole = dynamo.Whole{Head: f.Head, Events: []ticket.Event{f.Event}, Contact: f.Contact}
	return nil
}

// grow files tickets now until there are size.
func (w *world) grow(ctx context.Context, size int) error {
	return w.load(ctx, size-w.size, time.Now())
}

func (w *world) load(ctx context.Context, n int, at time.Time) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(loaders)
	for done := 0; done < n; done += loaded {
		all := make([]dynamo.Whole, min(loaded, n-done))
		for i := range all {
			var err error
			if all[i], err = w.filer(at); err != nil {
				return err
			}
		}
		g.Go(func() error { return w.engine.table.Load(ctx, all) })
		if done%100_000 == 0 && n >= 100_000 {
			fmt.Fprintf(os.Stderr, "Filling up to %d open tickets: %d …\n", w.size+n, w.size+done)
		}
	}
	w.size += n
	return g.Wait()
}

// measure prints the lines of one size. The backlog comes last and is answered for afterwards: it does not stay due.
func (w *world) measure(ctx context.Context) error {
	if err := w.file(ctx); err != nil {
		return err
	}
	if err := w.carrier.take(ctx, w.engine, w.receipt.Number); err != nil {
		return err
	}
	for _, part := range []struct {
		name string
		do   func() error
	}{
		{filing, func() error { return w.file(ctx) }},
		{looking, func() error { _, err := w.visitors.Read(ctx, w.receipt.Number, w.receipt.Code, time.Now()); return err }},
		{queuePage, func() error {
			_, err := w.staff.List(ctx, clerk, desk.Filter{}, "", 25, time.Now())
			return err
		}},
		{"the same, for the office over all sections", func() error {
			_, err := w.staff.List(ctx, officer, desk.Filter{}, "", 25, time.Now())
			return err
		}},
		{"a ticket, for its section", func() error { _, err := w.staff.Read(ctx, clerk, w.receipt.Number, time.Now()); return err }},
		{"a section's counts", func() error {
			_, err := w.staff.Count(ctx, clerk, "", time.Now())
			return err
		}},
		{dispatching, func() error { return w.carrier.carry(ctx) }},
		{sweeping, func() error { return w.sweep(ctx, 0) }},
	} {
		if err := part.do(); err != nil {
			return fmt.Errorf("%s among %d: %w", part.name, w.size, err)
		}
		if err := w.print(part.name, rounds, part.do); err != nil {
			return fmt.Errorf("%s among %d: %w", part.name, w.size, err)
		}
	}
	if err := w.load(ctx, backlog, time.Now().AddDate(0, 0, -10)); err != nil {
		return err
	}
	return w.print(fmt.Sprintf("a sweep with %d due", backlog), 1, func() error { return w.sweep(ctx, backlog) })
}

// The works that the chart shows.
const (
	filing      = "filing, with a contact"
	looking     = "a visitor's look at a ticket"
	queuePage   = "the first page of 25 of a section's queue"
	dispatching = "dispatch of a filing, the function's own process"
	sweeping    = "a sweep with nothing due"
)

func (w *world) file(ctx context.Context) (err error) {
	w.receipt, err = w.visitors.File(ctx, rand.Text(), matter(), time.Now())
	w.size++
	return err
}

var officer = account.Principal{Login: "office", Roles: []ticket.Role{ticket.OfficeStaff}, Sections: []string{ticket.OfficeSection}}

// print measures a work n times and prints the middle of its times, and what it costs in the mean.
func (w *world) print(name string, n int, do func() error) error {
	size, times := w.size, make([]time.Duration, n)
	w.meter.startAll()
	for i := range times {
		began := time.Now()
		if err := do(); err != nil {
			return err
		}
		times[i] = time.Since(began)
	}
	r := w.meter.stop()
	slices.Sort(times)
	p := point{work: name, size: size, units: r.capacity / float64(n), p50: middle(times)}
	w.points = append(w.points, p)
	fmt.Printf("| %s | %d | %s | %.4g | %d | %s |\n", name, size, r.per(n), p.units, r.received/n, ms(p.p50))
	return nil
}

// sweep does what a tick of functions/deadline does; want is how many tickets are due.
func (w *world) sweep(ctx context.Context, want int) error {
	now, done := time.Now(), 0
	o, _, err := w.bench.desk.Offices.Current(ctx)
	if err != nil {
		return err
	}
	for shard := range dynamo.AlarmShards {
		for number, err := range w.engine.table.Due(ctx, shard, now) {
			if err != nil {
				return err
			}
			if err := w.ring(ctx, o, number, now); err != nil {
				return fmt.Errorf("ring %s: %w", number, err)
			}
			done++
		}
	}
	if done != want {
		return fmt.Errorf("the clock did %d things, want %d", done, want)
	}
	return nil
}

func (w *world) ring(ctx context.Context, o *office.Office, number string, now time.Time) error {
	head, err := w.engine.table.Head(ctx, number)
	if err != nil {
		return err
	}
	alarm, err := o.Next(head, now)
	if err != nil {
		return err
	}
	if alarm.Command.Name == "" || alarm.At.After(now) { // as in functions/deadline: the alarm goes where it belongs by now
		return w.engine.table.SetAlarm(ctx, head, alarm.At)
	}
	after, events, err := ticket.Apply(head, alarm.Command, ticket.Moment{Now: now, Terms: o})
	if err != nil {
		return err
	}
	return w.engine.table.Append(ctx, head.Version, after, events)
}
