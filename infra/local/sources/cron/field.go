package cron

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A set holds small numbers, up to 255.
type set [4]uint64

func (s *set) add(n int)     { s[n/64] |= 1 << (n % 64) }
func (s set) has(n int) bool { return n >= 0 && s[n/64]&(1<<(n%64)) != 0 }

// A unit is a field's kind: its range and, for months and days of the week, its names.
type unit struct {
	name     string
	min, max int
	names    []string // of min, min+1, ...
	offset   int      // subtracted before a number goes into a set
}

var (
	minute     = unit{name: "minutes", max: 59}
	hour       = unit{name: "hours", max: 23}
	dayOfMonth = unit{name: "day-of-month", min: 1, max: 31}
	month      = unit{name: "month", min: 1, max: 12, names: []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}}
	dayOfWeek  = unit{name: "day-of-week", min: 1, max: 7, names: []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}}
	year       = unit{name: "year", min: firstYear, max: lastYear, offset: firstYear}
)

// parse reads a list of numbers, ranges a-b and steps */n or a/n.
func (u unit) parse(text string) (set, error) {
	var all set
	for part := range strings.SplitSeq(text, ",") {
		first, last, step, err := u.span(part)
		if err != nil {
			return set{}, fmt.Errorf("%s %q: %w", u.name, text, err)
		}
		for n := first; n <= last; n += step {
			all.add(n - u.offset)
		}
	}
	return all, nil
}

func (u unit) span(part string) (first, last, step int, err error) {
	start, pace, stepped := strings.Cut(part, "/")
	from, to, ranged := strings.Cut(start, "-")
	step = 1
	switch {
	case stepped && ranged:
		return 0, 0, 0, fmt.Errorf("a range with a step is not understood; list the values")
	case start == "*":
		first, last = u.min, u.max
	case ranged:
		if first, err = u.number(from); err == nil {
			last, err = u.number(to)
		}
		if err == nil && first > last {
			err = fmt.Errorf("range %s runs backwards", part)
		}
	default:
		first, err = u.number(start)
		last = first
		if stepped {
			last = u.max
		}
	}
	if stepped && err == nil {
		if step, err = strconv.Atoi(pace); err != nil || step < 1 || step > u.max {
			err = fmt.Errorf("step %q, want a number from 1 to %d", pace, u.max)
		}
	}
	return first, last, step, err
}

func (u unit) number(text string) (int, error) {
	if i := slices.Index(u.names, strings.ToUpper(text)); i >= 0 {
		return u.min + i, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < u.min || n > u.max {
		names := ""
		if u.names != nil {
			names = fmt.Sprintf(" or %s-%s", u.names[0], u.names[len(u.names)-1])
		}
		return 0, fmt.Errorf("%q, want %d-%d%s", text, u.min, u.max, names)
	}
	return n, nil
}

// parseDays reads the two day fields, of which exactly one must be ?.
func parseDays(ofMonth, ofWeek string) (day, error) {
	switch {
	case ofMonth == "?" && ofWeek == "?":
		return nil, fmt.Errorf("day-of-month and day-of-week are both ?; one must say when")
	case ofMonth != "?" && ofWeek != "?":
		return nil, fmt.Errorf("AWS wants ? in one of day-of-month (%q) and day-of-week (%q)", ofMonth, ofWeek)
	case ofWeek == "?":
		return parseDayOfMonth(ofMonth)
	}
	return parseDayOfWeek(ofWeek)
}

// parseDayOfMonth understands L, the last day, and nW, the working day nearest to the nth within the month.
func parseDayOfMonth(text string) (day, error) {
	if text == "L" {
		return func(date time.Time) bool { return date.Day() == lastDay(date) }, nil
	}
	if number, ok := strings.CutSuffix(text, "W"); ok {
		n, err := dayOfMonth.number(number)
		if err != nil {
			return nil, fmt.Errorf("day-of-month %q: %w", text, err)
		}
		return func(date time.Time) bool { return date.Day() == nearestWeekday(date, n) }, nil
	}
	days, err := dayOfMonth.parse(text)
	if err != nil {
		return nil, err
	}
	return func(date time.Time) bool { return days.has(date.Day()) }, nil
}

// nearestWeekday returns the day of date's month that is Monday to Friday and nearest to the nth; 0 when the
// month has no nth day.
func nearestWeekday(date time.Time, n int) int {
	last := lastDay(date)
	if n > last {
		return 0
	}
	switch time.Date(date.Year(), date.Month(), n, 0, 0, 0, 0, time.UTC).Weekday() {
	case time.Saturday:
		if n == 1 {
			return 3
		}
		return n - 1
	case time.Sunday:
		if n == last {
			return n - 2
		}
		return n + 1
	}
	return n
}

// parseDayOfWeek understands L, Saturday; nL, the last such day of the month; and n#k, the kth.
func parseDayOfWeek(text string) (day, error) {
	if text == "L" {
		return func(date time.Time) bool { return date.Weekday() == time.Saturday }, nil
	}
	if name, ok := strings.CutSuffix(text, "L"); ok {
		n, err := dayOfWeek.number(name)
		if err != nil {
			return nil, fmt.Errorf("day-of-week %q: %w", text, err)
		}
		return func(date time.Time) bool { return weekday(date) == n && date.Day() > lastDay(date)-7 }, nil
	}
	if name, order, ok := strings.Cut(text, "#"); ok {
		n, err := dayOfWeek.number(name)
		k, kErr := strconv.Atoi(order)
		if err != nil || kErr != nil || k < 1 || k > 5 {
			return nil, fmt.Errorf("day-of-week %q: want a day and its place in the month, as in MON#2 (1 to 5)", text)
		}
		return func(date time.Time) bool { return weekday(date) == n && (date.Day()-1)/7+1 == k }, nil
	}
	if strings.Contains(text, "/") {
		return nil, fmt.Errorf("day-of-week %q: AWS takes no steps here; list the days", text)
	}
	days, err := dayOfWeek.parse(text)
	if err != nil {
		return nil, err
	}
	return func(date time.Time) bool { return days.has(weekday(date)) }, nil
}

// weekday counts from 1, Sunday, as AWS does.
func weekday(date time.Time) int { return int(date.Weekday()) + 1 }
