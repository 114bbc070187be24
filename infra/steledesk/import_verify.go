package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"steledesk/infra/steledesk/archive"
	"steledesk/shared/bucket"
	"steledesk/shared/photo"
)

// verify reads everything back. What went on meanwhile, as the clock and the photo function let it, is said and is no
// fault; events and contacts that are otherwise are one.
func (x *importing) verify(ctx context.Context, to *objects) error {
	c, err := x.compare(ctx)
	if err != nil {
		return err
	}
	files, err := x.readBack(ctx, to, c)
	if err != nil {
		return err
	}
	m := x.from.Manifest
	if bad := append(c.missing, files.bad...); len(bad) > 0 {
		return fmt.Errorf("stored and not there, or there otherwise: %s; give the same line again", some(bad))
	}
	if len(c.tampered) > 0 {
		return fmt.Errorf("not the same as in the export, and nothing the desk does makes them so: %s; who else writes into table %s? Import into another, empty one",
			some(c.tampered), x.stack.name)
	}
	said := "the same"
	if on := append(append(append(append(c.ownTickets, c.changed...), c.settled...), namesOf(c.extra)...), files.on...); len(on) > 0 {
		said = fmt.Sprintf("all there; new, or gone on meanwhile: %s", some(on))
	}
	fmt.Fprintf(x.env.out, "%s, %s, %s stored and read back: %s\ndigest %s\n", count(m.Tickets, "ticket"), count(m.Items, "item"), count(m.Objects, "file"), said, m.Digest)
	return nil
}

// readFiles is what reading files back came to.
type readFiles struct {
	mu  sync.Mutex
	bad []string // not there, or otherwise
	on  []string // otherwise, since the photo function went on with them
}

// readBack reads every file of the archive from its bucket.
func (x *importing) readBack(ctx context.Context, to *objects, c *comparison) (*readFiles, error) {
	files := &readFiles{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for o, err := range x.from.Objects() {
		if err != nil {
			return nil, errors.Join(err, group.Wait())
		}
		group.Go(func() error {
			same, there, err := to.same(ctx, o)
			if err != nil || same {
				return err
			}
			on, err := x.wentOn(ctx, o, there, c)
			if err != nil {
				return err
			}
			files.mu.Lock()
			defer files.mu.Unlock()
			name := "file " + o.Key
			if on {
				files.on = append(files.on, name)
			} else {
				files.bad = append(files.bad, name)
			}
			return nil
		})
	}
	return files, group.Wait()
}

// wentOn reports whether the photo function may have changed a file: an upload goes when its photo is settled, what was
// made of it is made again where the upload was imported too, and all of a photo goes with its item when that expired.
func (x *importing) wentOn(ctx context.Context, o archive.Object, there bool, c *comparison) (bool, error) {
	_, name, _ := strings.Cut(o.Key, "/")
	id, _, made := strings.Cut(name, ".")
	if o.Bucket != photosBucket || !photo.IsID(id) {
		return false, nil
	}
	items, err := x.stack.table.PhotoItems(ctx, id)
	if err != nil {
		return false, err
	}
	key := "P#" + id + " HEAD"
	switch {
	case len(items) == 0:
		return !there && c.over[key], nil
	case made:
		return there && c.pending[key] && isSettled(items[0]), nil
	}
	return !there && o.Key == bucket.Uploads+id && isSettled(items[0]), nil
}
