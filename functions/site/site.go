package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"maps"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/httpapi"
	"steledesk/shared/openapi"
	"steledesk/shared/visitor"
	"steledesk/shared/web"
)

// site answers a visitor's browser.
type site struct {
	desk  *visitor.Desk
	gate  *visitor.Gate
	log   *slog.Logger
	after func() // at the end of each call
	// bucket is the origin that photos are sent to and shown from, as a policy names it; empty: none.
	bucket string
	// workers says whether phones keep the form for when there is no signal; off takes it back from those that do.
	workers string
	photos  Uploads
}

// Uploads takes photos of forms: *bucket.Photos.
type Uploads interface {
	Post(ctx context.Context, id string, data []byte) error
}

func (s *site) routes() httpapi.Routes {
	return httpapi.Routes{
		"GET /":                  s.home,
		"GET /file":              seeOther("/"),
		"POST /file":             s.file,
		"GET /follow":            s.find,
		"POST /follow":           s.follow,
		"GET /follow/{command}":  seeOther("/follow"),
		"POST /follow/{command}": s.command,
		"POST /receipt":          s.receiptAgain,
		"GET /receipt":           seeOther("/follow"),
		"POST /mine/saved":       s.saved,
		"POST /mine/keep":        s.remembered,
		"POST /mine/forget":      s.forget,
		"GET /mine/{command}":    seeOther("/follow"),
		"GET /verify":            s.verifyForm,
		"POST /verify":           s.verify,
		"GET /calendar/{file}":   s.calendar,
		"GET /about":             s.about,
		"GET /assets/{file}":     asset,
		"GET /sw.js":             s.worker,
		"GET /openapi.json":      describe,
		"GET /healthz":           health,
		"$default":               nowhere,
	}
}

// serve answers one call. Problems are pages: where there was a form it comes back with what was
// typed.
func (s *site) serve(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	mux := httpapi.Mux{
		Routes: s.routes(), Bodies: bodies, Language: language, Log: s.log, After: s.after,
		Render: s.problem,
	}
	if ofTheAPI(e) {
		mux.Render = nil
	}
	response, err := mux.Serve(ctx, e)
	response.Cookies = append(response.Cookies, remember(&httpapi.Request{Event: e})...)
	return response, err
}

// nowhere answers an address that no route has: a mistyped one, or a link that was cut.
func nowhere(context.Context, *httpapi.Request) (httpapi.Response, error) {
	return httpapi.Response{}, httpapi.ErrNoRoute
}

// ofTheAPI reports whether a call that no route has was a program's, which reads no pages.
func ofTheAPI(e events.APIGatewayV2HTTPRequest) bool {
	return e.RouteKey == "$default" && (e.RawPath == "/v1" || strings.HasPrefix(e.RawPath, "/v1/"))
}

// seeOther answers a phone that restores its tab, which asks again for where a form was sent to.
func seeOther(path string) httpapi.Handler {
	return func(_ context.Context, r *httpapi.Request) (httpapi.Response, error) {
		to := bareFrame(r, "").Link(path)
		return httpapi.Response{Status: http.StatusSeeOther, Headers: map[string]string{"location": to}}, nil
	}
}

func describe(context.Context, *httpapi.Request) (httpapi.Response, error) {
	return httpapi.Response{Status: http.StatusOK, Body: openapi.Document(), Headers: map[string]string{
		"content-type": "application/json; charset=utf-8", "cache-control": "public, max-age=300",
	}}, nil
}

// health says that the function answers. It asks nothing of AWS: a desk whose table is away still
// shows its pages, and says so itself.
func health(context.Context, *httpapi.Request) (httpapi.Response, error) {
	return httpapi.JSON(http.StatusOK, struct {
		Status string `json:"status"`
	}{"ready"})
}

// problem writes a problem as a page, in the form it arose in where there was one.
func (s *site) problem(ctx context.Context, r *httpapi.Request, p httpapi.Problem) httpapi.Response {
	response, err := s.formAgain(ctx, r, p)
	if err != nil {
		s.log.ErrorContext(ctx, "problem shown without its form", "route", r.Event.RouteKey, "error", err.Error())
		response, err = web.ProblemPage{Frame: bareFrame(r, "/"), Problem: p}.Show()
	}
	if err != nil {
		s.log.ErrorContext(ctx, "problem shown without a page", "error", err.Error())
		response = httpapi.Response{Body: []byte(p.Detail), Headers: map[string]string{"content-type": "text/plain; charset=utf-8"}}
	}
	response.Status = p.Status
	maps.Copy(response.Headers, p.Headers(response.Headers["content-type"]))
	return response
}

func (s *site) formAgain(ctx context.Context, r *httpapi.Request, p httpapi.Problem) (httpapi.Response, error) {
	frame, err := s.frame(ctx, r, "")
	if err != nil {
		return httpapi.Response{}, err
	}
	typed, err := typed(r)
	if err == nil && r.Event.RouteKey == "POST /file" {
		return s.fileForm(frame, typed, &p, r.Now).Show()
	}
	if err == nil && len(typed) > 0 {
		switch r.Event.RouteKey {
		case "POST /follow", "POST /receipt", "POST /mine/saved", "POST /mine/keep":
			frame.Here = "/follow"
			return s.findForm(r, frame, typed, &p).Show()
		case "POST /follow/{command}":
			return s.commandAgain(ctx, r, typed, p)
		}
	}
	frame.Here = "/"
	return web.ProblemPage{Frame: frame, Problem: p}.Show()
}

// newKey makes the key that a form carries so that sending it twice does it once.
func newKey() string { return rand.Text() }
