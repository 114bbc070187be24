package digest

import (
	"errors"
	"slices"
	"time"

	"steledesk/shared/ticket"
	"steledesk/shared/workday"
)

// Timing says how a case stands to its deadline at the cut-off.
type Timing string

// The timings.
const (
	InTime    Timing = "in-time"   // answered, each round by its deadline
	Late      Timing = "late"      // answered, at least one round after its deadline
	Overdue   Timing = "overdue"   // open, and its deadline is over
	Pending   Timing = "pending"   // open, and there is time
	Undated   Timing = "undated"   // open, and the calendar did not reach to give a deadline
	Withdrawn Timing = "withdrawn" // by its visitor: nobody's to answer
)

// Case is what the figures know of a ticket at the cut-off: no words and no person.
type Case struct {
	Number   string
	Kind     ticket.Kind
	Category string
	Spot     string
	Section  string // the section responsible
	State    ticket.State
	Urgent   bool
	FiledAt  time.Time
	AnswerBy time.Time // zero: undated
	Timing   Timing
	Days     int  // working days from filing to the answer that stands; while it is open, to the cut-off
	Uncount  bool // the calendar does not reach, so Days says nothing

	Responded bool // somebody took it on by the time set for that
	Awaited   bool // the time set for that is over, or somebody took it on
	Returns   int  // times a section sent it back
	// ReturnedBy are the sections that sent it back, each once, the first first.
	ReturnedBy []string
	Extended   int
	Asked      int
	Reopened   int
	Urged      int
	Overseen   int

	Outcome ticket.Outcome
	Solved  ticket.Solved // as rated last
	Level   int           // 5 … 1, as rated last; 0: not rated

	Settled bool   // done with for good: it will not be open again
	Hash    string // of the last event up to the cut-off
}

// ErrLater is the error of a ticket that was filed after the cut-off.
var ErrLater = errors.New("ticket was filed after the cut-off")

// Rules is what a case needs of the office: *office.Office.
type Rules interface {
	Calendar() (workday.Calendar, error)
	ReopenBy(kind ticket.Kind, answered time.Time) (time.Time, error)
}

// CaseOf reads a ticket's events, oldest first, up to the cut-off. A ticket that is a 举报 by now is one, whatever it was
// at the cut-off: nobody who reads a digest later learns which it was. ErrLater.
func CaseOf(events []ticket.Event, cutOff time.Time, rules Rules) (Case, error) {
	if len(events) == 0 {
		return Case{}, ErrLater
	}
	confidential := events[len(events)-1].After.Kind.Confidential()
	if n := slices.IndexFunc(events, func(e ticket.Event) bool { return !e.At.Before(cutOff) }); n >= 0 {
		events = events[:n]
	}
	if len(events) == 0 {
		return Case{}, ErrLater
	}
	h := ticket.Fold(events)
	c := Case{
		Number: h.Number, Kind: h.Kind, Category: h.Category, Spot: h.Spot, Section: h.Section, State: h.State,
		Urgent: h.Urgent, FiledAt: h.FiledAt, AnswerBy: h.Due.AnswerBy, Urged: h.Urged, Overseen: h.Overseen,
		Outcome: h.Outcome, Reopened: h.Round - 1, Hash: h.Hash,
	}
	if confidential {
		c.Kind = ticket.Report
	}
	if h.State.Open() { // what a draft says is no outcome yet
		c.Outcome = ""
	}
	t := follow(events, &c)
	c.Responded, c.Awaited = t.responded(h, cutOff)
	c.Timing = timing(h, t, cutOff)
	if err := c.count(h, cutOff, rules); err != nil {
		return Case{}, err
	}
	return c, nil
}

// trail is what is remembered along a ticket's events.
type trail struct {
	signBy time.Time // until when it was to be taken on; zero: no time was set
	taken  time.Time // when somebody took it on first
	late   bool      // an answer that was not taken back came late
}

// follow goes through the events and counts in c what happened how often.
func follow(events []ticket.Event, c *Case) trail {
	var t trail
	undone := ticket.TakenBack(events)
	for i, e := range events {
		c.happened(e)
		if t.signBy.IsZero() && e.Data.Due != nil {
			t.signBy = e.Data.Due.SignBy
		}
		if t.taken.IsZero() && takesOn(e) {
			t.taken = e.At
		}
		if by := e.After.AnswerBy; answers(e) && !undone[i] && !by.IsZero() && e.At.After(by) {
			t.late = true
		}
	}
	return t
}

func (c *Case) happened(e ticket.Event) {
	switch e.What {
	case ticket.ReturnAsked:
		c.Returns++
		if !slices.Contains(c.ReturnedBy, e.After.Section) {
			c.ReturnedBy = append(c.ReturnedBy, e.After.Section)
		}
	case ticket.Extended:
		c.Extended++
	case ticket.Asked:
		c.Asked++
	case ticket.Rated:
		c.Solved, c.Level = e.Data.Solved, e.Data.Level
	case ticket.UnlinkedFrom:
		if e.Data.Undone { // what was rated was another matter's answer
			c.Solved, c.Level = "", 0
		}
	}
}

// takesOn reports whether an event shows that somebody looks after the matter. To link it with one that is handled is
// to take it on: from then on the other one is signed for both.
func takesOn(e ticket.Event) bool {
	switch e.What {
	case ticket.Signed, ticket.AnswerGiven, ticket.DeclinedBy, ticket.ReferredTo:
		return true
	case ticket.LinkedWith:
		return e.Data.Lead != ""
	}
	return false
}

// answers reports whether an event is the visitor's answer.
func answers(e ticket.Event) bool {
	switch e.What {
	case ticket.AnswerGiven:
		return !e.Data.Draft
	case ticket.Approved, ticket.DeclinedBy, ticket.ReferredTo:
		return true
	}
	return false
}

// responded reports whether somebody took the matter on in time, and whether that can be said: not while there is time,
// and not of what its visitor took back before.
func (t trail) responded(h ticket.Head, cutOff time.Time) (responded, awaited bool) {
	end := cutOff
	if h.State == ticket.Withdrawn {
		end = h.ClosedAt
	}
	switch {
	case t.signBy.IsZero():
		return false, false
	case t.taken.IsZero():
		return false, t.signBy.Before(end)
	}
	return !t.taken.After(t.signBy), true
}

func timing(h ticket.Head, t trail, cutOff time.Time) Timing {
	switch {
	case h.State == ticket.Withdrawn:
		return Withdrawn
	case !h.State.Open() && t.late:
		return Late
	case !h.State.Open():
		return InTime
	case h.Due.AnswerBy.IsZero():
		return Undated
	}
	until := cutOff
	if h.State == ticket.Waiting { // since then its clock stands
		until = h.AskedAt
	}
	if h.Due.AnswerBy.Before(until) {
		return Overdue
	}
	return Pending
}

// count fills the days and whether the case is settled.
func (c *Case) count(h ticket.Head, cutOff time.Time, rules Rules) error {
	calendar, err := rules.Calendar()
	if err != nil {
		return err
	}
	end := cutOff.Add(-1) // the day that begins with the cut-off is none of the case's
	if !h.State.Open() {
		end = ended(h)
	}
	c.Days, err = calendar.WorkdaysBetween(h.FiledAt, end)
	if errors.Is(err, workday.ErrNoData) {
		c.Uncount, err = true, nil
	}
	if err != nil {
		return err
	}
	c.Settled, err = settled(h, cutOff, rules)
	return err
}

// ended is when the answer that stands was given, or the case ended without one.
func ended(h ticket.Head) time.Time {
	if !h.AnsweredAt.IsZero() {
		return h.AnsweredAt
	}
	return h.ClosedAt
}

// settled reports whether nothing can happen any more that counts: it was answered or ended, and cannot be opened
// again. Nor is it to be expected that somebody finds it was linked by mistake.
func settled(h ticket.Head, cutOff time.Time, rules Rules) (bool, error) {
	switch {
	case h.State.Open():
		return false, nil
	case h.State == ticket.Withdrawn || h.State == ticket.Referred && h.Before == nil:
		return true, nil
	}
	by, err := rules.ReopenBy(h.Kind, ended(h))
	if errors.Is(err, workday.ErrNoData) {
		return false, nil
	}
	return by.Before(cutOff), err
}
