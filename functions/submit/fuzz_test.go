package main

import "testing"

// FuzzFile: whatever is sent to the form's and the photo slots' address is answered, and never as the desk's own fault.
func FuzzFile(f *testing.F) {
	for _, body := range []string{
		`{"kind":"complaint","category":"queueing","text":"排队太久"}`,
		`{"kind":"report","category":"ticketing","text":"x","contact":{"name":"游客","phone":"13800001234"},"photos":["../HEAD"]}`,
		`{"kind":"enquiry","category":"queueing","text":"\u0000","happenedAt":"0000-00-00T00:00:00Z"}`, `{"type":"image/jpeg"}`, `[[[[`, "\xff\xfe", ``,
	} {
		f.Add("POST /v1/tickets", body, "0123456789abcdef", "", false)
		f.Add("POST /v1/photos", body, "x", "token.proof", true)
	}
	f.Fuzz(func(t *testing.T, route, body, key, proof string, encoded bool) {
		if route != "POST /v1/photos" {
			route = "POST /v1/tickets"
		}
		f, r := newFunction(), request(body)
		r.RouteKey, r.IsBase64Encoded = route, encoded
		r.Headers["idempotency-key"], r.Headers["x-proof"] = key, proof
		out, err := f.Serve(t.Context(), r)
		if err != nil || out.StatusCode >= 500 || out.StatusCode < 200 {
			t.Errorf("%d %s, %v; log %s", out.StatusCode, out.Body, err, f.log.String())
		}
	})
}
