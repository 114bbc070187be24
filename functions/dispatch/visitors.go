package main

import (
	"context"
	"fmt"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Phones says whether anybody's phone waits for a ticket's news: *dynamo.Table.
type Phones interface {
	HasPhones(ctx context.Context, number string) (bool, error)
}

// tellVisitors sends what is news to visitors to their queue, once the sections have theirs. What no phone waits for
// costs one small Query and is not sent. A failure is the event's, as with sections.
func (d *dispatcher) tellVisitors(ctx context.Context, stored []ticket.Event, places []int, failed map[int]error) {
	var news []ticket.Event
	var from []int
	waits := map[string]bool{}
	for i, e := range stored {
		if !visitor.News(e) || failed[places[i]] != nil {
			continue
		}
		wanted, known := waits[e.Ticket]
		if !known {
			var err error
			if wanted, err = d.phones.HasPhones(ctx, e.Ticket); err != nil {
				failed[places[i]] = fmt.Errorf("%s: %w", e.ID(), err)
				continue
			}
			waits[e.Ticket] = wanted
		}
		if wanted {
			news, from = append(news, e), append(from, places[i])
		}
	}
	for i, err := range d.visitors.Send(ctx, news) {
		failed[from[i]] = fmt.Errorf("%s: %w", news[i].ID(), err)
	}
}
