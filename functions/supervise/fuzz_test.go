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

// FuzzBodies: no body that a supervisor or the office can send fails otherwise than as bad input.
func FuzzBodies(f *testing.F) {
	for _, seed := range []string{
		`{"about":{"what":"section","id":"ticketing"},"text":"排队"}`, `{"reason":"补数"}`,
		`{"status":"planned","when":"2026-11-26T09:00:00+08:00","agenda":["排队"],"attendance":[{"who":"甲","presence":"present"}]}`, `{"text":"整改","section":"works","answerBy":"2026-12-31T00:00:00+08:00"}`, `{"when":"+999999-01-01T00:00:00Z"}`, `{"text":"\ud800","days":1e999}`, `{"a":{"a":{"a":[[[]]]}}}`, `[`, "\xff",
	} {
		f.Add("application/json", seed)
	}
	f.Add("text/plain", `{}`)
	routes := httpapi.Routes{"POST /": func(ctx context.Context, r *httpapi.Request) (httpapi.Response, error) {
		var last error
		for _, body := range []any{new(planBody), new(orderBody), new(decideBody), new(objectionBody), new(feedbackBody), new(wordsBody)} {
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
