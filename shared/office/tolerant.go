package office

import (
	"errors"
	"time"

	"steledesk/shared/ticket"
	"steledesk/shared/workday"
)

// Tolerant is terms that let work go on where the calendar does not reach: a deadline is left open, or stays where
// it was, and Missing says why, so that somebody can be told. Neither a visitor nor a section can help a missing
// holiday notice. An extension is not among it: nobody can grant days that cannot be counted.
type Tolerant struct {
	ticket.Terms
	Missing error // of workday.ErrNoData's kind; nil: the calendar reached
}

// Due implements ticket.Terms: what can be dated is.
func (t *Tolerant) Due(kind ticket.Kind, urgent bool, from time.Time) (ticket.Due, error) {
	due, err := t.Terms.Due(kind, urgent, from)
	return due, t.tolerate(err)
}

// Resumed implements ticket.Terms: a deadline that cannot be moved stays, and is not guessed.
func (t *Tolerant) Resumed(kind ticket.Kind, urgent bool, deadline, asked, supplied time.Time) (time.Time, error) {
	later, err := t.Terms.Resumed(kind, urgent, deadline, asked, supplied)
	if errors.Is(err, workday.ErrNoData) {
		later = deadline
	}
	return later, t.tolerate(err)
}

// ReopenBy implements ticket.Terms. Where the calendar does not reach, a visitor has the benefit of the doubt: a
// day far off.
func (t *Tolerant) ReopenBy(kind ticket.Kind, answered time.Time) (time.Time, error) {
	by, err := t.Terms.ReopenBy(kind, answered)
	if errors.Is(err, workday.ErrNoData) {
		return answered.AddDate(1, 0, 0), nil
	}
	return by, err
}

func (t *Tolerant) tolerate(err error) error {
	if errors.Is(err, workday.ErrNoData) {
		t.Missing = err
		return nil
	}
	return err
}
