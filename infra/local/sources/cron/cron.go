package cron

import (
	"fmt"
	"strings"
	"time"
)

const (
	firstYear = 1970
	lastYear  = 2199
)

// calendar is a cron expression: the minutes, hours, days, months and years it names, in a zone.
type calendar struct {
	minutes, hours, months set
	years                  set // counted from firstYear
	days                   day
	zone                   *time.Location
}

// A day decides whether a date is one of the schedule's.
type day func(date time.Time) bool

// parseCron reads the six fields. Exactly one of the two day fields is ?, as AWS wants it.
func parseCron(text string, zone *time.Location) (Expression, error) {
	fields := strings.Fields(text)
	if len(fields) != 6 {
		return nil, fmt.Errorf("%d fields, want 6: minutes hours day-of-month month day-of-week year", len(fields))
	}
	c := calendar{zone: zone}
	for _, f := range []struct {
		set  *set
		unit unit
		text string
	}{
		{&c.minutes, minute, fields[0]},
		{&c.hours, hour, fields[1]},
		{&c.months, month, fields[3]},
		{&c.years, year, fields[5]},
	} {
		parsed, err := f.unit.parse(f.text)
		if err != nil {
			return nil, err
		}
		*f.set = parsed
	}
	days, err := parseDays(fields[2], fields[4])
	if err != nil {
		return nil, err
	}
	c.days = days
	return c, nil
}

// Next walks over the days and, in the first that fits, over its hours and minutes. A local time that a change
// of the clocks skips does not happen; one that it repeats happens once.
func (c calendar) Next(after time.Time) time.Time {
	local := after.In(c.zone)
	date := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
	for date.Year() <= lastYear {
		switch {
		case !c.years.has(date.Year()-firstYear) || date.Year() < firstYear:
			date = time.Date(date.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC)
		case !c.months.has(int(date.Month())):
			date = time.Date(date.Year(), date.Month()+1, 1, 0, 0, 0, 0, time.UTC)
		default:
			if t := c.within(date, after); !t.IsZero() {
				return t
			}
			date = date.AddDate(0, 0, 1)
		}
	}
	return time.Time{}
}

// Latest looks back from until in ever longer strides, so that a long pause costs little: within the first that
// holds a due time it walks to the last.
func (c calendar) Latest(after, until time.Time) time.Time {
	for stride := time.Hour; ; stride *= 24 {
		from := until.Add(-stride)
		if from.Before(after) || stride > 1e5*time.Hour {
			from = after
		}
		if due := c.Next(from); !due.IsZero() && !due.After(until) {
			return c.walk(due, until)
		}
		if from.Equal(after) {
			return time.Time{}
		}
	}
}

func (c calendar) walk(due, until time.Time) time.Time {
	for {
		next := c.Next(due)
		if next.IsZero() || next.After(until) {
			return due
		}
		due = next
	}
}

// within returns the first due time of a date after the given instant, or the zero time.
func (c calendar) within(date, after time.Time) time.Time {
	if !c.days(date) {
		return time.Time{}
	}
	for h := range 24 {
		if !c.hours.has(h) {
			continue
		}
		for m := range 60 {
			if !c.minutes.has(m) {
				continue
			}
			t := time.Date(date.Year(), date.Month(), date.Day(), h, m, 0, 0, c.zone)
			if t.After(after) && t.Hour() == h && t.Minute() == m {
				return t
			}
		}
	}
	return time.Time{}
}

func lastDay(date time.Time) int {
	return time.Date(date.Year(), date.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
