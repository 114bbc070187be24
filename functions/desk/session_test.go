package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"steledesk/shared/visitor/visitortest"
)

func (f *function) signIn(login, word string, after time.Duration) (int, map[string]any, []string) {
	f.t.Helper()
	out := f.serve(f.request(call{route: "POST /v1/session", body: `{"login":"` + login + `","password":"` + word + `"}`, after: after}))
	return out.StatusCode, decoded(f.t, out.Body), out.Cookies
}

func TestSigningInAndOut(t *testing.T) {
	f := newFunction(t)
	status, body, cookies := f.signIn("ticketing", password, 0)
	token, _ := body["token"].(string)
	if status != 201 || token == "" || len(cookies) != 1 {
		t.Fatalf("got %d %v %v", status, body, cookies)
	}
	for _, part := range []string{"steledesk=" + token, "HttpOnly", "Secure", "SameSite=Strict", "Path=/", "Max-Age=43200"} {
		if !strings.Contains(cookies[0], part) {
			t.Errorf("cookie %q lacks %s", cookies[0], part)
		}
	}
	f.tokens["ticketing"] = token
	if status, me := f.do(call{who: "ticketing", route: "GET /v1/desk/me"}); status != 200 || me["login"] != "ticketing" || me["csrf"] == "" {
		t.Errorf("me: %d %v", status, me)
	}
	if status, _ := f.do(call{who: "ticketing", route: "GET /v1/desk/me", after: 12 * time.Hour}); status != 401 {
		t.Errorf("after twelve hours: %d", status)
	}
	if status, _ := f.do(call{who: "ticketing", route: "DELETE /v1/session"}); status != 204 {
		t.Errorf("sign out: %d", status)
	}
	if status, _ := f.do(call{who: "ticketing", route: "GET /v1/desk/me"}); status != 401 {
		t.Errorf("signed out: %d", status)
	}
	if strings.Contains(f.log.String(), token) || strings.Contains(f.log.String(), password) {
		t.Errorf("secrets in the log: %s", f.log.String())
	}
}

func TestWrongPasswordsLockAndAreRecorded(t *testing.T) {
	f := newFunction(t)
	for i, login := range []string{"works", "works", "works", "works", "works", "Not A Login"} {
		if status, body, _ := f.signIn(login, "wrong", 0); status != 401 || body["code"] != "wrong-password" {
			t.Errorf("try %d: got %d %v", i, status, body)
		}
	}
	if status, body, _ := f.signIn("works", password, time.Minute); status != 429 || body["code"] != "locked" {
		t.Errorf("locked: got %d %v", status, body)
	}
	whats := f.record("office", 6)
	if n := len(slices.DeleteFunc(whats, func(w string) bool { return w != "sign-in-refused" })); n != 6 {
		t.Errorf("%d refusals are recorded, want 6", n)
	}
}

// record reads the day's record as somebody and gives what was done, newest first.
func (f *function) record(who string, least int) []string {
	f.t.Helper()
	status, body := f.do(call{who: who, route: "GET /v1/desk/audit"})
	if status != 200 {
		f.t.Fatalf("read the record: %d %v", status, body)
	}
	var whats []string
	for _, e := range body["entries"].([]any) {
		whats = append(whats, e.(map[string]any)["what"].(map[string]any)["id"].(string))
	}
	if len(whats) < least {
		f.t.Errorf("%d entries, want %d: %v", len(whats), least, whats)
	}
	return whats
}

func TestNewPassword(t *testing.T) {
	f := newFunction(t)
	change := func(old, fresh string) (int, map[string]any) {
		return f.do(call{who: "newcomer", route: "POST /v1/session/password", body: `{"old":"` + old + `","new":"` + fresh + `"}`})
	}
	if status, body := f.do(call{who: "newcomer", route: "GET /v1/desk/tickets"}); status != 403 || body["code"] != "must-change" {
		t.Errorf("before: %d %v", status, body)
	}
	if status, body := change(password, "short"); status != 422 || body["code"] != "invalid" {
		t.Errorf("short: %d %v", status, body)
	}
	if status, body := change("wrong one", "other unrelated words"); status != 401 || body["code"] != "wrong-password" {
		t.Errorf("wrong old one: %d %v", status, body)
	}
	if status, body := change(password, "other unrelated words"); status != 204 {
		t.Errorf("got %d %v", status, body)
	}
	if status, _ := f.do(call{who: "newcomer", route: "GET /v1/desk/tickets"}); status != 200 {
		t.Errorf("after: %d", status)
	}
}

func TestAuditIsReadAndExported(t *testing.T) {
	f := newFunction(t)
	complaint, report := f.file(visitortest.Complaint()), f.file(visitortest.Report())
	reveal := call{who: "ticketing", route: "POST /v1/desk/tickets/{number}/contact", number: complaint, body: `{"reason":"=HYPERLINK(\"x\")"}`}
	if status, body := f.do(reveal); status != 200 || body["phone"] != visitortest.Complaint().Matter.Contact.Phone {
		t.Fatalf("reveal: %d %v", status, body)
	}
	if status, body := f.do(call{who: "discipline", route: "POST /v1/desk/tickets/{number}/contact", number: report, body: `{"reason":"x"}`}); status != 404 || body["code"] != "no-contact" {
		t.Errorf("anonymous: %d %v", status, body)
	}
	out := f.serve(f.request(call{who: "office", route: "GET /v1/desk/audit/export", query: "day=2026-11-23"}))
	if out.StatusCode != 200 || !strings.Contains(out.Body, `"'=HYPERLINK(""x"")"`) || !strings.Contains(out.Body, complaint) || !strings.Contains(out.Body, "exported") {
		t.Errorf("export: %d %s", out.StatusCode, out.Body)
	}
	if status, body := f.do(call{who: "office", route: "GET /v1/desk/audit", query: "day=yesterday"}); status != 422 {
		t.Errorf("bad day: %d %v", status, body)
	}
	if status, body := f.do(call{who: "office", route: "GET /v1/desk/audit", query: "cursor=!"}); status != 400 || body["code"] != "bad-cursor" {
		t.Errorf("bad cursor: %d %v", status, body)
	}
}

// Who did what to which ticket is asked for by each of them; what discipline does to a report is in its record alone.
func TestTheRecordIsSearched(t *testing.T) {
	f := newFunction(t)
	complaint, report := f.file(visitortest.Complaint()), f.file(visitortest.Report())
	for who, number := range map[string]string{"ticketing": complaint, "discipline": report} {
		if status, body := f.do(commandCall(who, number, 1, "sign", `{}`)); status != 200 {
			t.Fatalf("sign: %d %v", status, body)
		}
	}
	for _, c := range []struct{ who, query, want string }{
		{"office", "act=handled", "Ticketing signed for it"}, {"office", "ticket=" + strings.ToLower(complaint), "Ticketing signed for it"},
		{"office", "who=TICKET&act=handled", "Ticketing signed for it"}, {"office", "act=handled&who=works", ""}, {"office", "act=seen&who=ticketing", ""},
		{"both", "ticket=" + report, "Discipline Inspection signed for it"}, {"both", "ticket=" + complaint, "Ticketing signed for it"},
		{"office", "ticket=" + report, ""}, {"discipline", "ticket=" + report, "Discipline Inspection signed for it"}, {"discipline", "ticket=" + complaint, ""},
	} {
		status, body := f.do(call{who: c.who, route: "GET /v1/desk/audit", query: c.query})
		var got []string
		for _, e := range body["entries"].([]any) {
			got = append(got, e.(map[string]any)["what"].(map[string]any)["name"].(string))
		}
		if status != 200 || strings.Join(got, " ") != c.want {
			t.Errorf("%s %s: got %d %q, want %q", c.who, c.query, status, got, c.want)
		}
	}
	for _, who := range []string{"both", "office", "discipline"} { // each book says who took it along
		out := f.serve(f.request(call{who: who, route: "GET /v1/desk/audit/export"}))
		if got, want := strings.Contains(out.Body, report), who != "office"; got != want {
			t.Errorf("%s takes the report along: %t, want %t", who, got, want)
		}
		if who != "both" && !strings.Contains(out.Body, "both,office,exported") {
			t.Errorf("%s does not read that the record was taken along:\n%s", who, out.Body)
		}
	}
	for query, pointer := range map[string]string{"ticket=WX-00000001": "/ticket", "act=all": "/act"} {
		if status, body := f.do(call{who: "office", route: "GET /v1/desk/audit", query: query}); status != 422 || !strings.Contains(fmt.Sprint(body), pointer) {
			t.Errorf("%s: %d %v", query, status, body)
		}
	}
}

func TestCells(t *testing.T) {
	for text, want := range map[string]string{"": "", "a": "a", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "\tx": "'\tx", "＝1": "'＝1", "电话": "电话"} {
		if got := cell(text); got != want {
			t.Errorf("%q: got %q", text, got)
		}
	}
}
