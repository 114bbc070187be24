package demo

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/workday"
)

// tick is how often the desk's clock looks at what is due, as the template says.
const tick = 5 * time.Minute

// most bounds the events of one life: more is a fault of this package.
const most = 300

// never is later than anything that is planned.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// act is what somebody means to do; no name: nothing.
type act struct {
	at  time.Time
	cmd ticket.Command
}

func (a act) when() time.Time {
	if a.cmd.Name == "" {
		return never
	}
	return a.at
}

// life is a ticket while it is lived.
type life struct {
	number  string
	head    ticket.Head
	events  []ticket.Event
	contact visitor.Contact
	file    act
	staff   act                  // what the desk does next
	visitor act                  // what its visitor, or supervisor, does next
	did     map[ticket.Name]bool // in this round: each frill once
	plain   bool                 // after a refusal: no frills
	late    bool                 // in this round the section lets the date pass
	idle    bool                 // and more than that
}

// group is tickets that are lived together, most often one.
type group struct {
	desk  *Desk
	r     *rand.Rand
	terms *office.Tolerant
	lives []*life
	links []act // of the first with the others
}

// file plans a filing.
func (g *group) file(at time.Time, serial int, f filing) {
	c := f.cmd
	c.Number = g.desk.number(at, serial)
	if c.Kind != ticket.Resolution {
		r := g.desk.office.Route(office.Matter{Kind: c.Kind, Category: c.Category, Spot: c.Spot, Text: c.Text + "\n" + c.Wish})
		c.Kind, c.Section, c.Triage, c.Urgent, c.RoutedBy = r.Kind, r.Section, r.Triage, r.Urgent, r.Why
	}
	c.Office = g.desk.spec.Version
	g.lives = append(g.lives, &life{number: c.Number, contact: f.contact, file: act{at, c}})
}

// live lets everything happen in its order, until now.
func (g *group) live() error {
	for range most * len(g.lives) {
		l, at, do := g.next()
		if !at.Before(g.desk.spec.Now) {
			return nil
		}
		if err := do(l, at); err != nil {
			return fmt.Errorf("live %s: %w", l.number, err)
		}
	}
	return fmt.Errorf("live %s: more than %d events", g.lives[0].number, most)
}

// next finds what happens first, to whom, and what does it.
func (g *group) next() (first *life, at time.Time, do func(*life, time.Time) error) {
	at = never
	consider := func(l *life, t time.Time, how func(*life, time.Time) error) {
		if t.Before(at) {
			first, at, do = l, t, how
		}
	}
	for _, l := range g.lives {
		if l.head.Version == 0 {
			consider(l, l.file.when(), g.begin)
			continue
		}
		if !l.head.Alarm.IsZero() {
			consider(l, nextTick(later(l.head.Alarm, l.events[len(l.events)-1].At)), g.ring)
		}
		consider(l, l.staff.when(), g.work)
		consider(l, l.visitor.when(), g.speak)
	}
	if len(g.links) > 0 {
		consider(g.lives[0], g.links[0].when(), g.join)
	}
	return first, at, do
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func nextTick(t time.Time) time.Time {
	if on := t.Truncate(tick); on.Before(t) {
		return on.Add(tick)
	}
	return t
}

func (g *group) begin(l *life, at time.Time) error {
	if err := g.do(l, l.file.cmd, at); err != nil {
		return err
	}
	if n := len(g.lives); n > 1 && l == g.lives[n-1] {
		g.planLinks(at)
	}
	return nil
}

func (g *group) work(l *life, at time.Time) error {
	cmd := l.staff.cmd
	l.staff = act{}
	return g.try(l, cmd, at)
}

func (g *group) speak(l *life, at time.Time) error {
	cmd := l.visitor.cmd
	l.visitor = act{}
	return g.try(l, cmd, at)
}

// try does what was planned; when things changed meanwhile so that it is refused, something plain is planned instead.
func (g *group) try(l *life, cmd ticket.Command, at time.Time) error {
	err := g.do(l, cmd, at)
	if !errors.Is(err, ticket.ErrRefused) && !errors.Is(err, office.ErrExtension) && !errors.Is(err, workday.ErrNoData) {
		return err
	}
	if l.plain && cmd.By.Role != ticket.Visitor {
		return err
	}
	l.plain = true
	g.plan(l, at)
	return nil
}

// do gives a command to a ticket and lets what follows happen to those linked with it.
func (g *group) do(l *life, cmd ticket.Command, at time.Time) error {
	if cmd.By.Role != ticket.Clock {
		cmd.Salt = fmt.Sprintf("%016x%016x", g.r.Uint64(), g.r.Uint64())
	}
	with := ticket.Company{Draft: draft(l.events)}
	for _, number := range ticket.CompanyOf(l.head, cmd) {
		with.Heads = append(with.Heads, g.find(number).head)
	}
	changes, err := ticket.ApplyTogether(l.head, with, cmd, ticket.Moment{Now: at, Terms: g.terms})
	if err != nil {
		return err
	}
	for _, c := range changes {
		other := l
		if c.After.Number != l.number {
			other = g.find(c.After.Number)
		}
		from := other.head
		other.head, other.events = c.After, append(other.events, c.Events...)
		g.turn(other, from, at)
	}
	return nil
}

// turn plans anew when a ticket came to another state, round or lead.
func (g *group) turn(l *life, from ticket.Head, at time.Time) {
	h := l.head
	if h.Round != from.Round {
		l.did, l.plain = map[ticket.Name]bool{}, false
		habits := g.habits(l)
		l.late = g.r.Float64() < habits.late
		l.idle = l.late && g.r.Float64() < 0.12
	}
	switch {
	case h.State != from.State || h.Round != from.Round || h.Lead != from.Lead || h.Section != from.Section:
		g.plan(l, at)
	case l.staff.cmd.Name == "" || l.events[len(l.events)-1].What == ticket.Escalated:
		g.planStaff(l, at)
	}
}

func (g *group) plan(l *life, at time.Time) {
	g.planStaff(l, at)
	g.planVisitor(l, at)
}

func (g *group) find(number string) *life {
	for _, l := range g.lives {
		if l.number == number {
			return l
		}
	}
	panic("demo: " + number + " is linked to a ticket it never met") // a group lives with itself alone
}

func draft(events []ticket.Event) *ticket.Words {
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Data.Draft {
			return events[i].Words
		}
	}
	return nil
}

// ring is what the desk's clock does at a tick, as function deadline does.
func (g *group) ring(l *life, at time.Time) error {
	alarm, err := g.desk.office.Next(l.head, at)
	if err != nil {
		return err
	}
	rings := alarm.Command.Name != "" && !alarm.At.After(at)
	if rings && l.head.Lead != "" && l.head.State.Open() && office.Quiet(l.head, g.find(l.head.Lead).head) {
		rings = false
		if alarm.At, err = g.desk.office.AfterQuiet(l.head, at); err != nil {
			return err
		}
	}
	if rings {
		return g.do(l, alarm.Command, at)
	}
	l.head.Alarm = ticket.Instant(alarm.At)
	if alarm.At.IsZero() {
		l.head.Alarm = time.Time{}
	}
	return nil
}

// tickets are those that were filed.
func (g *group) tickets() []Ticket {
	var all []Ticket
	for _, l := range g.lives {
		if l.head.Version == 0 {
			continue
		}
		t := Ticket{Head: l.head, Events: l.events}
		if !l.head.Anonymous {
			t.Contact = l.contact
		}
		all = append(all, t)
	}
	return all
}
