package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/account"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// Bounds of a board: rows read of each queue, and queues read at a time.
const (
	maxRated  = 100 // ended tickets of a section that its rates are of: those that were due last
	maxAtOnce = 8
)

// Standing is how a section stands: what it has to do, and how its last tickets ended.
type Standing struct {
	Section string
	Counts
	Returned int // open matters it sent back, which the office has not decided on
	Rates
}

// Rates are of a section's ended tickets that were due last, after 考核 practice.
type Rates struct {
	InTime    Rate // answered by the answer-by time, of those that had one and an answer
	Satisfied Rate // rated 3 (基本满意) or better, of those rated; praise, enquiries, reports and invalid ones are not counted
	Reopened  Rate // handled more than once, of those answered
}

// Rate is how many of how many.
type Rate struct{ Met, Of int }

// fewest is of how many a rate is told: of fewer it says more about one visitor than about a section.
const fewest = 5

// Share gives the rate as a part of one; false when it is of too few to be told.
func (r Rate) Share() (float64, bool) {
	if r.Of < fewest {
		return 0, false
	}
	return float64(r.Met) / float64(r.Of), true
}

func (r *Rate) add(counts, met bool) {
	if counts {
		r.Of++
		if met {
			r.Met++
		}
	}
}

// RatesOf works out the rates of ended tickets.
func RatesOf(ended []ticket.Head) Rates {
	var r Rates
	for _, h := range ended {
		answered := h.State == ticket.Answered || h.State == ticket.Closed
		r.InTime.add(answered && !h.AnsweredAt.IsZero() && !h.Due.AnswerBy.IsZero(), !h.AnsweredAt.After(h.Due.AnswerBy))
		r.Satisfied.add(answered && ratable(h) && h.Satisfaction > 0, h.Satisfaction >= 3)
		r.Reopened.add(answered, h.Round > 1)
	}
	return r
}

func ratable(h ticket.Head) bool {
	switch h.Kind {
	case ticket.Praise, ticket.Enquiry, ticket.Report:
		return false
	}
	return h.Outcome != ticket.Invalid
}

// standing works out how a section stands from open tickets, of whichever sections, and its own ended ones.
func standing(section string, open, ended []ticket.Head, now time.Time) Standing {
	s := Standing{Section: section, Rates: RatesOf(ended)}
	for _, h := range open {
		if h.Section == section {
			s.add(h, now)
			if h.State == ticket.Returned {
				s.Returned++
			}
		}
	}
	return s
}

// Board tells how each section stands that who oversees: all but discipline for the office and its leaders, discipline
// for itself, in the order of the office data. Two queries for each section, and no more than 200 open and 100 ended
// tickets of each are looked at.
func (d *Desk) Board(ctx context.Context, who account.Principal, now time.Time) ([]Standing, error) {
	o, _, err := d.Offices.Current(ctx)
	if err != nil {
		return nil, err
	}
	sections := overseen(who, o)
	read, err := d.boardQueues(ctx, who, sections)
	if err != nil {
		return nil, err
	}
	var open []ticket.Head
	capped := map[string]bool{}
	for section, q := range read {
		open = append(open, q.open...)
		capped[section] = q.more
	}
	out := make([]Standing, len(sections))
	for i, section := range sections {
		out[i] = standing(section, open, read[section].ended, now)
		// what the office is to decide on stands in the office's queue, whichever section's it is
		out[i].Capped = capped[section] || capped[ticket.OfficeSection]
	}
	return out, nil
}

func overseen(who account.Principal, o *office.Office) []string {
	all := who.Is(ticket.OfficeStaff) || who.Is(ticket.Leader)
	var out []string
	for _, s := range o.Sections {
		if s.ID == ticket.DisciplineSection && who.Is(ticket.Discipline) || s.ID != ticket.DisciplineSection && all {
			out = append(out, s.ID)
		}
	}
	return out
}

// boardQueue is what a board looks at of a section's queue.
type boardQueue struct {
	open, ended []ticket.Head
	more        bool // there are more open ones
}

func (d *Desk) boardQueues(ctx context.Context, who account.Principal, sections []string) (map[string]*boardQueue, error) {
	read := map[string]*boardQueue{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxAtOnce)
	for _, section := range sections {
		q := &boardQueue{}
		read[section] = q
		group.Go(func() (err error) {
			q.open, q.more, err = d.heads(ctx, who, Slice{Section: section, Open: true, Limit: maxCounted})
			return err
		})
		group.Go(func() (err error) {
			q.ended, _, err = d.heads(ctx, who, Slice{Section: section, Limit: maxRated})
			return err
		})
	}
	return read, group.Wait()
}

// heads reads the tickets of a slice that who may see.
func (d *Desk) heads(ctx context.Context, who account.Principal, s Slice) ([]ticket.Head, bool, error) {
	part, err := d.Store.QueueSlice(ctx, s)
	if err != nil {
		return nil, false, fmt.Errorf("read queue of %s: %w", s.Section, err)
	}
	rows := slices.DeleteFunc(part.Rows, func(r Row) bool { return !who.Sees(r.Head) || r.Head.State.Open() != s.Open })
	heads := make([]ticket.Head, len(rows))
	for i, r := range rows {
		heads[i] = r.Head
	}
	return heads, part.More, nil
}
