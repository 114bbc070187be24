package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/httpapi"
)

// FuzzBodies: no body that staff's programs can send fails otherwise than as bad input.
func FuzzBodies(f *testing.F) {
	for _, seed := range []string{
		`{"login":"ticketing","password":"three unrelated words"}`, `{"old":"a","new":"b"}`, `{"reason":"回电"}`,
		`{"text":"已修好","outcome":"solved","days":5,"to":"城管局"}`, `{"text":"\ud800","days":1e999}`, `{"a":{"a":{"a":[[[]]]}}}`, `[`, "\xff",
	} {
		f.Add("application/json", seed)
	}
	f.Add("text/plain", `{}`)
	routes := httpapi.Routes{"POST /": func(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
		var last error
		for _, body := range []any{new(signInBody), new(passwordBody), new(commandBody), new(reasonBody)} {
			if err := r.Decode(ctx, body, nil); err != nil {
				last = err
			}
		}
		return httpapi.Response{Status: http.StatusOK}, last
	}}
	f.Fuzz(func(t *testing.T, kind, body string) {
		var log bytes.Buffer
		mux := httpapi.Mux{Routes: routes, Language: httpapi.StaffLanguage, Log: slog.New(slog.NewJSONHandler(&log, nil))}
		out, err := mux.Serve(t.Context(), events.APIGatewayV2HTTPRequest{RouteKey: "POST /", Body: body, Headers: map[string]string{"content-type": kind}})
		if err != nil || out.StatusCode >= 500 {
			t.Errorf("%d %s, %v; log %s", out.StatusCode, out.Body, err, log.String())
		}
	})
}
