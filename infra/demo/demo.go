// Package demo makes up the tickets of a desk's months, as many as wished: for a stack that is to be looked at, for
// tests and for measuring. Every ticket is lived through ticket.Apply with the office's rules and its clock, so its
// chain holds, its deadlines are right and its alarm is the one the clock would have set.
//
// The same Spec gives the same tickets, byte for byte. Nothing is kept: however many there are, one group of tickets
// that were linked is in memory at a time.
//
// Nobody in it is real: no name is made up, phones begin with 000, which no phone does, and texts are put together
// from the phrases of words.json.
package demo

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"steledesk/shared/digest"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/workday"
)

// Bounds of a Spec.
const (
	MaxMonths   = 120
	MaxPerMonth = 200_000
)

// Spec says what is made.
type Spec struct {
	Until    digest.Month // the last month
	Months   int          // how many, that one among them
	PerMonth int          // tickets a month over all of them; busy seasons have more, quiet ones less
	Seed     uint64
	Now      time.Time      // until when lives are lived: what would happen later is left undone
	Office   *office.Office // its rules, sections, categories and spots; nil: the built-in data
	Version  int            // of the office data, as events say it
}

// Ticket is a ticket as far as it was lived.
type Ticket struct {
	Head    ticket.Head
	Events  []ticket.Event  // oldest first
	Contact visitor.Contact // made up, and says so; zero for anonymous ones
}

// Desk makes the tickets of a Spec. Many may use it at once.
type Desk struct {
	spec    Spec
	office  *office.Office
	words   *phrases
	matters map[ticket.Kind][]matter
	habits  map[string]habits // of sections
	counts  []int             // tickets of each day, from the first of the first month
	works   []bool            // which days are worked, from there to well after now
	from    time.Time
}

// New checks a Spec. The error says what is wrong and what would be right.
func New(spec Spec) (*Desk, error) {
	if spec.Office == nil {
		spec.Office = office.Default()
	}
	if err := spec.check(); err != nil {
		return nil, err
	}
	d := &Desk{spec: spec, office: spec.Office, words: read(), from: spec.first().Start()}
	if d.matters = d.known(); len(d.matters[ticket.Complaint]) == 0 {
		return nil, errors.New("the office data has none of the categories that there are texts for: they are those of the built-in data")
	}
	if err := d.count(); err != nil {
		return nil, err
	}
	d.habits = d.habitsOf()
	return d, nil
}

func (s Spec) first() digest.Month { return s.Until.Before(s.Months - 1) }

func (s Spec) check() error {
	switch {
	case s.Months < 1 || s.Months > MaxMonths:
		return fmt.Errorf("%d months: want 1 to %d", s.Months, MaxMonths)
	case s.PerMonth < 1 || s.PerMonth > MaxPerMonth:
		return fmt.Errorf("%d tickets a month: want 1 to %d", s.PerMonth, MaxPerMonth)
	}
	if _, err := digest.ParseMonth(string(s.Until)); err != nil {
		return err
	}
	if !s.Until.Start().Before(s.Now) {
		return fmt.Errorf("the last month, %s, has not begun by %s", s.Until, s.Now.In(ticket.Zone).Format(time.DateOnly))
	}
	calendar, err := s.Office.Calendar()
	if err != nil {
		return err
	}
	for _, day := range []time.Time{s.first().Start(), s.Until.End().Add(-1)} {
		if !slices.Contains(calendar.Years(), day.Year()) {
			return fmt.Errorf("the office's calendar has no holidays of %d: it knows %v", day.Year(), calendar.Years())
		}
	}
	return nil
}

// Months lists the months, oldest first.
func (d *Desk) Months() []digest.Month {
	var all []digest.Month
	for n := d.spec.Months - 1; n >= 0; n-- {
		all = append(all, d.spec.Until.Before(n))
	}
	return all
}

// Count is how many tickets a month has: an estimate for one that lasts.
func (d *Desk) Count(m digest.Month) int {
	n := 0
	for day := m.Start(); day.Before(m.End()); day = day.AddDate(0, 0, 1) {
		n += d.counts[d.index(day)]
	}
	return n
}

// Tickets makes the tickets filed in a month, day by day. It ends at the first error, which is a fault of the rules or
// of this package.
func (d *Desk) Tickets(m digest.Month) iter.Seq2[Ticket, error] {
	return func(yield func(Ticket, error) bool) {
		serial, troubles := 0, d.troubles(m.Start())
		for day := m.Start(); day.Before(m.End()) && day.Before(d.spec.Now); day = day.AddDate(0, 0, 1) {
			for left := d.counts[d.index(day)]; left > 0; {
				g := d.begin(day, serial, left, troubles)
				if err := g.live(); err != nil {
					yield(Ticket{}, err)
					return
				}
				for _, t := range g.tickets() {
					if !yield(t, nil) {
						return
					}
				}
				left, serial = left-len(g.lives), serial+len(g.lives)
			}
		}
	}
}

// index is the place of a day among those of the Spec.
func (d *Desk) index(day time.Time) int { return workday.DaysBetween(d.from, day) }
