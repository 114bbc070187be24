package office

import (
	"slices"
	"time"

	"steledesk/shared/ticket"
)

// Gone lists the ids of o's sections, categories and spots that next has no more.
func (o *Office) Gone(next *Office) (sections, categories, spots []string) {
	gone := func(ids []string, stays func(id string) bool) []string { return slices.DeleteFunc(ids, stays) }
	sections = gone(idsOf(o.Sections, func(s Section) string { return s.ID }), func(id string) bool { _, ok := next.Section(id); return ok })
	categories = gone(o.categoryIDs(), func(id string) bool { _, ok := next.Category(id); return ok })
	spots = gone(idsOf(o.Spots, func(s Spot) string { return s.ID }), func(id string) bool { _, ok := next.Spot(id); return ok })
	return sections, categories, spots
}

// MissingYears lists the years, of this one and, from October on, the next, whose holidays are not known: a deadline
// that reaches into one is left open. The State Council's notice for a year comes in the autumn before it.
func (o *Office) MissingYears(now time.Time) ([]int, error) {
	calendar, err := o.Calendar()
	if err != nil {
		return nil, err
	}
	now = now.In(ticket.Zone)
	years := []int{now.Year()}
	if now.Month() >= time.October {
		years = append(years, now.Year()+1)
	}
	return slices.DeleteFunc(years, func(year int) bool { return slices.Contains(calendar.Years(), year) }), nil
}
