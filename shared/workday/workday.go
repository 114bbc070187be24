// Package workday counts the days of Chinese law: working days by the State Council's
// yearly notices, make-up Saturdays and Sundays included, and natural days that end on a
// working day (民法典 art. 201 and 203).
//
// Days are those of Beijing time (UTC+8, no summer time), whatever zone a time carries.
// A deadline is the last second of its day, 23:59:59 +08:00: the day named is still in time.
package workday

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

var zone = time.FixedZone("CST", 8*60*60)

// Zone is Beijing time. It needs no time-zone database.
func Zone() *time.Location { return zone }

// ErrNoData is what every *NoDataError is, for errors.Is.
var ErrNoData = errors.New("no holiday data")

// NoDataError says that a count reached a year whose holidays are not known. Working days
// are never guessed: a wrong deadline is worse than a refused one.
type NoDataError struct{ Year int }

func (e *NoDataError) Error() string {
	return fmt.Sprintf("no holiday data for %d: add the State Council's notice for %d under holidays in the office file",
		e.Year, e.Year)
}

// Is makes errors.Is(err, ErrNoData) hold.
func (e *NoDataError) Is(target error) bool { return target == ErrNoData }

// A Calendar knows which days are worked. It never changes and may be used by many at once;
// the zero Calendar knows no year.
type Calendar struct {
	notices []notice // by year
}

// China is the calendar of the notices known when this was built: 2024 to 2026.
func China() Calendar { return Calendar{announced()} }

// Years lists the years the calendar knows, in order.
func (c Calendar) Years() []int {
	years := make([]int, len(c.notices))
	for i, n := range c.notices {
		years[i] = n.year
	}
	return years
}

// With returns a calendar that knows year by the given days instead of what c knew of it.
// A day is written 2027-01-01, a run of days 2027-01-01..2027-01-03. Days must lie in the
// year or in the December before it, which a notice may reach back into. The error is a
// *NoticeError that names the first text that is wrong.
func (c Calendar) With(year int, off, work []string) (Calendar, error) {
	n, err := newNotice(year, off, work)
	if err != nil {
		return Calendar{}, err
	}
	kept := slices.DeleteFunc(slices.Clone(c.notices), func(o notice) bool { return o.year == year })
	kept = append(kept, n)
	slices.SortFunc(kept, func(a, b notice) int { return a.year - b.year })
	return Calendar{kept}, nil
}

// IsWorkday reports whether the day of t is worked. The error is a *NoDataError.
func (c Calendar) IsWorkday(t time.Time) (bool, error) {
	t = t.In(zone)
	date, year := t.Format(time.DateOnly), t.Year()
	known := false
	// The next year's notice may reach back into December, and has the last word there.
	for _, n := range slices.Backward(c.notices) {
		switch {
		case n.year != year && n.year != year+1:
		case holds(n.work, date):
			return true, nil
		case holds(n.off, date):
			return false, nil
		case n.year == year:
			known = true
		}
	}
	if !known {
		return false, &NoDataError{Year: year}
	}
	return !isWeekend(t), nil
}

// AddWorkdays gives the end of the n-th working day after the day of from, which is not
// counted itself. n is at least 1. The error is a *NoDataError when the count reaches a year
// that is not known.
func (c Calendar) AddWorkdays(from time.Time, n int) (time.Time, error) {
	if n < 1 {
		return time.Time{}, fmt.Errorf("add working days: %d is not at least 1", n)
	}
	day := from.In(zone)
	for n > 0 {
		day = day.AddDate(0, 0, 1)
		works, err := c.IsWorkday(day)
		if err != nil {
			return time.Time{}, fmt.Errorf("add working days: %w", err)
		}
		if works {
			n--
		}
	}
	return EndOfDay(day), nil
}

// AddDays gives the end of the n-th natural day after the day of from, or of the first
// working day after that when it is a day of rest (民法典 art. 203). n is at least 1. The error is a
// *NoDataError when the last day lies in a year that is not known.
func (c Calendar) AddDays(from time.Time, n int) (time.Time, error) {
	if n < 1 {
		return time.Time{}, fmt.Errorf("add days: %d is not at least 1", n)
	}
	day := from.In(zone).AddDate(0, 0, n)
	for {
		works, err := c.IsWorkday(day)
		if err != nil {
			return time.Time{}, fmt.Errorf("add days: %w", err)
		}
		if works {
			return EndOfDay(day), nil
		}
		day = day.AddDate(0, 0, 1)
	}
}

// AddHours gives the moment d after from. Hours run on through nights and holidays.
func AddHours(from time.Time, d time.Duration) time.Time { return from.Add(d).In(zone) }

// WorkdaysBetween counts the working days after the day of a, up to and with the day of b:
// 0 when they are the same day or b is earlier. The error is a *NoDataError.
func (c Calendar) WorkdaysBetween(a, b time.Time) (int, error) {
	count, last := 0, EndOfDay(b)
	for day := EndOfDay(a).AddDate(0, 0, 1); !day.After(last); day = day.AddDate(0, 0, 1) {
		works, err := c.IsWorkday(day)
		if err != nil {
			return 0, fmt.Errorf("count working days: %w", err)
		}
		if works {
			count++
		}
	}
	return count, nil
}

// DaysBetween counts the natural days from the day of a to the day of b: 0 when they are
// the same day or b is earlier.
func DaysBetween(a, b time.Time) int {
	return max(0, int(EndOfDay(b).Sub(EndOfDay(a))/(24*time.Hour)))
}

// EndOfDay gives the last second of the day of t: 23:59:59 +08:00.
func EndOfDay(t time.Time) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 23, 59, 59, 0, zone)
}

func isWeekend(t time.Time) bool {
	return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday
}
