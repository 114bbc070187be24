package visitor

import (
	"context"
	"slices"
	"time"

	"steledesk/shared/photo"
	"steledesk/shared/ticket"
)

// Gallery shows photos to those who may see their ticket: *bucket.Gallery.
type Gallery interface {
	// Show gives what is known of photos, by their ids; of those that have not arrived nothing is.
	Show(ctx context.Context, ids []string) (map[string]photo.Photo, error)
}

// Photos gives what became of the photos that events name, by their ids. Nothing is asked where none is named.
// Those of an erased ticket are gone with what was written, and no word is said of them: their event says it.
func Photos(ctx context.Context, g Gallery, events []ticket.Event, now time.Time) (map[string]photo.Photo, error) {
	var ids []string
	for _, e := range events {
		ids = append(ids, e.Data.Photos...)
	}
	if len(ids) == 0 || g == nil || slices.ContainsFunc(events, func(e ticket.Event) bool { return e.What == ticket.Erased }) {
		return nil, nil
	}
	known, err := g.Show(ctx, ids)
	if err != nil {
		return nil, err
	}
	all := make(map[string]photo.Photo, len(ids))
	for _, e := range events {
		for _, id := range e.Data.Photos {
			p := known[id]
			p.ID = id
			all[id] = p.Seen(e.At, now)
		}
	}
	return all, nil
}
