package desk

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/account"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Bounds of one call, whatever the queues hold.
const (
	maxExamined = 400 // rows looked at for one page
	maxCounted  = 200 // open tickets counted
)

// Page is a part of a list.
type Page struct {
	Rows []Row
	Next string // the cursor to go on with; empty at the end. A page may be short, and even empty, before the end
}

// List gives up to limit of the tickets that who may see and f asks for: open ones soonest due first, ended ones
// latest due first. Words that are a ticket number give that ticket. Errors: ErrCursor.
func (d *Desk) List(ctx context.Context, who account.Principal, f Filter, cursor string, limit int, now time.Time) (Page, error) {
	o, _, err := d.Offices.Current(ctx)
	if err != nil {
		return Page{}, err
	}
	if number, err := ticket.ParseNumber(f.Words); err == nil {
		return d.numbered(ctx, who, number)
	}
	after, err := decodeCursor(cursor)
	if err != nil {
		return Page{}, err
	}
	m := d.merge(f.queues(who, o), Slice{Open: !f.Ended, After: after, Until: f.until(now), Limit: limit})
	sieve, page := f.sieve(who, o, now), Page{}
	for examined := 0; ; examined++ {
		if len(page.Rows) == limit || examined == maxExamined {
			page.Next = encodeCursor(after)
			return page, nil
		}
		row, more, err := m.next(ctx)
		if err != nil || !more {
			return page, err
		}
		after = row.Place
		if f.over(after) {
			return page, nil
		}
		if sieve.passes(row) {
			page.Rows = append(page.Rows, row)
		}
	}
}

// numbered gives the ticket of a number, when it is there for who.
func (d *Desk) numbered(ctx context.Context, who account.Principal, number string) (Page, error) {
	s, err := d.Store.Ticket(ctx, number)
	if errors.Is(err, visitor.ErrNotFound) || err == nil && !who.Sees(s.Head) {
		return Page{}, nil
	}
	if err != nil {
		return Page{}, err
	}
	gist, err := gistOf(s)
	return Page{Rows: []Row{{Head: s.Head, Gist: gist}}}, err
}

func gistOf(s visitor.Stored) (string, error) {
	filed, err := s.Records[0].Event()
	if err != nil || filed.Words == nil {
		return "", err
	}
	return visitor.Gist(filed.Words.Text), nil
}

// Counts is how much there is to do.
type Counts struct {
	Open, Unsigned, DueToday, Overdue, Urgent int
	Capped                                    bool // there is more: only the soonest due were counted
}

// Count counts the open tickets that who may see, of one section when it is given.
func (d *Desk) Count(ctx context.Context, who account.Principal, section string, now time.Time) (Counts, error) {
	o, _, err := d.Offices.Current(ctx)
	if err != nil {
		return Counts{}, err
	}
	f := Filter{Section: section}
	m := d.merge(f.queues(who, o), Slice{Open: true, Limit: maxCounted})
	sieve, c := f.sieve(who, o, now), Counts{}
	for examined := 0; examined < maxExamined; examined++ {
		row, more, err := m.next(ctx)
		if err != nil || !more {
			return c, err
		}
		if !sieve.passes(row) {
			continue
		}
		if c.Open == maxCounted {
			break
		}
		c.add(row.Head, now)
	}
	c.Capped = true
	return c, nil
}

func (c *Counts) add(h ticket.Head, now time.Time) {
	class := DueClass(h, now)
	for n, so := range map[*int]bool{
		&c.Open: true, &c.Unsigned: unsigned(h), &c.DueToday: class == Today,
		&c.Overdue: class == Overdue, &c.Urgent: h.Urgent,
	} {
		if so {
			*n++
		}
	}
}

// unsigned reports whether a ticket waits to be signed for; one that is handled with another does not.
func unsigned(h ticket.Head) bool { return h.State == ticket.Assigned && h.Lead == "" }

// queues lists the sections in whose queues something may be that who may see and f asks for. What the office has to
// decide on is in the office's queue, whichever section is responsible.
func (f Filter) queues(who account.Principal, o *office.Office) []string {
	var all []string
	if who.Is(ticket.OfficeStaff) || who.Is(ticket.Leader) {
		for _, s := range o.Sections {
			if s.ID != ticket.DisciplineSection {
				all = append(all, s.ID)
			}
		}
	}
	if who.Is(ticket.SectionStaff) {
		all = append(append(all, who.Sections...), ticket.OfficeSection)
	}
	if who.Is(ticket.Discipline) {
		all = append(all, ticket.DisciplineSection)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	switch f.State {
	case ticket.Triage, ticket.Returned, ticket.Review: // nobody but the office and discipline has such a ticket
		all = slices.DeleteFunc(all, func(id string) bool { return id != ticket.OfficeSection && id != ticket.DisciplineSection })
	}
	if f.Section == "" {
		return all
	}
	return slices.DeleteFunc(all, func(id string) bool { return id != f.Section && id != ticket.OfficeSection })
}

// merger reads several queues as one.
type merger struct {
	store   Store
	open    bool
	strands []*strand
}

// strand is what was read of one queue and not given yet.
type strand struct {
	slice Slice
	rows  []Row
	more  bool
}

// merge begins to read queues; of is the slice that all of them together are to give.
func (d *Desk) merge(sections []string, of Slice) *merger {
	m := &merger{store: d.Store, open: of.Open}
	share := of.Limit
	if len(sections) > 1 { // each gives a part of the page; where it gives more, it is read again
		share = of.Limit/len(sections) + 5
	}
	for _, section := range sections {
		s := of
		s.Section, s.Limit = section, share
		m.strands = append(m.strands, &strand{slice: s, more: true})
	}
	return m
}

// next gives the next row of all queues.
func (m *merger) next(ctx context.Context) (Row, bool, error) {
	if err := m.fill(ctx); err != nil {
		return Row{}, false, err
	}
	var first *strand
	for _, s := range m.strands {
		if len(s.rows) > 0 && (first == nil || (s.rows[0].Place < first.rows[0].Place) == m.open) {
			first = s
		}
	}
	if first == nil {
		return Row{}, false, nil
	}
	row := first.rows[0]
	first.rows = first.rows[1:]
	return row, true, nil
}

// fill reads on in every queue of which nothing is at hand, side by side.
func (m *merger) fill(ctx context.Context) error {
	var group *errgroup.Group
	for _, s := range m.strands {
		if len(s.rows) > 0 || !s.more {
			continue
		}
		if group == nil {
			group, ctx = errgroup.WithContext(ctx)
		}
		group.Go(func() error { return s.read(ctx, m.store) })
	}
	if group == nil {
		return nil
	}
	return group.Wait()
}

func (s *strand) read(ctx context.Context, store Store) error {
	part, err := store.QueueSlice(ctx, s.slice)
	if err != nil {
		return fmt.Errorf("read queue of %s: %w", s.slice.Section, err)
	}
	s.rows, s.more = part.Rows, part.More
	if n := len(s.rows); n > 0 {
		s.slice.After = s.rows[n-1].Place
	} else {
		s.more = false
	}
	return nil
}

// A cursor is the place of the last row that was looked at: it means the same in every queue, and gives nobody more
// to see than they may.
var place = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z#[A-Z]{2}-[0-9A-Z]{8}$`)

func encodeCursor(place string) string { return base64.RawURLEncoding.EncodeToString([]byte(place)) }

func decodeCursor(cursor string) (string, error) {
	if cursor == "" {
		return "", nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || !place.Match(b) {
		return "", ErrCursor
	}
	return string(b), nil
}
