package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/seal"
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
	o, shut, err := s.version(ctx, version)
	if err != nil {
		return httpapi.Response{}, err
	}
	body := oneVersion{Version: version, Office: office.Masked(o)}
	if body.Problems, err = s.problemsToday(r, o, shut); err != nil {
		return httpapi.Response{}, err
	}
	before, shutBefore, err := s.version(ctx, max(version-1, 0))
	if err != nil {
		return httpapi.Response{}, err
	}
	if body.Changes, err = s.changes(without(before, o, shut), without(o, before, shutBefore)); err != nil {
		return httpapi.Response{}, err
	}
	now, _, err := s.inForce(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	if body.Restoring, err = s.changes(without(now, o, shut), o); err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(http.StatusOK, body)
}

// version reads a version with its channels opened, but for those that are shut for ever, by their places; 0 is the
// built-in data. desk.ErrNoVersion.
func (s *server) version(ctx context.Context, version int) (o *office.Office, shut []int, err error) {
	o, err = s.offices.OfficeAt(ctx, version)
	if errors.Is(err, dynamo.ErrNoVersion) {
		return nil, nil, desk.ErrNoVersion
	}
	if err != nil {
		return nil, nil, err
	}
	return s.openable(o)
}

// openable opens the channels one by one. Only what is in force is sealed anew before a key is removed: of older versions
// the addresses that it had sealed are left blank, and the rest can still be read.
func (s *server) openable(o *office.Office) (*office.Office, []int, error) {
	out, shut := *o, []int(nil)
	out.Channels = make([]office.Channel, len(o.Channels))
	for i, c := range o.Channels {
		opened, err := dynamo.OpenChannels(&office.Office{Channels: o.Channels[i : i+1]}, s.keys)
		switch {
		case err == nil:
			c = opened[0]
		case errors.Is(err, seal.ErrGone):
			c.URL, c.Secret = "", ""
			shut = append(shut, i)
		default:
			return nil, nil, fmt.Errorf("open office data: %w", err)
		}
		out.Channels[i] = c
	}
	return &out, shut, nil
}

// checked holds an old version, some of whose channels are shut, to the rules of today. A blank address may be one that
// the rules allow: it is a problem all the same, since it is not what that version said.
func (s *server) checked(r *httpapi.Request, o *office.Office, shut []int) error {
	text, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("encode office data: %w", err)
	}
	var fields []httpapi.Field
	var invalid *office.InvalidError
	if _, err := office.Parse("office.json", text); errors.As(err, &invalid) {
		fields = problems(r.Language, invalid)
	} else if err != nil {
		return err
	}
	for _, i := range shut {
		at := fmt.Sprintf("/channels/%d/url", i)
		fields = slices.DeleteFunc(fields, func(f httpapi.Field) bool { return f.Pointer == at })
		fields = append(fields, httpapi.Field{Pointer: at, Code: "invalid", Message: phrase.In(r.Language, "problem.channel-shut")})
	}
	if len(fields) == 0 {
		return nil
	}
	return &httpapi.Invalid{Code: "invalid", Where: phrase.In(r.Language, "problem.old-version"), Fields: fields}
}

// problemsToday lists what of an old version the rules of today refuse.
func (s *server) problemsToday(r *httpapi.Request, o *office.Office, shut []int) ([]httpapi.Field, error) {
	err := s.checked(r, o, shut)
	if invalid, ok := errors.AsType[*httpapi.Invalid](err); ok {
		return invalid.Fields, nil
	}
	return []httpapi.Field{}, err
}

// without leaves out the addresses of those channels that are shut in the other version: whether they changed, nobody can
// tell any more, and to say that they did would be made up.
func without(o, other *office.Office, shut []int) *office.Office {
	out := *o
	out.Channels = slices.Clone(o.Channels)
	for i, c := range out.Channels {
		isShut := slices.ContainsFunc(shut, func(at int) bool { return other.Channels[at].ID == c.ID })
		if isShut {
			out.Channels[i].URL, out.Channels[i].Secret = "", ""
		}
	}
	return &out
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
