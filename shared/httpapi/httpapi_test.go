package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/account"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

var nine = time.Date(2026, 11, 23, 9, 0, 0, 0, ticket.Zone)

// problem gives the answer to an error in a language.
func problem(t *testing.T, language string, err error) (events.APIGatewayV2HTTPResponse, Problem, string) {
	t.Helper()
	var log bytes.Buffer
	m := Mux{Log: slog.New(slog.NewJSONHandler(&log, nil)), Routes: Routes{
		"GET /x": func(context.Context, *Request) (Response, error) { return Response{}, err },
	}}
	e := events.APIGatewayV2HTTPRequest{RouteKey: "GET /x", Headers: map[string]string{"accept-language": language}}
	e.RequestContext.TimeEpoch = nine.UnixMilli()
	out, failed := m.Serve(t.Context(), e)
	if failed != nil {
		t.Fatal(failed)
	}
	var p Problem
	if err := json.Unmarshal([]byte(out.Body), &p); err != nil {
		t.Fatal(err)
	}
	return out, p, log.String()
}

// Every error a caller may see has its status, a stable code and words in both languages; every other is internal.
func TestErrorsAndTheirProblems(t *testing.T) {
	refusal := func(w ticket.Why) error { return &ticket.Refusal{Why: w, Field: "text", State: ticket.Closed} }
	tests := []struct {
		err    error
		status int
		code   string
	}{
		{ErrNoRoute, 404, "not-found"}, {&TooLarge{MaxBody}, 413, "too-large"}, {visitor.ErrNotFound, 404, "unknown-ticket"},
		{visitor.ErrKeyReused, 409, "key-reused"}, {visitor.ErrBusy, 503, "busy"}, {visitor.ErrChanged, 412, "changed"},
		{&visitor.Locked{Until: nine.Add(time.Minute)}, 429, "locked"}, {&account.Locked{Until: nine.Add(time.Minute)}, 429, "locked"},
		{account.ErrNoSession, 401, "unauthenticated"}, {account.ErrWrong, 401, "wrong-password"}, {account.ErrBusy, 503, "busy"},
		{errForbidden, 403, "forbidden"}, {errCSRF, 403, "csrf"}, {errMustChange, 403, "must-change"},
		{&account.Weak{Why: account.Short}, 422, "invalid"}, {&account.Weak{Why: account.Common}, 422, "invalid"},
		{&Invalid{Code: "malformed-json"}, 400, "malformed-json"}, {&Invalid{Code: "key-missing"}, 400, "key-missing"},
		{&Invalid{Code: "media-type"}, 415, "media-type"}, {&Invalid{Code: "invalid"}, 422, "invalid"},
		{refusal(ticket.WrongState), 409, "wrong-state"}, {refusal(ticket.NotAllowed), 403, "not-allowed"},
		{refusal(ticket.NotYours), 403, "not-yours"}, {refusal(ticket.UnknownCommand), 409, "unknown-command"},
		{refusal(ticket.Missing), 422, "invalid"}, {refusal(ticket.BadValue), 422, "invalid"},
		{refusal(ticket.TooLate), 409, "too-late"}, {refusal(ticket.TooMany), 409, "too-many"},
		{refusal(ticket.ReturnWasDeny), 409, "return-denied"}, {refusal(ticket.BarredHandler), 409, "barred-handler"},
		{refusal(ticket.Confidential), 403, "confidential"}, {refusal(ticket.NoConsent), 409, "no-consent"},
		{refusal(ticket.AlreadyDone), 409, "already-done"}, {errors.New("secret of the house"), 500, "internal"},
		{context.DeadlineExceeded, 500, "internal"},
	}
	for _, test := range tests {
		for _, language := range []string{"zh", "en"} {
			out, p, log := problem(t, language, fmt.Errorf("do it: %w", test.err))
			if out.StatusCode != test.status || p.Status != test.status || p.Code != test.code {
				t.Errorf("%v: got %d %s, want %d %s", test.err, out.StatusCode, p.Code, test.status, test.code)
			}
			if p.Detail == "" || p.Detail == "problem."+test.code || p.Title == "" || bytes.ContainsAny([]byte(p.Detail), "%!") {
				t.Errorf("%v in %s: title %q, detail %q", test.err, language, p.Title, p.Detail)
			}
			if out.Headers["content-type"] != "application/problem+json; charset=utf-8" || out.Headers["cache-control"] != "no-store" {
				t.Errorf("%v: headers %v", test.err, out.Headers)
			}
			if loud := bytes.Contains([]byte(log), []byte(`"level":"ERROR"`)); loud != (test.status >= 500) {
				t.Errorf("%v: logged %s", test.err, log)
			}
		}
	}
}

func TestUnknownRouteIsAProblem(t *testing.T) {
	m := Mux{Log: slog.New(slog.DiscardHandler)}
	out, err := m.Serve(t.Context(), events.APIGatewayV2HTTPRequest{RouteKey: "$default"})
	if err != nil || out.StatusCode != 404 {
		t.Errorf("got %d, %v", out.StatusCode, err)
	}
}

// After runs on every way out, or a warm function would be frozen in the middle of a reading.
func TestAfterRunsWhateverHappened(t *testing.T) {
	ran := 0
	m := Mux{Log: slog.New(slog.DiscardHandler), After: func() { ran++ }, Routes: Routes{
		"GET /x": func(context.Context, *Request) (Response, error) { return Response{Status: 200}, nil },
	}}
	for _, route := range []string{"GET /x", "GET /y"} {
		if _, err := m.Serve(t.Context(), events.APIGatewayV2HTTPRequest{RouteKey: route}); err != nil {
			t.Fatal(err)
		}
	}
	if ran != 2 {
		t.Errorf("ran %d times, want 2", ran)
	}
}

// Times go out in China's zone and to the second, whatever zone they came in.
func TestTime(t *testing.T) {
	for want, in := range map[string]time.Time{
		`null`:                        {},
		`"2026-11-23T09:00:00+08:00"`: nine.UTC().Add(987 * time.Millisecond),
	} {
		if got, err := json.Marshal(Time{in}); string(got) != want || err != nil {
			t.Errorf("got %s, %v; want %s", got, err, want)
		}
	}
}

// The clock of a call is the gateway's, to the millisecond, so that a desk with a shifted clock needs nothing here.
func TestRequestsClockAndLanguage(t *testing.T) {
	e := events.APIGatewayV2HTTPRequest{
		Headers: map[string]string{"accept-language": "zh-CN"}, QueryStringParameters: map[string]string{"lang": "en"},
	}
	e.RequestContext.TimeEpoch = nine.UnixMilli() + 7
	r := (&Mux{}).newRequest(e)
	if !r.Now.Equal(nine.Add(7*time.Millisecond)) || r.Now.Location() != ticket.Zone || r.Language != "en" {
		t.Errorf("got %s, %s", r.Now, r.Language)
	}
	if r.Header("Accept-LANGUAGE") != "zh-CN" {
		t.Error("a header's name counts in any case")
	}
}
