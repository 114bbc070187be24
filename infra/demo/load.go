package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/digest"
	"steledesk/shared/dynamo"
	"steledesk/shared/seal"
	"steledesk/shared/visitor"
)

const (
	loaders = 8
	chunk   = 100 // tickets a loader stores at a time
)

// Table is what tickets are loaded into: *dynamo.Table.
type Table interface {
	Known(ctx context.Context, numbers []string) (map[string]bool, error)
	Load(ctx context.Context, tickets []dynamo.Whole) error
}

// Loaded is how far loading has come.
type Loaded struct {
	Month   digest.Month
	Tickets int // of all months; those that were there among them
	Events  int // stored
	There   int // tickets that were there already, and were left as they are
}

// Loader stores the tickets of a Desk.
type Loader struct {
	Table Table
	Keys  *seal.Keys   // seals the contacts
	Tell  func(Loaded) // is told after every chunk; one call at a time
}

// Load makes and stores all tickets of a desk. Tickets that are there stay as they are, so what was killed or failed is
// finished by loading the same again, also when people used the desk meanwhile.
func (l Loader) Load(ctx context.Context, d *Desk) (Loaded, error) {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(loaders)
	p := &progress{tell: l.Tell}
	err := chunks(ctx, d, func(m digest.Month, some []Ticket) {
		g.Go(func() error { return l.store(ctx, m, some, p) })
	})
	if failed := g.Wait(); failed != nil {
		err = failed
	}
	return p.sum, err
}

// chunks makes the tickets, some at a time.
func chunks(ctx context.Context, d *Desk, do func(digest.Month, []Ticket)) error {
	for _, m := range d.Months() {
		var some []Ticket
		for t, err := range d.Tickets(m) {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				return err
			}
			if some = append(some, t); len(some) == chunk {
				do(m, some)
				some = nil
			}
		}
		if len(some) > 0 {
			do(m, some)
		}
	}
	return nil
}

type progress struct {
	mu   sync.Mutex
	sum  Loaded
	tell func(Loaded)
}

func (p *progress) add(m digest.Month, tickets, events, there int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sum = Loaded{max(m, p.sum.Month), p.sum.Tickets + tickets, p.sum.Events + events, p.sum.There + there}
	if p.tell != nil {
		p.tell(p.sum)
	}
}

// store stores those of some that are not there.
func (l Loader) store(ctx context.Context, m digest.Month, some []Ticket, p *progress) error {
	numbers := make([]string, len(some))
	for i, t := range some {
		numbers[i] = t.Head.Number
	}
	known, err := l.Table.Known(ctx, numbers)
	if err != nil {
		return err
	}
	var missing []dynamo.Whole
	events := 0
	for _, t := range some {
		if known[t.Head.Number] {
			continue
		}
		w, err := l.whole(t)
		if err != nil {
			return err
		}
		missing, events = append(missing, w), events+len(t.Events)
	}
	if err := l.Table.Load(ctx, missing); err != nil {
		return err
	}
	p.add(m, len(some), events, len(some)-len(missing))
	return nil
}

func (l Loader) whole(t Ticket) (dynamo.Whole, error) {
	w := dynamo.Whole{Head: t.Head, Events: t.Events}
	if t.Contact == (visitor.Contact{}) {
		return w, nil
	}
	text, err := json.Marshal(t.Contact)
	if err != nil {
		return w, fmt.Errorf("encode contact: %w", err)
	}
	w.Contact = l.Keys.Seal(string(text), t.Head.Number)
	return w, nil
}

// What describes what a Spec makes, without until when it was lived: two that say the same make the same tickets.
func (s Spec) What() string {
	return fmt.Sprintf("--months %d --per-month %d --seed %d --until %s", s.Months, s.PerMonth, s.Seed, s.Until)
}

// Mark is What and until when it is lived, for the table to remember; Marked reads it.
func (s Spec) Mark() string { return s.What() + markNow + s.Now.Format(markLayout) }

const (
	markNow    = " now "
	markLayout = "2006-01-02T15:04:05Z07:00"
)

// Marked splits a mark into what was made and the time until when it was lived.
func Marked(mark string) (what, now string) {
	what, now, _ = strings.Cut(mark, markNow)
	return what, now
}
