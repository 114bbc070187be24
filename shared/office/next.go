package office

import (
	"errors"
	"slices"
	"time"

	"steledesk/shared/ticket"
	"steledesk/shared/workday"
)

// Next implements ticket.Terms. Open work climbs the ladder of reminders, whether anybody has it yet or
// not; work that waits for its visitor rests; an answer nobody objects to closes; what ended is erased when its
// record's time is over. Where the calendar
// does not reach, the alarm asks again the next day. Steps that fell due together, as they do after an
// outage, are one command: the strongest, told to everybody any of them is for.
func (o *Office) Next(h ticket.Head, now time.Time) (ticket.Alarm, error) {
	switch {
	case h.State == ticket.Answered:
		return o.silence(h, now)
	case h.State.Ended():
		return o.over(h), nil
	case h.State == ticket.Waiting:
		return ticket.Alarm{}, nil
	}
	if o.datable(h) {
		return ticket.Alarm{At: now, Command: ticket.Command{Name: ticket.Date, By: clock()}}, nil
	}
	rungs, unknown, err := o.rungs(h)
	if err != nil {
		return ticket.Alarm{}, err
	}
	alarm := alarmOf(h, rungs, now)
	if again := o.nextDay(now); unknown && (alarm.At.IsZero() || alarm.At.After(again)) {
		return ticket.Alarm{At: again}, nil
	}
	return alarm, nil
}

// datable reports whether a ticket has no deadline only because the calendar did not reach, and now it does.
func (o *Office) datable(h ticket.Head) bool {
	if !h.Due.AnswerBy.IsZero() {
		return false
	}
	due, err := o.Due(h.Kind, h.Urgent, h.Start())
	return err == nil && !due.AnswerBy.IsZero()
}

// silence closes what was answered, when the visitor has said nothing for as long as the office waits.
func (o *Office) silence(h ticket.Head, now time.Time) (ticket.Alarm, error) {
	by, err := o.SilentBy(h.Kind, h.AnsweredAt)
	switch {
	case errors.Is(err, workday.ErrNoData):
		return ticket.Alarm{At: o.nextDay(now)}, nil
	case err != nil || by.IsZero():
		return ticket.Alarm{}, err
	}
	return ticket.Alarm{At: by, Command: ticket.Command{Name: ticket.Silence, By: clock()}}, nil
}

// nextDay is when to ask again for what the calendar does not know yet.
func (o *Office) nextDay(now time.Time) time.Time {
	return o.Desk.Opens.on(now.In(workday.Zone()).AddDate(0, 0, 1))
}

// A rung is a reminder and when it is due for one ticket.
type rung struct {
	Reminder
	at time.Time
}

// rungs lists what is left of a ticket's ladder, soonest first. unknown says that there is more to it
// than the calendar knows.
func (o *Office) rungs(h ticket.Head) (left []rung, unknown bool, err error) {
	unknown = h.Due.AnswerBy.IsZero() && !o.Level(h.Kind, h.Urgent).Answer.IsZero()
	for _, r := range o.Reminders {
		deadline := r.deadline(h)
		if deadline.IsZero() || r.Urgent != h.Urgent || slices.Contains(h.Steps, r.ID) {
			continue
		}
		at, err := o.RemindAt(r, h.Start(), deadline)
		switch {
		case errors.Is(err, workday.ErrNoData):
			unknown = true
		case err != nil:
			return nil, false, err
		case !at.IsZero():
			left = append(left, rung{r, at})
		}
	}
	slices.SortStableFunc(left, func(a, b rung) int { return a.at.Compare(b.at) })
	return left, unknown, nil
}

// deadline is what the reminder is about, in a ticket where it is still to be met.
func (r Reminder) deadline(h ticket.Head) time.Time {
	switch {
	case r.Of == AnswerBy:
		return h.Due.AnswerBy
	case r.Of == SignBy && unsigned(h):
		return h.Due.SignBy
	}
	return time.Time{}
}

func unsigned(h ticket.Head) bool {
	state := h.State
	if state == ticket.Returned {
		state = h.ReturnedFrom
	}
	return state == ticket.Triage || state == ticket.Assigned
}

// alarmOf makes a command of the rungs that are due at now, or else of the next one.
func alarmOf(h ticket.Head, rungs []rung, now time.Time) ticket.Alarm {
	if len(rungs) == 0 {
		return ticket.Alarm{}
	}
	due := 1
	for due < len(rungs) && !rungs[due].at.After(now) {
		due++
	}
	first := rungs[0].at
	climb := slices.Clone(rungs[:due])
	slices.SortStableFunc(climb, func(a, b rung) int { return a.Does.rank() - b.Does.rank() })
	strongest := climb[due-1]
	c := ticket.Command{Name: ticket.Remind, By: clock(), Step: strongest.ID}
	if strongest.Does != Remind {
		c.Name, c.Does = ticket.Escalate, ticket.Name(strongest.Does)
	}
	for _, r := range slices.Backward(climb) {
		if r.ID != strongest.ID {
			c.Passed = append(c.Passed, r.ID)
		}
		for _, section := range r.Told(h.Kind, h.Owner()) {
			if !slices.Contains(c.Told, section) {
				c.Told = append(c.Told, section)
			}
		}
	}
	return ticket.Alarm{At: first, Command: c}
}

// rank orders steps by how strong they are.
func (s Step) rank() int { return slices.Index([]Step{Remind, Urge, Oversee}, s) }

func clock() ticket.Actor { return ticket.Actor{Role: ticket.Clock} }
