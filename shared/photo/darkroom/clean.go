// Package darkroom makes clean photos of what visitors upload: decoded, turned upright, and written anew without
// anything but the picture. It is pure: no storage, no network, no clock.
package darkroom

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"

	"golang.org/x/image/draw"

	"steledesk/shared/photo"
)

const (
	quality      = 82 // of a clean photo, as image/jpeg counts
	thumbQuality = 74
)

// Make cleans an upload. It gives up when ctx ends, which is how long a hostile file may keep it busy. The error is a
// *photo.Refusal.
func Make(ctx context.Context, data []byte) (photo.Clean, error) {
	f, err := inspect(data)
	if err != nil {
		return photo.Clean{}, err
	}
	picture, err := decode(ctx, f, data)
	if err != nil {
		return photo.Clean{}, err
	}
	large := upright(fit(picture, photo.MaxSide), orientation(f, data))
	small := fit(large, photo.ThumbSide)
	c := photo.Clean{Width: large.Rect.Dx(), Height: large.Rect.Dy()}
	if c.JPEG, err = encode(large, quality); err == nil {
		c.Thumbnail, err = encode(small, thumbQuality)
	}
	if err != nil {
		return photo.Clean{}, &photo.Refusal{Reason: photo.Failed, Err: err}
	}
	return c, nil
}

// decode reads the picture. A decoder that panics has met a file it was not made for: that file is damaged, and the
// function goes on.
func decode(ctx context.Context, f format, data []byte) (picture image.Image, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = &photo.Refusal{Reason: photo.Damaged, Err: fmt.Errorf("decoder broke down: %v", broken)}
		}
	}()
	picture, err = f.decode(&patient{ctx, bytes.NewReader(data)})
	switch {
	case ctx.Err() != nil:
		return nil, &photo.Refusal{Reason: photo.Failed, Err: ctx.Err()}
	case err != nil:
		return nil, refusalOf(err)
	}
	return picture, nil
}

// patient reads until its context ends. Decoders read a few kilobytes at a time, so one that a file keeps busy, with
// thousands of scans over the whole picture, is stopped soon after.
type patient struct {
	ctx context.Context
	io.Reader
}

func (p *patient) Read(b []byte) (int, error) {
	if err := p.ctx.Err(); err != nil {
		return 0, err
	}
	return p.Reader.Read(b)
}

// fit gives a picture with its longer side no longer than side, on white where it is transparent.
func fit(picture image.Image, side int) *image.RGBA {
	b := picture.Bounds()
	w, h := b.Dx(), b.Dy()
	if longer := max(w, h); longer > side {
		w, h = max(w*side/longer, 1), max(h*side/longer, 1)
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	if w == b.Dx() && h == b.Dy() {
		draw.Draw(out, out.Rect, picture, b.Min, draw.Over)
	} else {
		draw.BiLinear.Scale(out, out.Rect, picture, b, draw.Over, nil)
	}
	return out
}

func encode(picture image.Image, quality int) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode photo: %w", err)
	}
	return out.Bytes(), nil
}
