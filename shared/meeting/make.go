package meeting

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"steledesk/shared/digest"
	"steledesk/shared/office"
)

// Order asks for a month's digest.
type Order struct {
	Month  digest.Month
	Now    time.Time
	By     string // the account that asks; empty: the schedule
	Reason string // why it is made anew, for the papers
}

// Draft is what papers are made from.
type Draft struct {
	Digest digest.Digest
	Office *office.Office
	// Lines are the cases the figures were counted from, in no order that means anything, without 举报 and decisions.
	// They may be read more than once and are never all in memory.
	Lines func() iter.Seq2[digest.Case, error]
}

// Maker makes digests.
type Maker struct {
	Editions  Editions
	Tickets   Tickets
	Files     Files
	Office    func(context.Context) (*office.Office, int, error)                                         // the data in force, and its version
	Decisions func(ctx context.Context, month digest.Month, cutOff time.Time) ([]digest.Decision, error) // what is to be told of earlier meetings
	Write     func(context.Context, Draft) ([]Paper, error)                                              // makes the papers
	Broken    func(ctx context.Context, number string, why error)                                        // is told of chains that do not hold
	Shards    int                                                                                        // of a month
	Width     int                                                                                        // tickets of a shard that are read at once
}

// ErrFuture is the error of a month that has not begun.
var ErrFuture = errors.New("the month has not begun")

// carry is the file of the numbers of cases that the next month follows.
const carry = "carry.jsonl"

// Make counts a month and gives its newest edition: a new one when there was none, or when the figures are others than
// those of the newest. made says which. It may be asked for again, by several at once, and be killed at any time:
//
//	count ─ write papers ─ store them, in a folder of their own ─ store the edition, if nobody stored one of its number
//	             ▲                                                     │ somebody did
//	             └─────────── their figures are others ────────────────┴─ theirs are the same: theirs it is
//
// A month before it that was never counted to its end is made first, so that what it left is followed. Errors: ErrFuture.
func (m *Maker) Make(ctx context.Context, order Order) (e Edition, made bool, err error) {
	if order.Now.Before(order.Month.Start()) {
		return Edition{}, false, ErrFuture
	}
	if err := m.catchUp(ctx, order); err != nil {
		return Edition{}, false, err
	}
	latest, err := m.latest(ctx, order.Month)
	if err != nil {
		return Edition{}, false, err
	}
	o, version, err := m.Office(ctx)
	if err != nil {
		return Edition{}, false, err
	}
	d := digest.Digest{Month: order.Month, Reason: order.Reason, Office: version}
	d.CutOff, d.Whole = cutOff(order, latest.Digest)
	parts, err := m.count(ctx, &d, o)
	if err != nil {
		return Edition{}, false, fmt.Errorf("count %s: %w", order.Month, err)
	}
	defer closeAll(parts)
	return m.store(ctx, order, latest, &making{Draft: draft(d, o, parts), parts: parts})
}

// catchUp makes the month before when that has tickets and was not counted to its end: its turn was missed, or many
// months are asked for at once and the queue has no order. Each that is made is stored: who is stopped goes on from there.
func (m *Maker) catchUp(ctx context.Context, order Order) error {
	before := order.Month.Before(1)
	latest, err := m.latest(ctx, before)
	if err != nil || latest.Digest.Whole {
		return err
	}
	any, err := m.anyIn(ctx, before)
	if err != nil || !any {
		return err
	}
	_, _, err = m.Make(ctx, Order{Month: before, Now: order.Now, By: order.By})
	return err
}

// anyIn reports whether any ticket was filed in a month.
func (m *Maker) anyIn(ctx context.Context, month digest.Month) (bool, error) {
	for shard := range m.Shards {
		for _, err := range m.Tickets.FiledIn(ctx, month.Start(), shard) {
			return err == nil, err
		}
	}
	return false, nil
}

// cutOff is until when the month is counted. It never goes back: who asks late for what was to be counted early gets
// what is true later.
func cutOff(order Order, latest digest.Digest) (at time.Time, whole bool) {
	at = order.Month.CutOff(order.Now)
	if latest.CutOff.After(at) {
		at = latest.CutOff
	}
	return at, at.Equal(order.Month.End())
}

// latest gives the zero Edition when there is none.
func (m *Maker) latest(ctx context.Context, month digest.Month) (Edition, error) {
	e, err := m.Editions.LatestEdition(ctx, month)
	if errors.Is(err, ErrNoEdition) {
		return Edition{}, nil
	}
	return e, err
}

// count fills in all figures.
func (m *Maker) count(ctx context.Context, d *digest.Digest, o *office.Office) ([]*part, error) {
	before, err := m.past(ctx, d)
	if err != nil {
		return nil, err
	}
	d.Decisions, err = m.Decisions(ctx, d.Month, d.CutOff)
	if err != nil {
		return nil, err
	}
	left, done, err := m.left(ctx, before)
	if err != nil {
		return nil, err
	}
	defer done()
	r := &reading{Maker: m, rules: o, month: d.Month, cutOff: d.CutOff}
	parts, err := r.all(ctx, left)
	if err != nil {
		return nil, err
	}
	sumUp(d, parts)
	d.Earlier.Known = before.Number > 0
	return parts, nil
}

func sumUp(d *digest.Digest, parts []*part) {
	var roots []string
	for _, p := range parts[:len(parts)-1] {
		roots = append(roots, p.root.Sum())
	}
	for _, p := range parts {
		d.Tally.Merge(p.tally)
		d.Earlier.Merge(p.earlier)
		d.Tickets += p.tickets
		d.Broken += p.broken
	}
	d.Root = digest.RootOf(roots)
}

// past fills in what the month is compared with, and gives the edition that tells what it follows: that of the month
// before, once that was counted to its end.
func (m *Maker) past(ctx context.Context, d *digest.Digest) (before Edition, err error) {
	for _, p := range []struct {
		ago int
		to  **digest.Past
	}{{12, &d.YearAgo}, {1, &d.MonthAgo}} {
		before, err = m.latest(ctx, d.Month.Before(p.ago))
		if err != nil {
			return Edition{}, err
		}
		if !before.Digest.Whole {
			before = Edition{}
			continue
		}
		*p.to = &digest.Past{Month: before.Month, All: before.Digest.Tally.All}
	}
	return before, nil
}

// left lists the numbers that the month before left; done frees what is being read.
func (m *Maker) left(ctx context.Context, before Edition) (numbers iter.Seq2[string, error], done func(), err error) {
	if before.Number == 0 {
		return func(func(string, error) bool) {}, func() {}, nil
	}
	body, err := m.Files.Get(ctx, before.Key(carry))
	if errors.Is(err, ErrNoFile) {
		return nil, nil, fmt.Errorf("read what %s left (asking for its digest again stores it anew): %w", before.Month, err)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read what %s left: %w", before.Month, err)
	}
	return read[string](body), func() { _ = body.Close() }, nil
}

func draft(d digest.Digest, o *office.Office, parts []*part) Draft {
	var lines []*spool[digest.Case]
	for _, p := range parts {
		lines = append(lines, p.lines)
	}
	return Draft{Digest: d, Office: o, Lines: func() iter.Seq2[digest.Case, error] { return joined(lines) }}
}

// making is an edition on its way.
type making struct {
	Draft
	parts []*part
}

// rivals is how many editions of others a making may meet.
const rivals = 10

// store makes the papers and stores them, and then the edition.
func (m *Maker) store(ctx context.Context, order Order, latest Edition, w *making) (Edition, bool, error) {
	for range rivals {
		if latest.Number > 0 && latest.Digest.CutOff.After(w.Digest.CutOff) {
			return latest, false, nil
		}
		if latest.Number > 0 && w.Digest.Same(latest.Digest) {
			return latest, false, m.mend(ctx, latest, w)
		}
		e := Edition{Month: order.Month, At: order.Now, By: order.By, Reason: order.Reason, Digest: w.Digest.After(latest.Digest)}
		e.Number = e.Digest.Edition
		err := m.storeOne(ctx, &e, w)
		if !errors.Is(err, ErrTaken) {
			return e, err == nil, err
		}
		if latest, err = m.latest(ctx, order.Month); err != nil {
			return Edition{}, false, err
		}
	}
	return Edition{}, false, fmt.Errorf("store edition of %s: %d others came first", order.Month, rivals)
}

// mend stores once more what an edition leaves to the next month: without it that one could never be counted.
func (m *Maker) mend(ctx context.Context, latest Edition, w *making) error {
	if !latest.Digest.CutOff.Equal(w.Digest.CutOff) {
		return nil
	}
	return m.storeCarry(ctx, latest, w.parts)
}

// storeOne stores the files of an edition and then the edition itself. ErrTaken.
func (m *Maker) storeOne(ctx context.Context, e *Edition, w *making) error {
	body, err := json.Marshal(e.Digest)
	if err != nil {
		return fmt.Errorf("encode digest: %w", err)
	}
	sum := sha256.Sum256(body)
	e.Hash = hex.EncodeToString(sum[:])
	if err := m.storeCarry(ctx, *e, w.parts); err != nil {
		return err
	}
	papers, err := m.Write(ctx, Draft{Digest: e.Digest, Office: w.Office, Lines: w.Lines})
	if err != nil {
		return fmt.Errorf("write papers: %w", err)
	}
	for _, p := range papers {
		if err := m.Files.Put(ctx, e.Key(p.Name), p.Type, bytes.NewReader(p.Body)); err != nil {
			return err
		}
		e.Papers = append(e.Papers, PaperRef{Name: p.Name, Type: p.Type, Size: len(p.Body)})
	}
	return m.Editions.PutEdition(ctx, *e)
}

func (m *Maker) storeCarry(ctx context.Context, e Edition, parts []*part) error {
	all, err := newSpool[string]()
	if err != nil {
		return err
	}
	defer all.close()
	var open []*spool[string]
	for _, p := range parts {
		open = append(open, p.open)
	}
	for number, err := range joined(open) {
		if err == nil {
			err = all.add(number)
		}
		if err != nil {
			return err
		}
	}
	if err := all.flush(); err != nil {
		return err
	}
	return m.Files.Put(ctx, e.Key(carry), "application/jsonl", io.NewSectionReader(all.file, 0, all.size))
}
