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

// count counts the filings of a batch, those before its first failure: from there on the stream sends them again. A
// batch that comes again as a whole, because this process died, is counted twice, which asks visitors for a little more
// work for some minutes and for nothing else. A count that fails is left out: no event is held up for it.
func (d *dispatcher) count(ctx context.Context, stored []ticket.Event, places []int, failed map[int]error) {
	for at, bySpot := range filed(stored, places, failed) {
		if err := d.counter.CountFilings(ctx, at, bySpot); err != nil {
			d.log.ErrorContext(ctx, "filings not counted", "error", err.Error())
		}
	}
}

// filed sorts what visitors filed by the minute and by the spot.
func filed(stored []ticket.Event, places []int, failed map[int]error) map[time.Time]map[string]int {
	end := first(failed)
	all := map[time.Time]map[string]int{}
	for i, e := range stored {
		if e.What != ticket.Filed || e.After.Canary || e.By.Role != ticket.Visitor || end >= 0 && places[i] >= end {
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
