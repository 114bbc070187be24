package desk

import (
	"strings"
	"time"

	"golang.org/x/text/width"

	"steledesk/shared/account"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// Class says how soon a ticket is due.
type Class string

// The classes of being due.
const (
	Overdue  Class = "overdue"
	Today    Class = "today" // by the end of the day in China
	Soon     Class = "soon"  // within the two days after today
	Later    Class = "later"
	Undated  Class = "none"   // nothing is due: no deadline, or the ticket has ended
	Paused   Class = "paused" // the clock is stopped until the visitor answers
	soonDays       = 2
)

// DueClass says how soon the answer to h is due.
func DueClass(h ticket.Head, now time.Time) Class {
	by := h.Due.AnswerBy
	switch {
	case !h.State.Open() || by.IsZero():
		return Undated
	case h.State == ticket.Waiting:
		return Paused
	case now.After(by):
		return Overdue
	case by.Before(dayAfter(now, 0)):
		return Today
	case by.Before(dayAfter(now, soonDays)):
		return Soon
	}
	return Later
}

// dayAfter gives the midnight that ends the day n days after now's, in China.
func dayAfter(now time.Time, n int) time.Time {
	y, m, d := now.In(ticket.Zone).Date()
	return time.Date(y, m, d+n+1, 0, 0, 0, 0, ticket.Zone)
}

// Filter says which tickets somebody wants to see. Empty fields ask for nothing.
type Filter struct {
	Section  string
	State    ticket.State
	Kind     ticket.Kind
	Category string // of either level; a first level stands for all below it
	Spot     string
	Due      string // DueOverdue, DueToday or DueWeek
	Urgent   bool
	Mine     bool
	Ended    bool // the tickets that have ended, instead of the open ones
	Words    string
	Month    string // 2026-11: filed then, in China
}

// monthLayout is how a month is written.
const monthLayout = "2006-01"

// over reports whether nothing more that f asks for can come after a place: what has ended comes with the latest due
// first, and nothing is due before it is filed.
func (f Filter) over(place string) bool {
	begins, err := time.ParseInLocation(monthLayout, f.Month, ticket.Zone)
	return f.Ended && err == nil && place < begins.UTC().Format(time.DateOnly)
}

// What Filter.Due may ask for. What is overdue is in neither of the others.
const (
	DueOverdue = "overdue"
	DueToday   = "today"
	DueWeek    = "week" // within the seven days that begin with today
)

// until gives the time that everything asked for is due before; the zero time: there is none.
func (f Filter) until(now time.Time) time.Time {
	switch f.Due {
	case DueOverdue:
		return now
	case DueToday:
		return dayAfter(now, 0)
	case DueWeek:
		return dayAfter(now, 6)
	}
	return time.Time{}
}

// sieve is a filter in somebody's hands, at a time.
type sieve struct {
	Filter
	who    account.Principal
	office *office.Office
	now    time.Time
	words  []string
}

func (f Filter) sieve(who account.Principal, o *office.Office, now time.Time) sieve {
	return sieve{Filter: f, who: who, office: o, now: now, words: strings.Fields(fold(f.Words))}
}

// passes reports whether a row is asked for, and for the eyes of who asks.
func (s sieve) passes(r Row) bool {
	h := r.Head
	return s.who.Sees(h) && h.State.Open() != s.Ended && s.matches(h) && s.due(h) && s.said(r)
}

func (s sieve) matches(h ticket.Head) bool {
	is := func(want, got string) bool { return want == "" || want == got }
	if s.State == ticket.Assigned && !unsigned(h) {
		return false
	}
	return is(s.Section, h.Section) && is(string(s.State), string(h.State)) && is(string(s.Kind), string(h.Kind)) &&
		is(s.Spot, h.Spot) && is(s.Month, h.FiledAt.In(ticket.Zone).Format(monthLayout)) && s.inCategory(h.Category) && (!s.Urgent || h.Urgent) && (!s.Mine || h.Handler == s.who.Login)
}

func (s sieve) inCategory(id string) bool {
	if s.Category == "" || s.Category == id {
		return true
	}
	top, ok := s.office.TopCategory(id)
	return ok && top.ID == s.Category
}

func (s sieve) due(h ticket.Head) bool {
	class := DueClass(h, s.now)
	switch s.Due {
	case "":
		return true
	case DueOverdue:
		return class == Overdue
	case DueToday:
		return class == Today
	}
	return class != Overdue && class != Paused && class != Undated && h.Due.AnswerBy.Before(s.until(s.now))
}

// said reports whether every word asked for is in the gist, or in the names of spot and category.
func (s sieve) said(r Row) bool {
	if len(s.words) == 0 {
		return true
	}
	h, o := r.Head, s.office
	text := fold(strings.Join([]string{r.Gist, h.Spot, o.SpotName(h.Spot, "zh"), o.SpotName(h.Spot, "en"),
		o.CategoryName(h.Category, "zh"), o.CategoryName(h.Category, "en")}, "\n"))
	for _, word := range s.words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// fold makes texts comparable: people type full-width and capital letters as it comes.
func fold(s string) string { return strings.ToLower(width.Fold.String(s)) }
