package main

import (
	"bytes"
	"errors"
	"mime"
	"mime/multipart"
	"net/url"
	"strings"

	"steledesk/shared/httpapi"
)

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
	if len(r.Body) == 0 { // nothing was filled in, of whatever type
		return url.Values{}, nil
	}
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
