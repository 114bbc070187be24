package meeting

import (
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/digest"
)

// ErrNoYear: no month of the year was counted.
var ErrNoYear = errors.New("no month of the year was counted")

// Latest reads digests: *dynamo.Table.
type Latest interface {
	// LatestEdition reads the newest edition of a month. ErrNoEdition.
	LatestEdition(ctx context.Context, month digest.Month) (Edition, error)
}

// Record is what there is to tell of a year.
type Record struct {
	Year      digest.Year
	Meetings  int // held in it
	Decisions int // that they made
}

// Bounds of reading a year: editions of the largest offices are megabytes each once they are unpacked.
const (
	abreast = 4
	putOff  = 6 // months after its month that a meeting is looked for
)

// Year sums a year up from the newest editions of its months, and compares it with those of the year before. Nothing of
// it is kept: it is as true as the editions are when it is asked for. ErrNoYear.
func (o *Office) Year(ctx context.Context, editions Latest, year int) (Record, error) {
	digests, err := newest(ctx, editions, slices.Concat(digest.MonthsOf(year-1), digest.MonthsOf(year)))
	if err != nil {
		return Record{}, err
	}
	r := Record{Year: digest.YearOf(year, digests)}
	if !r.Year.Counted() {
		return Record{}, ErrNoYear
	}
	return r, o.held(ctx, &r)
}

// newest reads the newest digest of each month that has one. Of the first twelve, which others are only compared with,
// the sums alone are kept.
func newest(ctx context.Context, editions Latest, months []digest.Month) ([]digest.Digest, error) {
	found := make([]digest.Digest, len(months))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(abreast)
	for i, m := range months {
		g.Go(func() error {
			e, err := editions.LatestEdition(ctx, m)
			if errors.Is(err, ErrNoEdition) {
				return nil
			}
			found[i] = e.Digest
			if i < 12 {
				found[i].Tally = digest.Tally{All: e.Digest.Tally.All}
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(d digest.Digest) bool { return d.Month == "" }), nil
}

// held counts the meetings that were held in the year, over whichever month, and what they decided.
func (o *Office) held(ctx context.Context, r *Record) error {
	months := digest.MonthsOf(r.Year.Year)
	last := months[len(months)-1]
	decided := make([]int, len(months)+putOff)
	for i := range decided {
		decided[i] = -1
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(width)
	for i := range decided {
		g.Go(func() error {
			m, err := o.Meetings.Meeting(ctx, last.Before(i))
			if errors.Is(err, ErrNoMeeting) || err == nil && (m.Status != Held || digest.MonthOf(m.When) < months[0] || digest.MonthOf(m.When) > last) {
				return nil
			}
			if err != nil {
				return err
			}
			all, err := o.Decisions.DecisionsOf(ctx, m.Month)
			decided[i] = len(all)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, n := range decided {
		if n >= 0 {
			r.Meetings, r.Decisions = r.Meetings+1, r.Decisions+n
		}
	}
	return nil
}
