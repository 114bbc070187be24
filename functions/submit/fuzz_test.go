package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/shared/office"
	"steledesk/shared/suspicion"
	"steledesk/shared/visitor/visitortest"
)

// flood is the bit of an input that has it meet the counts of a flood, at the spot and in all.
const flood = 0x80

// FuzzFile: whatever is sent to the desk's front is answered, and never as its own fault. In a flood a proof is asked
// for and read.
func FuzzFile(f *testing.F) {
	routes := slices.Sorted(maps.Keys((&submit{}).routes()))
	which := func(route string) byte {
		i, known := slices.BinarySearch(routes, route)
		if !known {
			f.Fatalf("%s is no route", route)
		}
		return byte(i)
	}
	const key = "0123456789abcdef"
	token := suspicion.New(1, office.Limits{}.InForce(), visitortest.Nine).Token(key, visitortest.Keys().Fingerprint)
	for _, name := range []string{"catalog", "file-anonymous-report", "file-bad-fields", "file-complaint", "file-english", "file-urgent", "matters", "photo-slot"} {
		var r events.APIGatewayV2HTTPRequest
		if err := json.Unmarshal(golden.Payload(f, "submit/"+name), &r); err != nil {
			f.Fatal(err)
		}
		f.Add(which(r.RouteKey), r.Body, r.Headers["idempotency-key"], "", r.PathParameters["spot"], false)
	}
	for _, body := range []string{
		`{"kind":"complaint","category":"queueing","text":"排队太久","spot":"BL01"}`,
		`{"kind":"report","category":"ticketing","text":"x","contact":{"name":"游客","phone":"13800001234"},"photos":["../HEAD"]}`,
		`{"kind":"enquiry","category":"queueing","text":"\u0000","happenedAt":"0000-00-00T00:00:00Z"}`, `{"type":"image/jpeg"}`, `[[[[`, "\xff\xfe", ``,
	} {
		for _, proof := range []string{"", token, token + ":1", "token.proof", "-1.:", strings.Repeat("A", 32) + ":"} {
			f.Add(which("POST /v1/tickets"), body, key, proof, "", false)
			f.Add(which("POST /v1/tickets")|flood, body, key, proof, "", false)
			f.Add(which("POST /v1/photos")|flood, body, key, proof, "BL01", true)
		}
	}
	f.Fuzz(func(t *testing.T, which byte, body, key, proof, spot string, encoded bool) {
		f, r := newFunction(), request(body)
		if which&flood != 0 {
			f.counts.Set(map[string]int{"": 9999, "BL01": 9999}, nil)
		}
		r.RouteKey, r.IsBase64Encoded, r.PathParameters = routes[int(which&^flood)%len(routes)], encoded, map[string]string{"spot": spot}
		r.Headers["idempotency-key"], r.Headers["x-proof"] = key, proof
		out, err := f.Serve(t.Context(), r)
		if err != nil || out.StatusCode >= 500 || out.StatusCode < 200 || strings.Contains(out.Body, `"code":"not-found"`) {
			t.Errorf("%s: %d %s, %v; log %s", r.RouteKey, out.StatusCode, out.Body, err, f.log.String())
		}
	})
}
