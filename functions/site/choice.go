package main

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"steledesk/shared/httpapi"
	"steledesk/shared/phrase"
	"steledesk/shared/web"
)

// choices are what a visitor may choose of every page, by ?name=value, and what it may be. A cookie
// remembers it; where there are none, links carry it on.
func choices() map[string][]string {
	return map[string][]string{"lang": phrase.Languages(), "elder": {"1", "0"}}
}

const year = 365 * 24 * 60 * 60 // seconds

// chosen gives what was chosen with this very call and the phone does not remember yet.
func chosen(r *httpapi.Request) url.Values {
	fresh := url.Values{}
	for name, values := range choices() {
		if value := r.Query(name); slices.Contains(values, value) && r.Cookie(name) != value {
			fresh.Set(name, value)
		}
	}
	return fresh
}

// remember writes the cookies of what was chosen. They tell nobody anything but how to show a page.
func remember(r *httpapi.Request) []string {
	var cookies []string
	for name, values := range chosen(r) {
		c := http.Cookie{Name: name, Value: values[0], Path: "/", MaxAge: year, HttpOnly: true, Secure: true, SameSite: http.SameSiteLaxMode}
		cookies = append(cookies, c.String())
	}
	slices.Sort(cookies)
	return cookies
}

// language is httpapi.Mux's: what was chosen comes before what the phone asks for.
func language(r *httpapi.Request) string {
	return phrase.Language(cmp.Or(r.Query("lang"), r.Cookie("lang"), r.Asked()))
}

// frame is what surrounds a page; here is its path when it can be asked for again.
func (s *site) frame(ctx context.Context, r *httpapi.Request, here string) (web.Frame, error) {
	o, _, err := s.desk.Offices.Current(ctx)
	f := bareFrame(r, here)
	f.Office, f.Bucket = o, s.bucket
	return f, err
}

// bareFrame is the frame while the office data cannot be read.
func bareFrame(r *httpapi.Request, here string) web.Frame {
	elder := cmp.Or(r.Query("elder"), r.Cookie("elder")) == "1"
	return web.Frame{Language: r.Language, Elder: elder, Here: here, Keep: chosen(r)}
}

// pushKey is what phones subscribe to news with; empty where they have no service worker, which alone can hear them.
func (s *site) pushKey() string {
	if s.workers == "off" {
		return ""
	}
	return s.desk.Keys.PushKey()
}

// worker serves the service worker.
func (s *site) worker(context.Context, *httpapi.Request) (httpapi.Response, error) {
	return web.Worker(s.bucket, s.workers == "off"), nil
}

// asset serves a script of the pages.
func asset(_ context.Context, r *httpapi.Request) (httpapi.Response, error) {
	if found, ok := web.Asset(r); ok {
		return found, nil
	}
	return httpapi.Response{}, httpapi.ErrNoRoute
}
