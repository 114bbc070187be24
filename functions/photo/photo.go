package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"steledesk/shared/bucket"
	"steledesk/shared/photo"
	"steledesk/shared/photo/darkroom"
)

const (
	// maxTries is how often a photo may bring the function down: as often as Lambda tries an event by itself. The next
	// try refuses it.
	maxTries = 3
	// patience is how long one photo may be decoded: half of the function's time.
	patience = 30 * time.Second
)

// cleaner makes uploads into clean photos. Every step may come twice, and a function that dies at any of them leaves
// the upload where the next finds it:
//
//	read upload ─ count the try ─ decode ─ store clean photo ─ settle ─ delete upload
//	                   │ too often     │ no photo                ▲
//	                   └───────────────┴───── refuse ────────────┘
type cleaner struct {
	bucket  Bucket
	records Records
	log     *slog.Logger
}

// Bucket keeps uploads and clean photos: *bucket.Photos.
type Bucket interface {
	// Upload reads an upload. Errors: bucket.ErrNoUpload, *photo.Refusal.
	Upload(ctx context.Context, id string) ([]byte, error)
	Keep(ctx context.Context, id string, c photo.Clean) error
	DropUpload(ctx context.Context, id string) error
	Drop(ctx context.Context, id string) error
}

// Records keeps what became of photos: *dynamo.Table.
type Records interface {
	// BeginPhoto gives how often the photo was tried, this time with it; 0: it is settled.
	BeginPhoto(ctx context.Context, id string, now time.Time) (int, error)
	GiveBackPhoto(ctx context.Context, id string) error
	SettlePhoto(ctx context.Context, p photo.Photo) error
}

// handle does what an event asks for. Its error makes Lambda bring the event again: after three tries by itself, and
// then from the queue of failed events until uploads are a day old and go. Nobody reads its answer.
func (c *cleaner) handle(ctx context.Context, payload json.RawMessage) (any, error) {
	all, err := jobs(payload)
	if err != nil {
		c.log.ErrorContext(ctx, "event not understood", "error", err.Error())
		return nil, err
	}
	for _, j := range all {
		if err := c.do(ctx, j); err != nil {
			c.log.ErrorContext(ctx, "photo not done", "photo", j.id, "error", err.Error())
			return nil, err
		}
	}
	return nil, nil
}

func (c *cleaner) do(ctx context.Context, j job) error {
	if j.forget {
		return c.bucket.Drop(ctx, j.id)
	}
	data, err := c.bucket.Upload(ctx, j.id)
	if errors.Is(err, bucket.ErrNoUpload) { // it was dealt with, or its day is over
		return nil
	}
	var refusal *photo.Refusal
	if err != nil && !errors.As(err, &refusal) {
		return err
	}
	tries, err := c.records.BeginPhoto(ctx, j.id, j.at)
	switch {
	case err != nil:
		return err
	case tries == 0: // only the deletion was left to do, or the slot was used again
		return c.bucket.DropUpload(ctx, j.id)
	case refusal != nil:
		return c.refuse(ctx, j.id, refusal)
	case tries > maxTries:
		return c.refuse(ctx, j.id, &photo.Refusal{Reason: photo.Failed, Err: fmt.Errorf("%d tries ended before it was done", maxTries)})
	}
	return c.clean(ctx, j.id, data)
}

func (c *cleaner) clean(ctx context.Context, id string, data []byte) error {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	clean, err := darkroom.Make(limited, data)
	var refusal *photo.Refusal
	if errors.As(err, &refusal) {
		return c.refuse(ctx, id, refusal)
	}
	if err == nil {
		err = c.bucket.Keep(ctx, id, clean)
	}
	if err == nil {
		err = c.settle(ctx, photo.Photo{ID: id, State: photo.Ready, Width: clean.Width, Height: clean.Height})
	}
	if err != nil { // for nothing that is in the photo: this try does not count
		return errors.Join(err, c.records.GiveBackPhoto(ctx, id))
	}
	return nil
}

// refuse settles that a photo is never shown. A file that is no photo is its visitor's business; one that broke the
// decoder or wore it out is an operator's too.
func (c *cleaner) refuse(ctx context.Context, id string, r *photo.Refusal) error {
	if r.Reason == photo.Failed {
		c.log.ErrorContext(ctx, "photo could not be cleaned", "photo", id, "error", r.Error())
	}
	return c.settle(ctx, photo.Photo{ID: id, State: photo.Refused, Reason: r.Reason})
}

// settle notes what became of a photo and deletes what was uploaded.
func (c *cleaner) settle(ctx context.Context, p photo.Photo) error {
	if err := c.records.SettlePhoto(ctx, p); err != nil {
		return err
	}
	c.log.InfoContext(ctx, "photo settled", "photo", p.ID, "state", p.State, "reason", p.Reason)
	return c.bucket.DropUpload(ctx, p.ID)
}
