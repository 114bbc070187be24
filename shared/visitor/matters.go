package visitor

import (
	"context"
	"errors"
	"slices"
	"time"

	"steledesk/shared/ticket"
)

// ErrNoSpot: the office has no such spot.
var ErrNoSpot = errors.New("no such spot")

// Brief is a ticket as lists have it.
type Brief struct {
	Head ticket.Head
	Gist string // the beginning of what the visitor wrote
}

const (
	lookBack   = 14 * 24 * time.Hour // how far back a spot's matters are looked for
	maxMatters = 100                 // and how many of them
)

// Reported is what others have reported at a spot and is not answered yet. It says nothing of who, of what they wrote,
// or of their tickets' numbers.
type Reported struct {
	Kind     ticket.Kind
	Category string
	State    ticket.State
	DaysAgo  int // since the last of them, in China's days
	Count    int
}

// Matters lists what is reported at a spot and being handled, the latest first, so that a visitor need not file it
// again. Errors: ErrNoSpot.
func (d *Desk) Matters(ctx context.Context, spot string, now time.Time) ([]Reported, error) {
	o, _, err := d.Offices.Current(ctx)
	if err != nil {
		return nil, err
	}
	if _, known := o.Spot(spot); !known {
		return nil, ErrNoSpot
	}
	briefs, err := d.Store.AtSpot(ctx, spot, now.Add(-lookBack), now, maxMatters)
	if err != nil {
		return nil, err
	}
	all := []Reported{}
	for _, b := range briefs {
		h := b.Head
		if !public(h) {
			continue
		}
		is := Reported{h.Kind, h.Category, stage(h.State), daysBetween(h.FiledAt, now), 1}
		same := slices.IndexFunc(all, func(r Reported) bool { return r.Kind == is.Kind && r.Category == is.Category && r.State == is.State })
		if same < 0 {
			all = append(all, is)
			continue
		}
		all[same].Count++
	}
	return all, nil
}

// public reports whether anybody may know that there is such a matter.
func public(h ticket.Head) bool {
	kinds := []ticket.Kind{ticket.Complaint, ticket.Suggestion, ticket.Enquiry}
	return slices.Contains(kinds, h.Kind) && h.Section != ticket.DisciplineSection && h.State.Open()
}

// stage is what of a state is anybody's business: whether somebody is at it.
func stage(s ticket.State) ticket.State {
	if s == ticket.Triage || s == ticket.Assigned {
		return ticket.Assigned
	}
	return ticket.Handling
}

// daysBetween counts the midnights of China between two times.
func daysBetween(from, to time.Time) int {
	day := func(t time.Time) time.Time {
		y, m, d := t.In(ticket.Zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(day(to).Sub(day(from)) / (24 * time.Hour))
}
