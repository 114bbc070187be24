package meeting

import (
	"context"
	"errors"
	"iter"
	"time"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/digest"
	"steledesk/shared/ticket"
)

// Tickets gives the tickets of a month and their events: *dynamo.Table.
type Tickets interface {
	// FiledIn lists the numbers of one shard of the tickets filed in the month of month, in the order of their numbers.
	FiledIn(ctx context.Context, month time.Time, shard int) iter.Seq2[string, error]
	// Records reads a ticket's events, oldest first, without words. None: there is no such ticket.
	Records(ctx context.Context, number string) ([]ticket.Record, error)
}

// reading is a month being read. What it remembers does not grow with the month; what does is spooled.
type reading struct {
	*Maker
	rules  digest.Rules
	month  digest.Month
	cutOff time.Time
}

// found is a ticket as it was read.
type found struct {
	digest.Case
	before digest.Case // what it was when the month began; of tickets of earlier months
	skip   bool        // it was filed after the cut-off
	broken bool        // its chain does not hold; what could be read of it is counted
}

// part is what one shard, or the earlier months, came to.
type part struct {
	tally   digest.Tally
	earlier digest.Earlier
	root    *digest.Root
	tickets int
	broken  int
	lines   *spool[digest.Case] // that may be shown: no 举报, no decision
	open    *spool[string]      // numbers that the next month follows
}

func newPart() (*part, error) {
	p := &part{root: digest.NewRoot()}
	var err error
	if p.lines, err = newSpool[digest.Case](); err != nil {
		return nil, err
	}
	if p.open, err = newSpool[string](); err != nil {
		p.lines.close()
		return nil, err
	}
	return p, nil
}

func (p *part) close() {
	p.lines.close()
	p.open.close()
}

func (p *part) flush() error { return errors.Join(p.lines.flush(), p.open.flush()) }

// month reads the shards of the month, and the tickets that the month before left, all side by side.
func (r *reading) all(ctx context.Context, left iter.Seq2[string, error]) (parts []*part, err error) {
	parts = make([]*part, r.Shards+1)
	for i := range parts {
		if parts[i], err = newPart(); err != nil {
			closeAll(parts)
			return nil, err
		}
	}
	g, ctx := errgroup.WithContext(ctx)
	for shard := range r.Shards {
		g.Go(func() error { return r.shard(ctx, shard, parts[shard]) })
	}
	g.Go(func() error { return r.earlier(ctx, left, parts[r.Shards]) })
	if err := g.Wait(); err != nil {
		closeAll(parts)
		return nil, err
	}
	return parts, nil
}

func closeAll(parts []*part) {
	for _, p := range parts {
		if p != nil {
			p.close()
		}
	}
}

func (r *reading) shard(ctx context.Context, shard int, p *part) error {
	for f, err := range inOrder(ctx, r.Tickets.FiledIn(ctx, r.month.Start(), shard), r.Width, r.ticket) {
		if err == nil && !f.skip {
			err = p.add(f)
		}
		if err != nil {
			return err
		}
	}
	return p.flush()
}

func (r *reading) earlier(ctx context.Context, left iter.Seq2[string, error], p *part) error {
	for f, err := range inOrder(ctx, left, r.Width, r.before) {
		if err == nil && !f.skip {
			p.earlier.AddEarlier(f.before, f.Case)
			err = p.follow(f.Case)
		}
		if err != nil {
			return err
		}
	}
	return p.flush()
}

// add counts a ticket of the month.
func (p *part) add(f found) error {
	p.tickets++
	p.root.Add(f.Number, f.Hash)
	if f.broken {
		p.broken++
	}
	if f.State == "" { // nothing of it could be read
		return nil
	}
	p.tally.Add(f.Case)
	if !f.Kind.Confidential() && f.Kind != ticket.Resolution {
		if err := p.lines.add(f.Case); err != nil {
			return err
		}
	}
	return p.follow(f.Case)
}

// follow keeps a case for the next month. 举报 are none of its business, and decisions follow their meeting.
func (p *part) follow(c digest.Case) error {
	if c.Settled || c.Kind.Confidential() || c.Kind == ticket.Resolution {
		return nil
	}
	return p.open.add(c.Number)
}

// ticket reads a ticket of the month.
func (r *reading) ticket(ctx context.Context, number string) (found, error) {
	events, broken, err := r.events(ctx, number)
	if err != nil {
		return found{}, err
	}
	f := found{Case: digest.Case{Number: number}, broken: broken}
	if len(events) == 0 {
		return f, nil
	}
	f.Case, err = digest.CaseOf(events, r.cutOff, r.rules)
	if errors.Is(err, digest.ErrLater) {
		return found{skip: true}, nil
	}
	return f, err
}

// before reads a ticket of an earlier month, as it was and as it is.
func (r *reading) before(ctx context.Context, number string) (found, error) {
	events, _, err := r.events(ctx, number)
	if err != nil || len(events) == 0 {
		return found{skip: true}, err
	}
	var f found
	if f.before, err = digest.CaseOf(events, r.month.Start(), r.rules); err == nil {
		f.Case, err = digest.CaseOf(events, r.cutOff, r.rules)
	}
	if errors.Is(err, digest.ErrLater) {
		return found{skip: true}, nil
	}
	return f, err
}

// events reads what a ticket's chain says. Of one that was broken it gives the events before the break, and whoever
// runs the desk is told.
func (r *reading) events(ctx context.Context, number string) (events []ticket.Event, broken bool, err error) {
	records, err := r.Tickets.Records(ctx, number)
	if err != nil {
		return nil, false, err
	}
	events, err = ticket.Chain(number, records)
	if err != nil {
		r.Broken(ctx, number, err)
	}
	return events, err != nil, nil
}
