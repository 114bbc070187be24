package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"steledesk/shared/visitor/visitortest"
)

func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return body
}

func TestListsAndCounts(t *testing.T) {
	f := newFunction(t)
	complaint, urgent, report, suggestion := f.file(visitortest.Complaint()), f.file(visitortest.Urgent()), f.file(visitortest.Report()), f.file(visitortest.Suggestion())
	tests := []struct {
		who, query string
		want       []string
	}{
		{"office", "", []string{urgent, complaint, suggestion}}, // soonest due first
		{"leader", "limit=1", []string{urgent}},
		{"ticketing", "", []string{complaint}},
		{"discipline", "", []string{report}},
		{"office", "section=discipline", nil},
		{"office", "kind=report", nil},
		{"office", "q=" + report, nil},
		{"discipline", "q=" + report, []string{report}},
		{"office", "q=" + strings.ToLower(complaint), []string{complaint}},
		{"office", "q=排队", []string{complaint}},
		{"office", "q=检票员", nil}, // the report's words
		{"office", "urgent=true", []string{urgent}},
		{"office", "due=week", []string{urgent}},
		{"office", "due=overdue", nil},
		{"office", "ended=true", nil},
		{"office", "state=answered", nil},
		{"office", "mine=true", nil},
		{"ticketing", "section=works", nil},
	}
	for _, test := range tests {
		status, body := f.do(call{who: test.who, route: "GET /v1/desk/tickets", query: test.query, after: time.Hour})
		if got := numbers(body); status != 200 || !slices.Equal(got, test.want) {
			t.Errorf("%s %s: got %d %v, want %v", test.who, test.query, status, got, test.want)
		}
	}
	if _, body := f.do(call{who: "office", route: "GET /v1/desk/counts", after: time.Hour}); body["open"] != 3.0 || body["urgent"] != 1.0 {
		t.Errorf("counts: %v", body)
	}
}

func TestBadQueries(t *testing.T) {
	f := newFunction(t)
	for query, want := range map[string]string{
		"state=flying": "/state", "kind=x": "/kind", "due=tomorrow": "/due", "limit=0": "/limit", "limit=x": "/limit", "limit=101": "/limit", "mine=1": "/mine",
	} {
		status, body := f.do(call{who: "office", route: "GET /v1/desk/tickets", query: query})
		if text := fmt.Sprint(body["fields"]); status != 422 || !strings.Contains(text, "pointer:"+want) {
			t.Errorf("%s: got %d %v", query, status, body)
		}
	}
	if status, body := f.do(call{who: "office", route: "GET /v1/desk/tickets", query: "cursor=x"}); status != 400 || body["code"] != "bad-cursor" {
		t.Errorf("got %d %v", status, body)
	}
}

// Pages by a cursor give every ticket once, over several queues of the real index.
func TestPagesAreWhole(t *testing.T) {
	f := newFunction(t)
	want := 0
	for i := range 30 {
		for _, filing := range []visitortest.Filing{visitortest.Complaint(), visitortest.Suggestion(), visitortest.Urgent(), visitortest.Report()}[:1+i%4] {
			filing.Key += fmt.Sprint(i)
			f.file(filing)
			if filing.Matter.Kind != visitortest.Report().Matter.Kind {
				want++
			}
		}
	}
	seen, cursor := map[string]bool{}, ""
	for range 40 {
		_, body := f.do(call{who: "office", route: "GET /v1/desk/tickets", query: "limit=7&cursor=" + cursor})
		for _, n := range numbers(body) {
			if seen[n] {
				t.Errorf("%s came twice", n)
			}
			seen[n] = true
		}
		if cursor, _ = body["next"].(string); cursor == "" {
			break
		}
	}
	if len(seen) != want {
		t.Errorf("%d seen, want %d", len(seen), want)
	}
}

// A 举报 is to everybody else as a number that does not exist, to the byte.
func TestReportsAreLikeNothing(t *testing.T) {
	f := newFunction(t)
	report := f.file(visitortest.Report())
	for _, who := range []string{"office", "leader", "ticketing"} {
		for _, c := range []call{
			{who: who, route: "GET /v1/desk/tickets/{number}"},
			commandCall(who, "", 1, "note", `{"text":"x"}`),
			commandCall(who, "", 9, "assign", `{"section":"works"}`),
			{who: who, route: "POST /v1/desk/tickets/{number}/contact", body: `{"reason":"x"}`},
		} {
			if who == "leader" && strings.HasSuffix(c.route, "contact") {
				continue // refused before
			}
			there, none := c, c
			there.number, none.number = report, "WX-00000000"
			a, b := f.serve(f.request(there)), f.serve(f.request(none))
			if a.StatusCode != 404 || a.Body != b.Body || fmt.Sprint(a.Headers) != fmt.Sprint(b.Headers) {
				t.Errorf("%s %s: %d %s, of nothing: %s", who, c.route, a.StatusCode, a.Body, b.Body)
			}
		}
	}
	if status, body := f.do(call{who: "discipline", route: "GET /v1/desk/tickets/{number}", number: report}); status != 200 || body["number"] != report {
		t.Errorf("discipline: %d %v", status, body)
	}
	out := f.serve(f.request(call{who: "office", route: "GET /v1/desk/audit/export"}))
	if strings.Contains(out.Body, report) {
		t.Errorf("the office's record names it: %s", out.Body)
	}
}

func TestIfMatch(t *testing.T) {
	f := newFunction(t)
	number := f.file(visitortest.Complaint())
	for header, want := range map[string]int{"": 428, `"7"`: 412, "*": 412, "x": 412, "-1": 412, `W/"1"`: 200} {
		c := commandCall("ticketing", number, 0, "note", `{"text":"x"}`)
		c.headers["if-match"] = header
		if status, body := f.do(c); status != want {
			t.Errorf("If-Match %q: got %d %v, want %d", header, status, body, want)
		}
	}
	// of two who read the same version one is told that the other was faster
	read := f.request(call{who: "ticketing", route: "GET /v1/desk/tickets/{number}", number: number})
	if out := f.serve(read); out.Headers["etag"] != `"2"` {
		t.Errorf("ETag %q", out.Headers["etag"])
	}
	f.give("ticketing", number, 2, "sign", "")
	if status, body := f.do(commandCall("ticketing-2", number, 2, "sign", "")); status != 412 || body["code"] != "changed" {
		t.Errorf("got %d %v", status, body)
	}
	f.give("ticketing", number, 2, "sign", "") // sent again
}

func TestRefusalsSayWhy(t *testing.T) {
	f := newFunction(t)
	number := f.file(visitortest.Complaint())
	tests := []struct {
		who, command, body string
		status             int
		code               string
	}{
		{"ticketing", "answer", `{"text":"x","outcome":"solved"}`, 409, "wrong-state"},
		{"ticketing", "urge", `{}`, 403, "not-allowed"},
		{"office", "sign", `{}`, 403, "not-allowed"},
		{"ticketing", "fly", `{}`, 409, "unknown-command"},
		{"ticketing", "return", `{}`, 422, "invalid"},
		{"ticketing", "extend", `{"days":90,"text":"x"}`, 422, "invalid"},
		{"ticketing", "extend", `{"days":-1,"text":"x"}`, 422, "invalid"},
		{"ticketing", "hand-over", `{"handler":"works"}`, 422, "invalid"},
		{"office", "transfer", `{"section":"nowhere"}`, 422, "invalid"},
		{"office", "decline", `{"reason":"because","text":"x"}`, 422, "invalid"},
		{"office", "transfer", `{"section":"works","colour":"red"}`, 422, "invalid"},
		{"office", "transfer", `{"section":`, 400, "malformed-json"},
	}
	for _, test := range tests {
		status, body := f.do(commandCall(test.who, number, 1, test.command, test.body))
		if status != test.status || body["code"] != test.code {
			t.Errorf("%s %s: got %d %v, want %d %s", test.command, test.body, status, body, test.status, test.code)
		}
	}
	_, body := f.do(commandCall("ticketing", number, 1, "extend", `{"days":90,"text":"x"}`))
	if text := fmt.Sprint(body["fields"]); !strings.Contains(text, "1 to 5 days") {
		t.Errorf("the most is not told: %v", text)
	}
}

// Nothing a visitor wrote, and nobody's contact, is in the log; and the contact is masked wherever nobody asked for it.
func TestContactIsMasked(t *testing.T) {
	f := newFunction(t)
	number := f.file(visitortest.Complaint())
	contact := visitortest.Complaint().Matter.Contact
	for _, c := range []call{
		{who: "ticketing", route: "GET /v1/desk/tickets/{number}", number: number}, {who: "office", route: "GET /v1/desk/tickets/{number}", number: number},
		{who: "office", route: "GET /v1/desk/tickets"}, commandCall("ticketing", number, 1, "sign", ""),
	} {
		out := f.serve(f.request(c))
		if out.StatusCode != 200 || strings.Contains(out.Body, contact.Phone) || strings.Contains(out.Body, contact.Name) {
			t.Errorf("%s: %d %s", c.route, out.StatusCode, out.Body)
		}
	}
	f.do(call{who: "ticketing", route: "POST /v1/desk/tickets/{number}/contact", number: number, body: `{"reason":"回电"}`})
	f.do(commandCall("ticketing", number, 1, "answer", `{"text":"秘密的话"`))
	for _, secret := range []string{contact.Phone, contact.Name, "回电", "秘密的话"} {
		if strings.Contains(f.log.String(), secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
	whats := f.record("office", 2)
	if !slices.Contains(whats, "contact-unmasked") || !slices.Contains(whats, "ticket-read") {
		t.Errorf("recorded: %v", whats)
	}
}
