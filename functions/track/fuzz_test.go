package main

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/shared/push"
	"steledesk/shared/visitor/visitortest"
)

// phones are those of the table, where forgetting what is not there is no error.
type phones struct{ kept }

func (p phones) Unsubscribe(_ context.Context, number, place string) error {
	delete(p.kept, number+" "+place)
	return nil
}

// FuzzVisit: whatever a visitor's program sends about a ticket is answered, and never as the desk's own fault. An empty
// number or code stands for the ticket's own.
func FuzzVisit(f *testing.F) {
	routes := slices.Sorted(maps.Keys((&track{}).routes()))
	for _, name := range []string{
		"contact", "contact-delete", "message", "rate", "read", "reopen", "subscribe", "supply", "unsubscribe", "verify", "verify-keys", "withdraw", "wrong-code",
	} {
		var r events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(golden.Payload(f, "track/"+name), &r); err != nil {
			f.Fatal(err)
		}
		which, known := slices.BinarySearch(routes, r.RouteKey)
		if !known {
			f.Fatalf("%s calls %s, which is no route", name, r.RouteKey)
		}
		f.Add(byte(which), r.Body, "", "", r.Headers["idempotency-key"])
	}
	for i := range routes {
		for _, body := range []string{`{"text":"请问进展"}`, `{"solved":"yes","level":5}`, `{"name":"张三","phone":"13800001234"}`,
			`{"endpoint":"https://127.0.0.1/","keys":{"p256dh":"AA","auth":"AA"}}`, `{"endpoint":"https://fcm.googleapis.com@[::1]/"}`, `{"receipt":"R1.AA.AA"}`, `{`, "\xff"} {
			f.Add(byte(i), body, "", "", "0123456789abcdef")
		}
	}
	f.Add(byte(1), `{"text":"x"}`, "wx 7k3fq2mk", "oooooiilll", "")
	f.Fuzz(func(t *testing.T, which byte, body, number, code, key string) {
		f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
		f.desk.Phones, f.track.keys, f.track.pushKeys, f.track.pushHosts = phones{kept{}}, visitortest.Keys(), visitortest.Keys(), push.Hosts{"fcm.googleapis.com", "*.push.apple.com"}
		r := f.request("", body)
		r.RouteKey = routes[int(which)%len(routes)]
		r.Headers["content-type"], r.Headers["idempotency-key"] = "application/json", key
		if number != "" {
			r.PathParameters["number"] = number
		}
		if code != "" {
			r.Headers["x-ticket-code"] = code
		}
		out, err := f.Serve(t.Context(), r)
		if err != nil || out.StatusCode >= 500 || out.StatusCode < 200 || strings.Contains(out.Body, `"code":"not-found"`) {
			t.Errorf("%s: %d %s, %v; log %s", r.RouteKey, out.StatusCode, out.Body, err, f.log.String())
		}
		if s := f.log.String(); strings.Contains(s, url.QueryEscape(f.receipt.Code)) {
			t.Errorf("%s: the log tells the ticket's code: %s", r.RouteKey, s)
		}
	})
}
