package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"steledesk/shared/audit"
	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/httpapi"
	"steledesk/shared/office"
	"steledesk/shared/phrase"
)

// offices keeps the office data and every version of it: *dynamo.Table.
type offices interface {
	Office(ctx context.Context) (*office.Office, int, error)
	OfficeAt(ctx context.Context, version int) (*office.Office, error)
	OfficeHistory(ctx context.Context) ([]dynamo.OfficeVersion, error)
	PutOffice(ctx context.Context, o *office.Office, before int, by string, now time.Time, s dynamo.Sealer) (int, error)
}

// keys seal the channels' addresses, and tell whether two are the same: *seal.Keys.
type keys interface {
	dynamo.Sealer
	Fingerprint(text string) string
}

type officeBody struct {
	Version int            `json:"version"`
	Office  *office.Office `json:"office"` // addresses and secrets as stars
	// Warnings is what the data cannot do yet, with the place in it.
	Warnings []httpapi.Field `json:"warnings"`
	// Site is the address that the codes of the spots' sheets lead to.
	Site string `json:"site"`
}

type versionBody struct {
	Version  int             `json:"version"`
	Warnings []httpapi.Field `json:"warnings"`
}

// inForce reads the office data as it is now, channels opened: what is edited is never read from a cache.
func (s *server) inForce(ctx context.Context) (*office.Office, int, error) {
	o, version, err := s.offices.Office(ctx)
	if err != nil {
		return nil, 0, err
	}
	o, err = s.opened(o)
	return o, version, err
}

func (s *server) opened(o *office.Office) (*office.Office, error) {
	channels, err := dynamo.OpenChannels(o, s.keys)
	if err != nil {
		return nil, fmt.Errorf("open office data: %w", err)
	}
	out := *o
	out.Channels = channels
	return &out, nil
}

func (s *server) readOffice(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	o, version, err := s.inForce(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	warnings, err := s.standing(r, o)
	if err != nil {
		return httpapi.Response{}, err
	}
	answer, err := httpapi.JSON(http.StatusOK, officeBody{Version: version, Office: office.Masked(o), Warnings: warnings, Site: s.address(r)})
	if err == nil {
		answer.Headers["etag"] = fmt.Sprintf(`"%d"`, version)
	}
	return answer, err
}

func (s *server) putOffice(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	version, err := r.IfMatch()
	if err != nil {
		return httpapi.Response{}, err
	}
	before, _, err := s.inForce(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	next, err := s.sent(r, before)
	if err != nil {
		return httpapi.Response{}, err
	}
	return s.enforce(ctx, r, change{before: before, next: next, version: version, what: audit.OfficeChanged})
}

// change is office data that is to take the place of version.
type change struct {
	before, next *office.Office
	version      int
	what         audit.What
}

// enforce puts office data in force, and into the record who did. The record comes first: a change that is not
// recorded does not happen.
func (s *server) enforce(ctx context.Context, r *httpapi.Request, c change) (httpapi.Response, error) {
	warnings, err := s.warnings(ctx, r, c.before, c.next)
	if err == nil {
		err = refusal(warnings)
	}
	if err != nil {
		return httpapi.Response{}, err
	}
	entry := audit.Entry{At: r.Now, Who: r.Principal.Login, Role: r.Principal.Roles[0], What: c.what, Detail: fmt.Sprintf("after version %d", c.version)}
	if err := s.record.Record(ctx, entry); err != nil {
		return httpapi.Response{}, err
	}
	after, err := s.offices.PutOffice(ctx, c.next, c.version, r.Principal.Login, r.Now, s.keys)
	switch {
	case errors.Is(err, dynamo.ErrStale):
		return httpapi.Response{}, desk.ErrOfficeChanged
	case errors.Is(err, dynamo.ErrTooLarge):
		return httpapi.Response{}, &httpapi.TooLarge{Most: dynamo.MaxItem}
	}
	if err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(http.StatusOK, versionBody{Version: after, Warnings: warnings})
}

// sent reads the office data of a call's body. Where it has stars it means what is in force. An address that is new in
// it is one that the desk may call.
func (s *server) sent(r *httpapi.Request, inForce *office.Office) (*office.Office, error) {
	o, err := office.Parse("office.json", r.Body)
	var invalid *office.InvalidError
	switch {
	case errors.As(err, &invalid):
		return nil, &httpapi.Invalid{Code: "invalid", Fields: problems(r.Language, invalid)}
	case err != nil:
		return nil, err
	}
	o, err = office.Unmasked(o, inForce)
	if err != nil {
		return nil, &httpapi.Invalid{Code: "invalid", Fields: []httpapi.Field{{Pointer: "/channels", Code: "invalid", Message: err.Error()}}}
	}
	if bad := s.strange(r, inForce, o); len(bad) > 0 {
		return nil, &httpapi.Invalid{Code: "invalid", Fields: bad}
	}
	return o, nil
}

// problems tells what is wrong with office data as fields, in a language: sections[2].name.zh is /sections/2/name/zh.
func problems(language string, e *office.InvalidError) []httpapi.Field {
	fields := make([]httpapi.Field, len(e.Problems))
	for i, p := range e.Problems {
		fields[i] = httpapi.Field{Code: "invalid", Message: phrase.OfficeProblem(language, p.Wrong)}
		if p.Path != "" {
			fields[i].Pointer = "/" + strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(p.Path)
		}
		if p.Right != "" {
			fields[i].Message += phrase.In(language, "problem.office-right") + phrase.OfficeProblem(language, p.Right)
		}
	}
	return fields
}

type previewBody struct {
	Changes  []changeBody    `json:"changes"`
	Problems []httpapi.Field `json:"problems"`
	Warnings []httpapi.Field `json:"warnings"`
}

type changeBody struct {
	Sign string   `json:"sign"` // + added, - removed, ~ changed
	Path []string `json:"path"`
	Text string   `json:"text"`
}

// previewOffice says what putting the body in force would change, and changes nothing.
func (s *server) previewOffice(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	before, _, err := s.inForce(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	body := previewBody{Changes: []changeBody{}, Problems: []httpapi.Field{}, Warnings: []httpapi.Field{}}
	next, err := s.sent(r, before)
	var invalid *httpapi.Invalid
	switch {
	case errors.As(err, &invalid):
		body.Problems = invalid.Fields
		return httpapi.JSON(http.StatusOK, body)
	case err != nil:
		return httpapi.Response{}, err
	}
	if body.Changes, err = s.changes(before, next); err != nil {
		return httpapi.Response{}, err
	}
	if body.Warnings, err = s.warnings(ctx, r, before, next); err != nil {
		return httpapi.Response{}, err
	}
	return httpapi.JSON(http.StatusOK, body)
}

type versionsBody struct {
	Versions []oneVersionBody `json:"versions"`
}

type oneVersionBody struct {
	Version int          `json:"version"`
	By      string       `json:"by"`
	At      httpapi.Time `json:"at"`
}

func (s *server) officeVersions(ctx context.Context, _ *httpapi.Request) (httpapi.Response, error) {
	all, err := s.offices.OfficeHistory(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	body := versionsBody{Versions: []oneVersionBody{}}
	for _, v := range all {
		body.Versions = append(body.Versions, oneVersionBody{Version: v.Version, By: v.By, At: httpapi.Time{Time: v.At}})
	}
	return httpapi.JSON(http.StatusOK, body)
}

// restoreOffice puts an earlier version in force again, as a new one.
func (s *server) restoreOffice(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
	inPlace, err := r.IfMatch()
	if err != nil {
		return httpapi.Response{}, err
	}
	version, err := strconv.Atoi(r.Param("version"))
	if err != nil || version < 0 {
		return httpapi.Response{}, desk.ErrNoVersion
	}
	o, shut, err := s.version(ctx, version)
	if err != nil {
		return httpapi.Response{}, err
	}
	if err := s.checked(r, o, shut); err != nil {
		return httpapi.Response{}, err
	}
	before, _, err := s.inForce(ctx)
	if err != nil {
		return httpapi.Response{}, err
	}
	return s.enforce(ctx, r, change{before: before, next: o, version: inPlace, what: audit.OfficeRestored})
}
