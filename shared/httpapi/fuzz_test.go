package httpapi

import (
	"bytes"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"steledesk/shared/access"
	"steledesk/shared/account"
	"steledesk/shared/desk"
	"steledesk/shared/ticket"
)

// FuzzSessions: whatever stands in cookies and headers, a guarded route is reached only with the very token of somebody who
// may, and by a browser that changes something only with the page's own value.
func FuzzSessions(f *testing.F) {
	const token = "office.aaaaaaaaaaaaaaaaaaaaaaaaaa"
	routes := slices.DeleteFunc(slices.Sorted(maps.Keys(access.Routes)), access.Open)
	f.Add(byte(0), "steledesk="+token, "", account.CSRF(token))
	f.Add(byte(1), "", "Bearer "+token, "")
	f.Add(byte(2), "a=b; steledesk="+token+"; steledesk=x", "bearer  "+token+" ", "x")
	f.Add(byte(3), "steledesk=;=;;steledesk", "Basic "+token, strings.Repeat("a", 64))
	f.Add(byte(4), "\x00steledesk=office.", "Bearer\t"+token, "\xff")
	var called account.Principal
	people := signedIn{token: {Login: "office", Roles: []ticket.Role{ticket.OfficeStaff}}}
	mux := everyRoute(f, people, &called)
	f.Fuzz(func(t *testing.T, which byte, cookie, authorization, csrf string) {
		var log bytes.Buffer
		mux.Log, called = slog.New(slog.NewJSONHandler(&log, nil)), account.Principal{}
		e := call(routes[int(which)%len(routes)])
		e.Cookies = strings.Split(cookie, ";")
		e.Headers["authorization"], e.Headers["x-csrf-token"] = authorization, csrf
		out, err := mux.Serve(t.Context(), e)
		if err != nil || out.StatusCode >= 500 || log.Len() > 0 && strings.Contains(log.String(), token) {
			t.Fatalf("%d, %v; log %s", out.StatusCode, err, log.String())
		}
		if out.StatusCode != http.StatusNoContent {
			return
		}
		scheme, given, _ := strings.Cut(authorization, " ")
		byHeader := strings.EqualFold(scheme, "bearer") && strings.TrimSpace(given) == token
		byCookie := strings.Contains(cookie, token) && (e.RequestContext.HTTP.Method == http.MethodGet || csrf == account.CSRF(token))
		if !byHeader && !byCookie || called.Login != "office" || !access.Allowed(e.RouteKey, called) {
			t.Errorf("%s is open with cookie %q, authorization %q, csrf %q", e.RouteKey, cookie, authorization, csrf)
		}
	})
}

// FuzzIfMatch: what is no version is refused by its name, and what is read is the number that is written.
func FuzzIfMatch(f *testing.F) {
	for _, seed := range []string{"", `"1"`, `W/"7"`, "-1", `"`, "99999999999999999999", "١", `"1", "2"`, "*", "+1", " 0x1 ", "1_000"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, tag string) {
		r := &Request{}
		r.Event.Headers = map[string]string{"if-match": tag}
		version, err := r.IfMatch()
		switch {
		case errors.Is(err, errNoVersion) != (strings.TrimSpace(tag) == ""), err != nil && !errors.Is(err, errNoVersion) && !errors.Is(err, desk.ErrChanged):
			t.Errorf("%q: %v", tag, err)
		case err == nil && (version < 0 || !strings.Contains(tag, strconv.Itoa(version))):
			t.Errorf("%q is version %d", tag, version)
		}
	})
}

// FuzzTimes: what passes the rules for a time of a body can be written as JSON again, in the desk's zone.
func FuzzTimes(f *testing.F) {
	for _, seed := range []string{
		"2026-11-26T09:00:00+08:00", "9999-12-31T23:59:59Z", "0000-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "2200-12-31T23:59:59.999999999-23:59", "2026-02-30T00:00:00Z", "",
	} {
		f.Add(seed)
	}
	type body struct {
		Plan time.Time `json:"plan" validate:"required,plannable"`
		Past time.Time `json:"past" validate:"past"`
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"plan", "past"} {
			r := &Request{Now: time.Date(2026, 11, 23, 9, 0, 0, 0, ticket.Zone), Body: []byte(`{"plan":"2026-11-26T09:00:00+08:00","` + name + `":` + strconv.Quote(text) + `}`)}
			if name == "plan" {
				r.Body = []byte(`{"plan":` + strconv.Quote(text) + `}`)
			}
			r.Event.Headers = map[string]string{"content-type": "application/json"}
			var b body
			if r.Decode(t.Context(), &b, nil) != nil {
				continue
			}
			for _, at := range []time.Time{b.Plan, b.Past} {
				if _, err := ticket.Instant(at).MarshalJSON(); err != nil {
					t.Errorf("%s %q passes, and cannot be written: %v", name, text, err)
				}
			}
		}
	})
}
