package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"

	"steledesk/shared/httpapi"
	"steledesk/shared/ticket"
)

// maxPhotos is how many bytes the photos of one form may have together. Lambda takes 6 MB of a call, and a form comes in
// base64, a third longer; what is more than that API Gateway refuses itself, in a word.
const maxPhotos = 4_400_000

// bodies let forms with photos in: as much as Lambda takes.
var bodies = map[string]int{"POST /file": 6 << 20, "POST /follow/{command}": 6 << 20}

// typed reads the form a browser sent. Line breaks count as one character, as people see them. The form is kept with the
// request, so that what a handler adds is in the page that comes back. Errors: *httpapi.Invalid, *httpapi.TooLarge.
func typed(r *httpapi.Request) (url.Values, error) {
	if r.Form != nil {
		return r.Form, nil
	}
	values, err := readForm(r)
	var large *httpapi.TooLarge
	switch {
	case errors.As(err, &large):
		return nil, err
	case err != nil:
		return nil, &httpapi.Invalid{Code: "media-type"}
	}
	for _, all := range values {
		for i, text := range all {
			all[i] = strings.ReplaceAll(text, "\r\n", "\n")
		}
	}
	r.Form = values
	return values, nil
}

var errNoForm = errors.New("not a form")

func readForm(r *httpapi.Request) (url.Values, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header("content-type"))
	switch {
	case err != nil:
		return nil, err
	case kind == "application/x-www-form-urlencoded":
		if len(r.Body) > httpapi.MaxBody {
			return nil, &httpapi.TooLarge{Most: httpapi.MaxBody}
		}
		return url.ParseQuery(string(r.Body))
	case kind != "multipart/form-data":
		return nil, errNoForm
	}
	form, err := readParts(r, parameters["boundary"])
	if err != nil {
		return nil, err
	}
	return form.Value, checkSize(form.Value)
}

// checkSize holds the texts of a form with files to what they may be without.
func checkSize(values url.Values) error {
	size := 0
	for name, all := range values {
		for _, value := range all {
			size += len(name) + len(value)
		}
	}
	if size > httpapi.MaxBody {
		return &httpapi.TooLarge{Most: httpapi.MaxBody}
	}
	return nil
}

// readParts reads a form with files, all of it in memory, where it is already.
func readParts(r *httpapi.Request, boundary string) (*multipart.Form, error) {
	return multipart.NewReader(bytes.NewReader(r.Body), boundary).ReadForm(int64(len(r.Body)) + 1<<20)
}

// files reads the photos of a form; places that were left empty are none.
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
	for _, header := range form.File["photo"] {
		f, err := header.Open()
		if err != nil {
			return nil, fmt.Errorf("open photo of form: %w", err)
		}
		data, err := io.ReadAll(f)
		if err := errors.Join(err, f.Close()); err != nil {
			return nil, fmt.Errorf("read photo of form: %w", err)
		}
		if len(data) > 0 {
			all = append(all, data)
		}
	}
	return all, nil
}

// takePhotos stores the photos of a form and puts their ids into it, where a page that comes back keeps them: nobody has to
// choose them again. An id follows from the form's key and the photo, so a form that is sent twice is the same form.
func (s *site) takePhotos(ctx context.Context, r *httpapi.Request, key string) error {
	found, err := files(r)
	if err != nil || len(found) == 0 {
		return err
	}
	size, ids := 0, make([]string, len(found))
	for i, data := range found {
		size += len(data)
		ids[i] = httpapi.PhotoIDOf(s.desk.Keys, fmt.Sprintf("%s/%x", key, sha256.Sum256(data)))
	}
	if size > maxPhotos {
		return &httpapi.Invalid{Code: "invalid", Fields: []httpapi.Field{{Pointer: "/photo", Code: "too-large"}}}
	}
	for i, id := range ids {
		if slices.Contains(r.Form["photos"], id) {
			continue
		}
		if len(r.Form["photos"]) == ticket.MaxPhotos {
			return &httpapi.Invalid{Code: "invalid", Fields: []httpapi.Field{{Pointer: "/photo", Code: "too-many"}}}
		}
		if err := s.photos.Post(ctx, id, found[i]); err != nil {
			return err
		}
		r.Form.Add("photos", id)
	}
	return nil
}

// photosOf gives the ids of a form's photos. The error is an *httpapi.Invalid when one is not the desk's, or there are too
// many.
func (s *site) photosOf(r *httpapi.Request) ([]string, error) {
	ids := r.Form["photos"]
	if len(ids) > ticket.MaxPhotos {
		return nil, &httpapi.Invalid{Code: "invalid", Fields: []httpapi.Field{{Pointer: "/photo", Code: "too-many"}}}
	}
	return ids, r.CheckPhotos(ids, s.desk.Keys)
}
