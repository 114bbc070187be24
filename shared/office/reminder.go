package office

import (
	"time"

	"steledesk/shared/ticket"
	"steledesk/shared/workday"
)

// Step is what a reminder does.
type Step string

// The steps of the ladder.
const (
	Remind  Step = "remind"  // 提醒
	Urge    Step = "urge"    // 催办
	Oversee Step = "oversee" // 督办
)

// Deadline names one of a ticket's deadlines.
type Deadline string

// Deadlines that have reminders.
const (
	SignBy   Deadline = "sign"
	AnswerBy Deadline = "answer"
)

// SectionItself, in Reminder.Tell, is the section that has the ticket.
const SectionItself = "section"

// A Reminder is one step of the ladder a ticket climbs as a deadline comes and goes. Exactly one
// of Half, Left and Overdue says when.
type Reminder struct {
	ID      string   `json:"id"`
	Of      Deadline `json:"of"`
	Urgent  bool     `json:"urgent,omitempty"` // for urgent tickets; the others are for tickets that are not
	Half    bool     `json:"half,omitempty"`   // half the time has gone
	Left    Span     `json:"left,omitzero"`    // so much is left; 1wd is the morning of the last working day
	Overdue Span     `json:"overdue,omitzero"` // so late; 1wd is the morning of the first working day after
	Does    Step     `json:"does"`
	Tell    []string `json:"tell"` // SectionItself or ids of sections
}

// Told lists the sections a reminder of a ticket tells. Reports stay with discipline.
func (r Reminder) Told(kind ticket.Kind, section string) []string {
	if kind.Confidential() {
		return []string{ticket.DisciplineSection}
	}
	var told []string
	seen := map[string]bool{}
	for _, id := range r.Tell {
		if id == SectionItself {
			id = section
		}
		if !seen[id] {
			seen[id] = true
			told = append(told, id)
		}
	}
	return told
}

// RemindAt gives the moment a reminder is due for a ticket filed at from with a deadline: the
// office's opening on a working day, so that nobody is rung up at night, but the exact moment when
// the reminder is for urgent tickets or counts hours. The zero time means that it never is, since the
// ticket was filed later than that. The error is workday.ErrNoData's kind.
func (o *Office) RemindAt(r Reminder, from, deadline time.Time) (time.Time, error) {
	c, err := o.Calendar()
	if err != nil {
		return time.Time{}, err
	}
	var at time.Time
	switch {
	case r.Half:
		at, err = o.halfway(c, r.Urgent, from, deadline)
	case !r.Left.IsZero():
		at, err = o.left(c, r.Left, deadline)
	default:
		at, err = o.overdue(c, r.Overdue, deadline)
	}
	if err != nil || !at.After(from) {
		return time.Time{}, err
	}
	return at, nil
}

// halfway gives the middle between two times, in office hours unless exact.
func (o *Office) halfway(c workday.Calendar, exact bool, from, deadline time.Time) (time.Time, error) {
	middle := from.Add(deadline.Sub(from) / 2).In(workday.Zone())
	if exact {
		return middle, nil
	}
	at, err := o.inHours(c, middle)
	if err != nil || at.After(deadline) {
		return time.Time{}, err
	}
	return at, nil
}

// inHours gives t when the office is open then, or else the next opening after it.
func (o *Office) inHours(c workday.Calendar, t time.Time) (time.Time, error) {
	works, err := c.IsWorkday(t)
	switch {
	case err != nil:
		return time.Time{}, err
	case works && t.Before(o.Desk.Opens.on(t)):
		return o.Desk.Opens.on(t), nil
	case works && t.Before(o.Desk.Closes.on(t)):
		return t, nil
	}
	return o.opening(c, t, 1)
}

// opening gives the office's opening on the n-th working day after the day of t.
func (o *Office) opening(c workday.Calendar, t time.Time, n int) (time.Time, error) {
	day, err := c.AddWorkdays(t, n)
	if err != nil {
		return time.Time{}, err
	}
	return o.Desk.Opens.on(day), nil
}

// left gives the opening of the working day from which s is left, counting the deadline's own
// day; or the exact moment for hours.
func (o *Office) left(c workday.Calendar, s Span, deadline time.Time) (time.Time, error) {
	if d, ok := s.exact(); ok {
		return workday.AddHours(deadline, -d), nil
	}
	if s.Unit == Days {
		return o.Desk.Opens.on(deadline.In(workday.Zone()).AddDate(0, 0, 1-s.N)), nil
	}
	day := deadline.In(workday.Zone())
	for n := s.N; ; day = day.AddDate(0, 0, -1) {
		works, err := c.IsWorkday(day)
		if err != nil {
			return time.Time{}, err
		}
		if works {
			n--
		}
		if n == 0 {
			return o.Desk.Opens.on(day), nil
		}
	}
}

// overdue gives the opening of the working day on which a deadline is s past, or the exact moment
// for hours.
func (o *Office) overdue(c workday.Calendar, s Span, deadline time.Time) (time.Time, error) {
	if d, ok := s.exact(); ok {
		return workday.AddHours(deadline, d), nil
	}
	if s.Unit == Workdays {
		return o.opening(c, deadline, s.N)
	}
	day, err := c.AddDays(deadline, s.N)
	if err != nil {
		return time.Time{}, err
	}
	return o.Desk.Opens.on(day), nil
}
