package office

import (
	"time"

	"steledesk/shared/ticket"
)

// Quiet reports whether the clock may leave an open linked ticket to its lead: while the lead's own clock runs and it
// must be answered no later, its reminders are about both. A lead that was extended past the date of the other one, or
// waits for its visitor, speaks for itself alone.
func Quiet(h, lead ticket.Head) bool {
	by, promised := lead.Due.AnswerBy, h.Due.AnswerBy
	switch {
	case !lead.State.Open() || lead.State == ticket.Waiting:
		return false
	case by.IsZero() || promised.IsZero():
		return by.Equal(promised)
	}
	return !by.After(promised)
}

// AfterQuiet is when the clock looks again at a linked ticket that it left to its lead at now: when its next step is
// due, or the next morning after the last of them.
func (o *Office) AfterQuiet(h ticket.Head, now time.Time) (time.Time, error) {
	rungs, _, err := o.rungs(h)
	if err != nil {
		return time.Time{}, err
	}
	for _, r := range rungs {
		if r.at.After(now) {
			return r.at, nil
		}
	}
	return o.nextDay(now), nil
}
