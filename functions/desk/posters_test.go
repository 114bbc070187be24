package main

import (
	"net/http"
	"strings"
	"testing"

	"steledesk/shared/office"
)

// The office prints the sheets of its spots; others do not, and what is no spot or no size is said to be none.
func TestPosters(t *testing.T) {
	f := newFunction(t)
	f.server.site = "https://wuxi.example.cn"
	sheet := func(who, route, spot, query string) (int, string, string) {
		r := f.request(call{who: who, route: route, query: query})
		r.PathParameters["spot"] = spot
		out := f.serve(r)
		return out.StatusCode, out.Headers["content-type"], out.Body
	}
	if _, body := f.do(call{who: "office", route: "GET /v1/office"}); body["site"] != f.server.site {
		t.Errorf("the page is told that codes lead to %v", body["site"])
	}
	status, kind, all := sheet("office", "GET /v1/office/posters", "", "size=A6")
	if spots := len(office.Default().Spots); status != http.StatusOK || strings.Count(all, `<svg xmlns="http://www.w3.org/2000/svg" width="105mm"`) != spots {
		t.Errorf("got %d %s, want %d sheets", status, kind, spots)
	}
	const one = "GET /v1/office/posters/{spot}"
	for _, test := range []struct {
		who, spot, query string
		want             int
	}{
		{"office", "BL01", "", http.StatusOK}, {"office", "XX99", "", http.StatusNotFound},
		{"office", "BL01", "size=A0", http.StatusUnprocessableEntity}, {"ticketing", "BL01", "", http.StatusForbidden},
		{"", "BL01", "", http.StatusUnauthorized},
	} {
		status, kind, body := sheet(test.who, one, test.spot, test.query)
		if drawn := kind == "image/svg+xml" && strings.Contains(body, "https://wuxi.example.cn/?p=BL01"); status != test.want || drawn != (test.want == http.StatusOK) {
			t.Errorf("%+v: got %d %s", test, status, kind)
		}
	}
}
