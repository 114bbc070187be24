package main

import (
	"testing"

	"steledesk/shared/visitor/visitortest"
)

// FuzzVisit: whatever a visitor's program sends about a ticket is answered, and never as the desk's own fault.
func FuzzVisit(f *testing.F) {
	commands := []string{"", "message", "supply", "rating", "reopen", "withdraw", "contact", "verify", "push"}
	for i := range commands {
		for _, body := range []string{`{"text":"请问进展"}`, `{"solved":"yes","level":5}`, `{"name":"张三","phone":"13800001234"}`, `{"endpoint":"https://127.0.0.1/","keys":{"p256dh":"AA","auth":"AA"}}`, `{`, "\xff"} {
			f.Add(byte(i), body, "", "", "0123456789abcdef")
		}
	}
	f.Add(byte(1), `{"text":"x"}`, "wx 7k3fq2mk", "oooooiilll", "")
	f.Fuzz(func(t *testing.T, which byte, body, number, code, key string) {
		f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
		r := f.request(commands[int(which)%len(commands)], body)
		if number != "" {
			r.PathParameters["number"] = number
		}
		if code != "" {
			r.Headers["x-ticket-code"] = code
		}
		r.Headers["idempotency-key"] = key
		out, err := f.Serve(t.Context(), r)
		if err != nil || out.StatusCode >= 500 || out.StatusCode < 200 {
			t.Errorf("%s: %d %s, %v; log %s", r.RouteKey, out.StatusCode, out.Body, err, f.log.String())
		}
	})
}
