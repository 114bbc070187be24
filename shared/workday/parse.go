package workday

import (
	"fmt"
	"strings"
	"time"
)

// NoticeError says which text of a year's notice is wrong, and why.
type NoticeError struct {
	Year int
	List string // "off" or "work"
	At   int    // place in the list, from 0; -1 for the list as a whole
	Why  string // what is wrong, and what would be right
}

func (e *NoticeError) Error() string {
	if e.At < 0 {
		return fmt.Sprintf("holidays of %d: %s: %s", e.Year, e.List, e.Why)
	}
	return fmt.Sprintf("holidays of %d: %s[%d]: %s", e.Year, e.List, e.At, e.Why)
}

// longestRun is the most days one entry may span: the longest holiday so far had nine.
// More is a typing mistake in a month.
const longestRun = 15

func newNotice(year int, off, work []string) (notice, error) {
	n := notice{year: year}
	if year < 2000 || year > 2999 {
		return n, &NoticeError{year, "off", -1, "the year must be written in full, such as 2027"}
	}
	if len(off) == 0 {
		return n, &NoticeError{year, "off", -1, "must list the days off of the State Council's notice"}
	}
	for i, text := range off {
		s, why := parseSpan(year, text)
		if why != "" {
			return n, &NoticeError{year, "off", i, why}
		}
		n.off = append(n.off, s)
	}
	for i, text := range work {
		s, why := parseSpan(year, text)
		if why == "" {
			why = checkMadeUp(n.off, s)
		}
		if why != "" {
			return n, &NoticeError{year, "work", i, why}
		}
		n.work = append(n.work, s)
	}
	return n, nil
}

// checkMadeUp says what is wrong with a run of make-up workdays: each is a Saturday or
// Sunday, since every other day that is not off is worked anyway.
func checkMadeUp(off []span, s span) (why string) {
	for day := mustDay(s.first); ; day = day.AddDate(0, 0, 1) {
		date := day.Format(time.DateOnly)
		switch {
		case date > s.last:
			return ""
		case holds(off, date):
			return fmt.Sprintf("%s is also listed under off; a day is one or the other", date)
		case !isWeekend(day):
			return fmt.Sprintf("%s is a %s, worked anyway; list only Saturdays and Sundays that are worked",
				date, day.Weekday())
		}
	}
}

func parseSpan(year int, text string) (s span, why string) {
	first, last, isRun := strings.Cut(text, "..")
	if !isRun {
		last = first
	}
	for _, date := range []string{first, last} {
		day, err := time.Parse(time.DateOnly, date)
		if err != nil {
			return s, fmt.Sprintf("%q is no date; write %d-01-01, or %d-01-01..%d-01-03 for several days", text, year, year, year)
		}
		if day.Year() != year && (day.Year() != year-1 || day.Month() != time.December) {
			return s, fmt.Sprintf("%s is outside %d and the December before it", date, year)
		}
	}
	if last < first {
		return s, fmt.Sprintf("%q ends before it begins", text)
	}
	if mustDay(last).Sub(mustDay(first)) >= longestRun*24*time.Hour {
		return s, fmt.Sprintf("%q is longer than %d days; check the months", text, longestRun)
	}
	return span{first, last}, ""
}

// mustDay reads a date that parseSpan took.
func mustDay(date string) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, date, zone)
	if err != nil {
		panic("workday: " + err.Error())
	}
	return day
}
