package ticket

import "time"

// Terms is the office's word on time, for one kind of matter. The office file
// implements it; Apply asks it and never counts days itself. Every method that
// returns an error returns workday.ErrNoData's kind: the calendar does not reach.
type Terms interface {
	// Due gives the times a matter filed (or reopened) at from must be signed,
	// may be returned, and must be answered by.
	Due(kind Kind, urgent bool, from time.Time) (Due, error)
	// Extended moves the answer-by time by days (working days, or the unit of the
	// service level). It refuses more days than the level allows.
	Extended(kind Kind, urgent bool, answerBy time.Time, days int) (time.Time, error)
	// Resumed moves a deadline by the time a ticket waited for its visitor.
	Resumed(kind Kind, urgent bool, deadline, asked, supplied time.Time) (time.Time, error)
	// Reviewed reports whether answers to this kind need the office's approval.
	Reviewed(kind Kind) bool
	// ReopenBy gives the last moment a matter answered at answered may be reopened.
	ReopenBy(kind Kind, answered time.Time) (time.Time, error)
	// SilentBy gives the moment from which a matter answered at answered closes when its
	// visitor says nothing.
	SilentBy(kind Kind, answered time.Time) (time.Time, error)
	// KeepContact gives until when the contact of a ticket that ended then is kept.
	KeepContact(ended time.Time) time.Time
	// KeepRecord gives until when what people wrote and photographed is kept of a ticket that ended then.
	KeepRecord(ended time.Time) time.Time
	// Next gives what the clock does next to the ticket as things stand at now. It counts from the
	// start of the round and the deadlines alone, so that no comment, edit or transfer resets it.
	Next(h Head, now time.Time) (Alarm, error)
}

// Alarm is what the clock does next to a ticket. One whose time has come is done at once.
type Alarm struct {
	At      time.Time // zero: never, as things stand
	Command Command   // no name: nothing yet, but ask again at that time
}

// Due holds a ticket's deadlines, in the office's time zone. A zero time means
// that the service level sets none.
type Due struct {
	SignBy   time.Time `json:"signBy,omitzero"`
	ReturnBy time.Time `json:"returnBy,omitzero"`
	AnswerBy time.Time `json:"answerBy,omitzero"`
}
