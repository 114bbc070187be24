package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime"
	"slices"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
)

// maxPhotos is how many bytes the photos of one form may have together. Lambda takes 6 MB of a call, and a form comes in
// base64, a third longer; what is more than that API Gateway refuses itself, in a word.
const maxPhotos = 4_400_000

// files reads the photos of a form; places that were left empty are none. The error is an *httpapi.Invalid when they
// are too large together.
func files(r *httpapi.Request) ([][]byte, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header("content-type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, nil
	}
	form, err := readParts(r, parameters["boundary"])
	if err != nil {
		return nil, &httpapi.Invalid{Code: "media-type"}
	}
	var all [][]byte
	size := 0
	for _, header := range form.File["photo"] {
		f, err := header.Open()
		if err != nil {
			return nil, fmt.Errorf("open photo of form: %w", err)
		}
		data, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("read photo of form: %w", err)
		}
		if size += len(data); len(data) > 0 {
			all = append(all, data)
		}
	}
	if size > maxPhotos {
		return nil, badPhotos("too-large", "")
	}
	return all, nil
}

// shot is a photo that came with a form, and the id it gets.
type shot struct {
	id   string
	data []byte
}

// takePhotos stores the photos of a form and puts their ids into it, where a page that comes back keeps them: nobody has to
// choose them again. An id follows from the form's key and the photo, so a form that is sent twice is the same form. What
// the form holds already, or what admit does not let through, is not stored.
func (s *site) takePhotos(ctx context.Context, r *httpapi.Request, key string, admit func(n int) error) error {
	fresh, err := s.freshPhotos(r, key)
	if err != nil || len(fresh) == 0 {
		return err
	}
	if err := s.fewPhotos(ctx, r, len(r.Form["photos"])+len(fresh)); err != nil {
		return err
	}
	if err := admit(len(fresh)); err != nil {
		return err
	}
	for _, p := range fresh {
		if err := s.photos.Post(ctx, p.id, p.data); err != nil {
			return err
		}
		r.Form.Add("photos", p.id)
	}
	return nil
}

// freshPhotos gives the photos that came with a form and that it does not name yet, each once.
func (s *site) freshPhotos(r *httpapi.Request, key string) ([]shot, error) {
	found, err := files(r)
	if err != nil {
		return nil, err
	}
	known := slices.Clone(r.Form["photos"])
	var fresh []shot
	for _, data := range found {
		id := httpapi.PhotoIDOf(s.desk.Keys, fmt.Sprintf("%s/%x", key, sha256.Sum256(data)))
		if !slices.Contains(known, id) {
			known, fresh = append(known, id), append(fresh, shot{id, data})
		}
	}
	return fresh, nil
}

// photosOf gives the ids of a form's photos. The error is an *httpapi.Invalid when one is not the desk's, or there are too
// many.
func (s *site) photosOf(ctx context.Context, r *httpapi.Request) ([]string, error) {
	ids := slices.Compact(slices.Sorted(slices.Values(r.Form["photos"])))
	if len(ids) != len(r.Form["photos"]) {
		return nil, badPhotos("unique", phrase.In(r.Language, "field.unique"))
	}
	if err := s.fewPhotos(ctx, r, len(ids)); err != nil {
		return nil, err
	}
	return r.Form["photos"], r.CheckPhotos(ids, s.desk.Keys)
}

// fewPhotos refuses more photos than the office allows.
func (s *site) fewPhotos(ctx context.Context, r *httpapi.Request, n int) error {
	o, _, err := s.desk.Offices.Current(ctx)
	if err != nil {
		return err
	}
	if most := o.Limits.InForce().Photos; n > most {
		return badPhotos("max-items", phrase.In(r.Language, "page.photo.most", most))
	}
	return nil
}

func badPhotos(code, message string) error {
	return &httpapi.Invalid{Code: "invalid", Fields: []httpapi.Field{{Pointer: "/photo", Code: code, Message: message}}}
}
