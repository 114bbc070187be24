package office

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"steledesk/shared/ticket"
	"steledesk/shared/workday"
)

// A Level (服务标准) says how fast the office is with one kind of matter. Every span counts from
// filing unless its comment says otherwise; none means that the level sets no such deadline.
type Level struct {
	Sign    Span `json:"sign,omitzero"`    // 签收
	Contact Span `json:"contact,omitzero"` // 首次联系
	Return  Span `json:"return,omitzero"`  // 退单: the last moment a section may send a matter back
	Answer  Span `json:"answer,omitzero"`  // 办结
	Extend  Span `json:"extend,omitzero"`  // 延期: the most one extension may add to answer
	Reopen  Span `json:"reopen,omitzero"`  // 重办: from the answer
	Silence Span `json:"silence,omitzero"` // from the answer; a visitor who says nothing is content
	Review  bool `json:"review,omitempty"` // answers need the office's approval
}

// ErrExtension is what every *ExtensionError is, for errors.Is.
var ErrExtension = errors.New("extension not allowed")

// ExtensionError says that a service level does not allow an extension so long.
type ExtensionError struct {
	Days int  // asked for
	Max  Span // most the level allows; none when it allows no extension at all
}

// Is makes errors.Is(err, ErrExtension) hold.
func (e *ExtensionError) Is(target error) bool { return target == ErrExtension }

func (e *ExtensionError) Error() string {
	if e.Max.IsZero() {
		return "extend ticket: its service level allows no extension"
	}
	return fmt.Sprintf("extend ticket: %d is not between 1 and the %s its service level allows", e.Days, e.Max)
}

// Level gives the service level of a kind, or that of urgent matters.
func (o *Office) Level(kind ticket.Kind, urgent bool) Level {
	if urgent {
		return o.Urgent.over(o.Levels[kind])
	}
	return o.Levels[kind]
}

// over gives the level of an urgent matter. What follows the answer has nothing to do with
// haste and stays that of the kind.
func (l Level) over(kind Level) Level {
	if l.Sign.IsZero() {
		l.Sign = kind.Sign
	}
	if l.Contact.IsZero() {
		l.Contact = kind.Contact
	}
	if l.Answer.IsZero() {
		l.Answer = kind.Answer
	}
	l.Reopen, l.Silence, l.Review = kind.Reopen, kind.Silence, kind.Review
	return l
}

// Calendar is the program's calendar with the office's holidays over it. The error can only
// come of an office that Parse did not make.
func (o *Office) Calendar() (workday.Calendar, error) {
	c := workday.China()
	for _, h := range o.Holidays {
		next, err := c.With(h.Year, h.Off, h.Work)
		if err != nil {
			return c, fmt.Errorf("read office's calendar: %w", err)
		}
		c = next
	}
	return c, nil
}

var _ ticket.Terms = (*Office)(nil)

// Due implements ticket.Terms. With an error come the times that can be told: the calendar may reach the signing
// and not the answer.
func (o *Office) Due(kind ticket.Kind, urgent bool, from time.Time) (ticket.Due, error) {
	l := o.Level(kind, urgent)
	var (
		due     ticket.Due
		missing error
	)
	for _, d := range []struct {
		span Span
		by   *time.Time
	}{{l.Sign, &due.SignBy}, {l.Return, &due.ReturnBy}, {l.Answer, &due.AnswerBy}} {
		by, err := o.After(d.span, from)
		if err != nil {
			missing = err
			continue
		}
		*d.by = by
	}
	return due, missing
}

// After gives the moment s after from by the office's calendar, and the zero time when s is
// none. The error is workday.ErrNoData's kind.
func (o *Office) After(s Span, from time.Time) (time.Time, error) {
	c, err := o.Calendar()
	if err != nil {
		return time.Time{}, err
	}
	return s.after(c, from)
}

// Extended implements ticket.Terms. Days are of the unit of the level's extend; a number the
// level does not allow is an *ExtensionError.
func (o *Office) Extended(kind ticket.Kind, urgent bool, answerBy time.Time, days int) (time.Time, error) {
	most := o.Level(kind, urgent).Extend
	if days < 1 || days > most.N {
		return time.Time{}, &ExtensionError{Days: days, Max: most}
	}
	return o.After(Span{days, most.Unit}, answerBy)
}

// Resumed implements ticket.Terms: the deadline moves by the days, of the kind the level's answer
// counts in, that began while the ticket waited, or by the exact time when the level counts hours.
func (o *Office) Resumed(kind ticket.Kind, urgent bool, deadline, asked, supplied time.Time) (time.Time, error) {
	if deadline.IsZero() || !supplied.After(asked) {
		return deadline, nil
	}
	unit := cmp.Or(o.Level(kind, urgent).Answer.Unit, Workdays)
	if unit == Hours || unit == Minutes {
		return workday.AddHours(deadline, supplied.Sub(asked)), nil
	}
	c, err := o.Calendar()
	if err != nil {
		return time.Time{}, err
	}
	n := workday.DaysBetween(asked, supplied)
	if unit == Workdays {
		n, err = c.WorkdaysBetween(asked, supplied)
	}
	if err != nil || n == 0 {
		return deadline, err
	}
	return Span{n, unit}.after(c, deadline)
}

// Reviewed implements ticket.Terms.
func (o *Office) Reviewed(kind ticket.Kind) bool { return o.Levels[kind].Review }

// ReopenBy implements ticket.Terms. The zero time means that the level lets nobody reopen.
func (o *Office) ReopenBy(kind ticket.Kind, answered time.Time) (time.Time, error) {
	return o.After(o.Levels[kind].Reopen, answered)
}

// SilentBy implements ticket.Terms.
func (o *Office) SilentBy(kind ticket.Kind, answered time.Time) (time.Time, error) {
	return o.After(o.Levels[kind].Silence, answered)
}
