package desk

import (
	"context"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// Uses says how many open tickets name each section, category and spot, by id. Of a long queue only the 200 tickets
// due soonest are counted: a number says that something is in use, and is exact while queues are short.
type Uses struct {
	Section, Category, Spot map[string]int
}

// OpenBy counts what the open tickets of an office name, reports left out.
func (d *Desk) OpenBy(ctx context.Context, o *office.Office) (Uses, error) {
	parts := make([]Part, len(o.Sections))
	group, ctx := errgroup.WithContext(ctx)
	for i, s := range o.Sections {
		if s.ID == ticket.DisciplineSection {
			continue
		}
		group.Go(func() (err error) {
			parts[i], err = d.Store.QueueSlice(ctx, Slice{Section: s.ID, Open: true, Limit: maxCounted})
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return Uses{}, err
	}
	u := Uses{Section: map[string]int{}, Category: map[string]int{}, Spot: map[string]int{}}
	for _, part := range parts {
		for _, row := range part.Rows {
			u.Section[row.Head.Section]++
			u.Category[row.Head.Category]++
			u.Spot[row.Head.Spot]++
		}
	}
	return u, nil
}
