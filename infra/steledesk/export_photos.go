package main

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/bucket"
	"steledesk/shared/dynamo"
)

// photoBook keeps, during an export, which photos may change while tickets are read. Each of its maps is by id, but for
// saved, which is by the key of an upload in the archive.
type photoBook struct {
	mu    sync.Mutex
	open  map[string]bool // not settled, or named by a ticket
	final map[string]bool // written as it will be for ever
	saved map[string]bool
}

func (b *photoBook) note(which *map[string]bool, id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if *which == nil {
		*which = map[string]bool{}
	}
	(*which)[id] = true
}

// waits reports whether a partition is a photo's that may still change: it is read again when all tickets were read, so
// that it knows of each ticket that names it.
func (b *photoBook) waits(together []dynamo.Item) bool {
	p, is := dynamo.PhotoOf(together[0])
	switch {
	case !is:
		return false
	case p.Settled && p.Kept:
		b.note(&b.final, p.ID)
		return false
	}
	b.note(&b.open, p.ID)
	return true
}

// name notes the photos that a ticket names: of one whose items were read before it was named, nothing was seen.
func (b *photoBook) name(together []dynamo.Item) {
	for _, id := range dynamo.PhotosNamed(together) {
		b.note(&b.open, id)
	}
}

// openPhotos writes the photos that may still change: the upload first and its items after it. The photo function
// settles a photo before it deletes the upload, so an item that is not settled has its upload in the archive, if there was
// one, and can be settled again where it is imported; and the clean photo of one that is settled is there to be listed.
func (x *exporting) openPhotos(ctx context.Context, from *objects) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for id := range x.photos.open {
		if !x.photos.final[id] {
			group.Go(func() error { return x.openPhoto(ctx, from, id) })
		}
	}
	return group.Wait()
}

func (x *exporting) openPhoto(ctx context.Context, from *objects, id string) error {
	key := bucket.Uploads + id
	there, err := from.save(ctx, x.to, photosBucket, key)
	if err != nil {
		return err
	}
	if there {
		x.photos.note(&x.photos.saved, key)
	}
	items, err := x.table.PhotoItems(ctx, id)
	if err != nil {
		return err
	}
	return x.write(items)
}
