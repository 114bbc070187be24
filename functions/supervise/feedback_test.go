package main

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

const filingKey = "0c9f2f9e-8a53-4a0b-9a51-5a0b6d1e7c01"

func filing(who, what, id, text string) call {
	return call{who: who, route: "POST /v1/feedback", body: fmt.Sprintf(`{"about":{"what":%q,"id":%q},"text":%q}`, what, id, text),
		headers: map[string]string{"idempotency-key": filingKey}}
}

func (f *function) filed(c call) string {
	f.t.Helper()
	status, body := f.do(c)
	if status != http.StatusCreated {
		f.t.Fatalf("got %d %v", status, body)
	}
	return body["number"].(string)
}

func (f *function) on(who, route, number, text string) (int, map[string]any) {
	f.t.Helper()
	c := call{who: who, route: route, params: map[string]string{"number": number}, at: visitortest.Nine.Add(time.Hour)}
	if text != "" {
		c.body = fmt.Sprintf(`{"text":%q}`, text)
	}
	return f.do(c)
}

// Feedback goes where the office's routing sends it, with a date, once for its key, and is found by who filed it alone.
func TestFeedbackIsFiledAndRouted(t *testing.T) {
	f := newFunction(t)
	complaint := visitortest.File(t, f.visitors, visitortest.Complaint()).Number
	tests := []struct{ what, id, section, about string }{
		{"section", "gardens", "gardens", "section:gardens"},
		{"spot", "BL01", "office", "spot:BL01"},
		{"ticket", complaint, "ticketing", "ticket:" + complaint},
		{"ticket", strings.ToLower(complaint), "ticketing", "ticket:" + complaint},
		{"openness", "", "office", "openness"},
	}
	for i, tt := range tests {
		c := filing("supervisor", tt.what, tt.id, "记录连续三天空白。")
		c.headers = map[string]string{"idempotency-key": fmt.Sprintf("%s-%d", filingKey, i)}
		number := f.filed(c)
		if again := f.filed(c); again != number {
			t.Errorf("%s: sent again it is %s, was %s", tt.what, again, number)
		}
		h, err := f.table.Head(t.Context(), number)
		due, _ := office.Default().Due(ticket.Feedback, false, visitortest.Nine)
		if err != nil || h.Kind != ticket.Feedback || h.Section != tt.section || h.About != tt.about || h.By != "supervisor" || !h.Due.AnswerBy.Equal(due.AnswerBy) {
			t.Errorf("%s: got %+v, %v; want it with %s about %s by %s", tt.what, h, err, tt.section, tt.about, due.AnswerBy)
		}
		if status, body := f.on("supervisor-2", "GET /v1/feedback/{number}", number, ""); status != 404 || body["code"] != "no-ticket" {
			t.Errorf("another supervisor reads it: %d %v", status, body)
		}
	}
	_, body := f.do(call{who: "supervisor", route: "GET /v1/feedback", query: "limit=3"})
	first := body["feedback"].([]any)
	_, rest := f.do(call{who: "supervisor", route: "GET /v1/feedback", query: "limit=3&cursor=" + body["next"].(string)})
	if second := rest["feedback"].([]any); len(first) != 3 || len(second) != 2 || rest["next"] != "" {
		t.Errorf("%d and %d in two pages, then %q; want 3, 2 and nothing", len(first), len(second), rest["next"])
	}
	if _, body := f.do(call{who: "supervisor-2", route: "GET /v1/feedback"}); len(body["feedback"].([]any)) != 0 {
		t.Errorf("another supervisor lists %v", body)
	}
	c := filing("supervisor", "openness", "", "另一条")
	c.headers = map[string]string{"idempotency-key": filingKey + "-0"}
	if status, body := f.do(c); status != 409 || body["code"] != "key-reused" {
		t.Errorf("another text under the key: %d %v", status, body)
	}
}

// Nothing tells a 举报 from a number nobody has: not filing about it, not reading it, not its place in any list.
func TestAReportIsLikeANumberNobodyHas(t *testing.T) {
	f := newFunction(t)
	report := visitortest.File(t, f.visitors, visitortest.Report()).Number
	visitortest.File(t, f.visitors, visitortest.Complaint())
	nobodys := "WX-00000000"
	for _, number := range []string{report, nobodys} {
		status, body := f.do(filing("supervisor", "ticket", number, "答复过于笼统"))
		if status != 404 || body["code"] != "no-ticket" || strings.Contains(fmt.Sprint(body), number) {
			t.Errorf("filing about %s: %d %v", number, status, body)
		}
		for route, text := range map[string]string{"GET /v1/feedback/{number}": "", "POST /v1/feedback/{number}/comment": "x", "POST /v1/feedback/{number}/unsettled": "x"} {
			if status, body := f.on("supervisor", route, number, text); status != 404 || body["code"] != "no-ticket" {
				t.Errorf("%s of %s: %d %v", route, number, status, body)
			}
		}
	}
	for _, query := range []string{"", "ended=true", "section=discipline", "state=assigned", "month=2026-11"} {
		_, body := f.do(call{who: "supervisor", route: "GET /v1/cases", query: query})
		if strings.Contains(fmt.Sprint(body), report) {
			t.Errorf("cases?%s: %v", query, body)
		}
	}
}

// What tells who somebody is is refused, by its kind, and nothing of it is stored.
func TestPersonalDataIsRefused(t *testing.T) {
	f := newFunction(t)
	number := f.filed(filing("supervisor", "section", "gardens", "记录空白"))
	for text, want := range map[string]string{
		"打 138 0000 1234 给他": "a phone number", "身份证431121199001011234": "an identity card number", "湘M12345乱停": "a number plate",
		"姓名：张三": "a name",
	} {
		for _, c := range []call{
			filing("supervisor", "section", "gardens", text),
			{who: "supervisor", route: "POST /v1/feedback/{number}/comment", params: map[string]string{"number": number}, body: fmt.Sprintf(`{"text":%q}`, text)},
		} {
			status, body := f.do(c)
			if status != 422 || !strings.Contains(fmt.Sprint(body["fields"]), want) || !strings.Contains(fmt.Sprint(body["fields"]), "/text") {
				t.Errorf("%s with %q: %d %v", c.route, text, status, body)
			}
		}
	}
	if s, err := f.table.Ticket(t.Context(), number); err != nil || len(s.Records) != 1 {
		t.Errorf("%d events, %v", len(s.Records), err)
	}
	for what, id := range map[string]string{"section": "discipline", "spot": "NOPE"} {
		if status, body := f.do(filing("supervisor", what, id, "记录空白")); status != 422 || !strings.Contains(fmt.Sprint(body["fields"]), "/about/id") {
			t.Errorf("%s %s: %d %v", what, id, status, body)
		}
	}
}

// From filing to not settled: a draft is nobody's to read, the answer is, a comment moves no date, and what is not settled
// begins again with a new one.
func TestFeedbackIsAnsweredAndNotSettled(t *testing.T) {
	f := newFunction(t)
	number := f.filed(filing("supervisor", "section", "gardens", "记录空白"))
	gardens := ticket.Actor{Role: ticket.SectionStaff, Login: "rake", Section: "gardens"}
	give := func(c ticket.Command) {
		c.Salt = string(c.Name)
		visitortest.Give(t, f.table, number, c, visitortest.Nine.Add(time.Hour))
	}
	if status, body := f.on("supervisor", "POST /v1/feedback/{number}/unsettled", number, "还没办"); status != 409 || body["code"] != "wrong-state" {
		t.Errorf("not settled before there is an answer: %d %v", status, body)
	}
	if status, body := f.on("supervisor", "POST /v1/feedback/{number}/comment", number, "补充：东侧也是"); status != 200 {
		t.Fatalf("comment: %d %v", status, body)
	}
	give(ticket.Command{Name: ticket.Sign, By: gardens})
	give(ticket.Command{Name: ticket.Answer, By: gardens, Outcome: ticket.OutcomeSolved, Text: "草稿答复"})
	if _, body := f.on("supervisor", "GET /v1/feedback/{number}", number, ""); strings.Contains(fmt.Sprint(body), "草稿答复") || strings.Contains(fmt.Sprint(body), "rake") {
		t.Errorf("a draft, or who wrote it, is told: %v", body)
	}
	give(ticket.Command{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "clerk", Section: "office"}})
	_, body := f.on("supervisor", "GET /v1/feedback/{number}", number, "")
	if text := fmt.Sprint(body); !strings.Contains(text, "草稿答复") || !strings.Contains(fmt.Sprint(body["commands"]), "unsettled") || strings.Contains(text, "clerk") {
		t.Errorf("answered: %v", body)
	}
	status, body := f.on("supervisor", "POST /v1/feedback/{number}/unsettled", number, "昨天看还是空白")
	if status != 200 || body["round"] != 2.0 || body["state"].(map[string]any)["id"] != "assigned" {
		t.Errorf("not settled: %d %v", status, body)
	}
}

// The term counts whole days in China: its first begins, and its last ends, at midnight there.
func TestTermOfOffice(t *testing.T) {
	f := newFunction(t)
	login := "for-two-days"
	a := account.Account{Login: login, Name: "监督员三", Roles: []ticket.Role{ticket.Supervisor}, PasswordHash: hash,
		Term: account.Term{From: "2026-11-24", Until: "2026-11-25"}}
	if err := f.table.PutAccount(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	midnight := time.Date(2026, 11, 24, 0, 0, 0, 0, ticket.Zone)
	for at, want := range map[time.Time]int{
		midnight.Add(-time.Second): 403, midnight: 200, midnight.AddDate(0, 0, 2).Add(-time.Second): 200, midnight.AddDate(0, 0, 2): 403,
	} {
		token, _, _, err := f.server.accounts.SignIn(t.Context(), login, password, at)
		if err != nil {
			t.Fatal(err)
		}
		f.tokens[login] = token
		for _, route := range []string{"GET /v1/feedback", "GET /v1/cases"} {
			status, body := f.do(call{who: login, route: route, at: at})
			if status != want || want == 403 && (body["code"] != "out-of-term" || !strings.Contains(fmt.Sprint(body["detail"]), "2026-11-25")) {
				t.Errorf("%s at %s: %d %v, want %d", route, at, status, body, want)
			}
		}
	}
}
