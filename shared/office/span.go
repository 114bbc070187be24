package office

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"steledesk/shared/workday"
)

// Unit is what a Span counts in.
type Unit string

// Units, as the office file writes them behind the number.
const (
	Workdays Unit = "wd" // 工作日: to the end of the last of them
	Days     Unit = "d"  // 自然日: to the end of the last, or of the next working day after it
	Hours    Unit = "h"  // exact, through nights and holidays
	Minutes  Unit = "m"  // exact, through nights and holidays
)

// A Span is a length of time in one unit, written 5wd, 15d, 24h or 30m. The zero Span is none.
type Span struct {
	N    int
	Unit Unit
}

// maxSpan keeps a typing mistake from becoming a deadline nobody lives to see.
const maxSpan = 999

func (s Span) String() string {
	if s.IsZero() {
		return ""
	}
	return strconv.Itoa(s.N) + string(s.Unit)
}

// IsZero reports whether s is none; encoding/json leaves it out then.
func (s Span) IsZero() bool { return s.N == 0 }

// MarshalText writes a span as the office file does.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Span) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = Span{}
		return nil
	}
	digits := strings.TrimRight(string(text), "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.Atoi(digits)
	unit := Unit(text[len(digits):])
	switch unit {
	case Workdays, Days, Hours, Minutes:
	default:
		err = strconv.ErrSyntax
	}
	if err != nil || n < 1 || n > maxSpan || digits[0] == '+' || digits[0] == '0' {
		return fmt.Errorf("%q is no length of time; write 5wd (working days), 15d (days), 24h or 30m, from 1 to %d", text, maxSpan)
	}
	*s = Span{n, unit}
	return nil
}

// exact gives the span as a duration; ok is false for days, whose length the calendar decides.
func (s Span) exact() (d time.Duration, ok bool) {
	switch s.Unit {
	case Hours:
		return time.Duration(s.N) * time.Hour, true
	case Minutes:
		return time.Duration(s.N) * time.Minute, true
	}
	return 0, false
}

// length is exact for hours and minutes, and 0 for days.
func (s Span) length() time.Duration {
	d, _ := s.exact()
	return d
}

// after gives the moment s after from; the zero time when s is none.
func (s Span) after(c workday.Calendar, from time.Time) (time.Time, error) {
	if s.IsZero() {
		return time.Time{}, nil
	}
	if d, ok := s.exact(); ok {
		return workday.AddHours(from, d), nil
	}
	if s.Unit == Days {
		return c.AddDays(from, s.N)
	}
	return c.AddWorkdays(from, s.N)
}

// A Clock is a time of day, written 08:30.
type Clock struct{ Hour, Minute int }

func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute) }

// MarshalText writes a time of day as the office file does.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (c *Clock) UnmarshalText(text []byte) error {
	t, err := time.Parse("15:04", string(text))
	if err != nil || len(text) != len("15:04") {
		return fmt.Errorf("%q is no time of day; write 08:30", text)
	}
	*c = Clock{t.Hour(), t.Minute()}
	return nil
}

// on gives the clock's moment on the day of t.
func (c Clock) on(t time.Time) time.Time {
	y, m, d := t.In(workday.Zone()).Date()
	return time.Date(y, m, d, c.Hour, c.Minute, 0, 0, workday.Zone())
}
