package main

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/httpapi"
	"steledesk/shared/office"
)

// oneVersion is what there is to know of a version before it is put in force again.
type oneVersion struct {
	Version   int             `json:"version"`
	Office    *office.Office  `json:"office"`    // addresses and secrets as stars
	Changes   []changeBody    `json:"changes"`   // what it changed in the version before it
	Restoring []changeBody    `json:"restoring"` // what restoring it would change in what is in force
	Problems  []httpapi.Field `json:"problems"`  // what of it the rules of today refuse
}

// readVersion shows a version, what it changed, and what restoring it would change.
func (s *server) readVersion(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	version, err := strconv.Atoi(r.Param("version"))
	if err != nil || version < 0 {
		return httpapi.Response{}, desk.ErrNoVersion
	}
	o, err := s.version(ctx, version)
	if err != nil {
		return httpapi.Response{}, err
	}
	body := oneVersion{Version: version, Office: office.Masked(o)}
	if body.Problems, err = s.problemsToday(r, o); err != nil {
		return httpapi.Response{}, err
	}
	if body.Changes, err = s.changesSince(ctx, max(version-1, 0), o); err != nil {
		return httpapi.Response{}, err
	}
	now, _, err := s.inForce(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	if body.Restoring, err = s.changes(now, o); err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(http.StatusOK, body)
}

// version reads a version with its channels opened; 0 is the built-in data. desk.ErrNoVersion.
func (s *server) version(ctx context.Context, version int) (*office.Office, error) {
	o, err := s.offices.OfficeAt(ctx, version)
	if errors.Is(err, dynamo.ErrNoVersion) {
		return nil, desk.ErrNoVersion
	}
	if err != nil {
		return nil, err
	}
	return s.opened(o)
}

// problemsToday lists what of an old version the rules of today refuse.
func (s *server) problemsToday(r *httpapi.Request, o *office.Office) ([]httpapi.Field, error) {
	var invalid *httpapi.Invalid
	switch _, err := s.checked(r, o); {
	case errors.As(err, &invalid):
		return invalid.Fields, nil
	case err != nil:
		return nil, err
	}
	return []httpapi.Field{}, nil
}

func (s *server) changesSince(ctx context.Context, version int, o *office.Office) ([]changeBody, error) {
	before, err := s.version(ctx, version)
	if err != nil {
		return nil, err
	}
	return s.changes(before, o)
}

// changes lists how office data differs; of addresses and secrets it tells only that they do.
func (s *server) changes(before, after *office.Office) ([]changeBody, error) {
	list, err := office.Differences(office.Fingerprinted(before, s.keys.Fingerprint), office.Fingerprinted(after, s.keys.Fingerprint))
	if err != nil {
		return nil, err
	}
	out := make([]changeBody, len(list))
	for i, c := range list {
		out[i] = changeBody{Sign: string(c.Sign), Path: c.Path, Text: c.Text}
	}
	return out, nil
}
