package recount

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

var china = time.FixedZone("+08:00", 8*3600)

// calendar is which days are off and which of the weekends are worked, written 2026-10-01.
type calendar struct{ off, work map[string]bool }

// Open reads the calendar {"off": [...], "work": [...]}, with runs of days as 2026-10-01..2026-10-07, and the office data.
func Open(calendarJSON, officeJSON []byte) (*Desk, error) {
	var lists struct{ Off, Work []string }
	if err := json.Unmarshal(calendarJSON, &lists); err != nil {
		return nil, fmt.Errorf("read calendar: %w", err)
	}
	var office struct {
		Levels map[string]struct {
			Reopen string `json:"reopen"`
		} `json:"levels"`
	}
	if err := json.Unmarshal(officeJSON, &office); err != nil {
		return nil, fmt.Errorf("read office data: %w", err)
	}
	d := &Desk{tickets: map[string][]event{}, calendar: calendar{days(lists.Off), days(lists.Work)}, reopen: map[string]int{}}
	for kind, level := range office.Levels {
		if level.Reopen == "" {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSuffix(level.Reopen, "d"))
		if err != nil {
			return nil, fmt.Errorf("level %s: reopen %q is not in natural days, which is all that is understood here", kind, level.Reopen)
		}
		d.reopen[kind] = n
	}
	return d, nil
}

func days(lists []string) map[string]bool {
	all := map[string]bool{}
	for _, text := range lists {
		first, last, run := strings.Cut(text, "..")
		if !run {
			last = first
		}
		day, err := time.Parse(time.DateOnly, first)
		if err != nil {
			panic(err) // of a file beside the test
		}
		for ; day.Format(time.DateOnly) <= last; day = day.AddDate(0, 0, 1) {
			all[day.Format(time.DateOnly)] = true
		}
	}
	return all
}

func (c calendar) works(day time.Time) bool {
	date := day.Format(time.DateOnly)
	weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
	return c.work[date] || !weekend && !c.off[date]
}

// between counts the working days after the day of a up to the day of b.
func (c calendar) between(a, b time.Time) int {
	n := 0
	last := b.In(china).Format(time.DateOnly)
	for day := a.In(china).AddDate(0, 0, 1); day.Format(time.DateOnly) <= last; day = day.AddDate(0, 0, 1) {
		if c.works(day) {
			n++
		}
	}
	return n
}

// naturalDays is the last second of the n-th day after t, or of the first working day after that.
func (c calendar) naturalDays(t time.Time, n int) time.Time {
	day := t.In(china).AddDate(0, 0, n)
	for !c.works(day) {
		day = day.AddDate(0, 0, 1)
	}
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 0, china)
}
