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
	Extended  int
	Asked     int
	Reopened  int
	Urged     int
	Overseen  int

	Outcome ticket.Outcome
	Solved  ticket.Solved // as rated last
	Level   int           // 5 … 1, as rated last; 0: not rated

	Settled bool   // closed for good: no later event changes what is counted
	Hash    string // of the last event up to the cut-off
}

// ErrLater is the error of a ticket that was filed after the cut-off.
var ErrLater = errors.New("ticket was filed after the cut-off")

// Rules is what a case needs of the office: *office.Office.
type Rules interface {
	Calendar() (workday.Calendar, error)
	ReopenBy(kind ticket.Kind, answered time.Time) (time.Time, error)
}

// CaseOf reads a ticket's events, oldest first, up to the cut-off. ErrLater.
func CaseOf(events []ticket.Event, cutOff time.Time, rules Rules) (Case, error) {
	n := slices.IndexFunc(events, func(e ticket.Event) bool { return !e.At.Before(cutOff) })
	if n >= 0 {
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
	t := trail{signBy: events[0].Data.Due}
	for _, e := range events {
		t.follow(&c, e)
	}
	c.Responded, c.Awaited = t.responded(cutOff)
	c.Timing = timing(h, t, cutOff)
	if err := c.count(h, cutOff, rules); err != nil {
		return Case{}, err
	}
	return c, nil
}

// trail is what is remembered along a ticket's events.
type trail struct {
	signBy *ticket.Due // the deadlines it was filed with
	taken  time.Time   // when somebody took it on first
	due    time.Time   // the answer-by time in force
	late   bool        // a round was answered late
}

func (t *trail) follow(c *Case, e ticket.Event) {
	switch e.What {
	case ticket.ReturnAsked:
		c.Returns++
	case ticket.Extended:
		c.Extended++
	case ticket.Asked:
		c.Asked++
	case ticket.Rated:
		c.Solved, c.Level = e.Data.Solved, e.Data.Level
	}
	if t.taken.IsZero() && takesOn(e.What) {
		t.taken = e.At
	}
	if e.Data.Due != nil {
		t.due = e.Data.Due.AnswerBy
	}
	if answers(e) && !t.due.IsZero() && e.At.After(t.due) {
		t.late = true
	}
}

// takesOn reports whether an event shows that somebody looks after the matter.
func takesOn(w ticket.What) bool {
	switch w {
	case ticket.Signed, ticket.AnswerGiven, ticket.DeclinedBy, ticket.ReferredTo:
		return true
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

func (t *trail) responded(cutOff time.Time) (responded, awaited bool) {
	if t.signBy == nil || t.signBy.SignBy.IsZero() {
		return false, false
	}
	by := t.signBy.SignBy
	if t.taken.IsZero() {
		return false, by.Before(cutOff)
	}
	return !t.taken.After(by), true
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
	case h.State != ticket.Waiting && h.Due.AnswerBy.Before(cutOff): // while it waits for its visitor its clock stands
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

// settled reports whether nothing can happen any more that counts: it ended, and cannot be reopened.
func settled(h ticket.Head, cutOff time.Time, rules Rules) (bool, error) {
	switch {
	case h.State.Open() || h.State == ticket.Answered:
		return false, nil
	case h.State == ticket.Withdrawn || h.State == ticket.Referred || h.AnsweredAt.IsZero():
		return true, nil
	}
	by, err := rules.ReopenBy(h.Kind, h.AnsweredAt)
	if errors.Is(err, workday.ErrNoData) {
		return false, nil
	}
	return by.Before(cutOff), err
}
