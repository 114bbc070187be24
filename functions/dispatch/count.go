package main

import (
	"context"
	"time"

	"steledesk/shared/ticket"
)

// Counter keeps the counts of filings that the limits against floods look at.
type Counter interface {
	// CountFilings adds filings, by spot, to the counts of the time they were filed at.
	CountFilings(ctx context.Context, at time.Time, bySpot map[string]int) error
}

// count counts the filings that were carried. A batch that comes again as a whole, because this process died, is counted twice, which asks visitors for a little more
// work for some minutes and for nothing else. A count that fails is left out: no event is held up for it.
func (d *dispatcher) count(ctx context.Context, carried []ticket.Event) {
	for at, bySpot := range filed(carried) {
		if err := d.counter.CountFilings(ctx, at, bySpot); err != nil {
			d.log.ErrorContext(ctx, "filings not counted", "error", err.Error())
		}
	}
}

// filed sorts what visitors filed by the minute and by the spot.
func filed(carried []ticket.Event) map[time.Time]map[string]int {
	all := map[time.Time]map[string]int{}
	for _, e := range carried {
		if e.What != ticket.Filed || e.After.Canary || e.By.Role != ticket.Visitor {
			continue
		}
		at := e.At.UTC().Truncate(countedBy)
		if all[at] == nil {
			all[at] = map[string]int{}
		}
		all[at][e.After.Spot]++
	}
	return all
}

// countedBy is how finely filings are told apart by time.
const countedBy = 5 * time.Minute

// carried gives the events of a batch before its first failure: from there on the stream sends them again, and those
// that arrived all the same are counted then.
func carried(stored []ticket.Event, places []int, failed map[int]error) []ticket.Event {
	end := first(failed)
	n := 0
	for n < len(stored) && (end < 0 || places[n] < end) {
		n++
	}
	return stored[:n]
}

// first gives the place of the first failure, -1 when there is none.
func first(failed map[int]error) int {
	least := -1
	for i := range failed {
		if least < 0 || i < least {
			least = i
		}
	}
	return least
}
