package main

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/digest"
	"steledesk/shared/dynamo"
	"steledesk/shared/meeting"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// archive signs addresses and takes orders, and remembers them.
type archive struct{ orders []queue.DigestOrder }

func (*archive) Link(_ context.Context, key, name string) (string, error) {
	return "https://papers.example.cn/" + key + "?as=" + name, nil
}

func (a *archive) Order(_ context.Context, o queue.DigestOrder) error {
	a.orders = append(a.orders, o)
	return nil
}

func newMeetings(table *dynamo.Table) *meetings {
	a := &archive{}
	return &meetings{
		Office: &meeting.Office{Meetings: table, Decisions: table, Keys: visitortest.Keys(), Offices: visitortest.Office{}},
		store:  table, papers: a, orders: a,
	}
}

const plan = `{"status":"planned","when":"2026-11-26T09:00:00+08:00","place":"二楼会议室","agenda":["排队"],"attendance":[{"who":"监督员甲","presence":"present"}]}`

func at(route string, c call) call {
	c.route, c.params = route, map[string]string{"month": "2026-10", "decision": "1", "file": "digest.html"}
	return c
}

// meet makes a call that must succeed and gives its answer.
func (f *function) meet(who, route, body string, headers map[string]string) map[string]any {
	f.t.Helper()
	status, answer := f.do(at(route, call{who: who, body: body, headers: headers}))
	if status >= 300 {
		f.t.Fatalf("%s by %s: %d %v", route, who, status, answer)
	}
	return answer
}

const (
	planRoute    = "PUT /v1/meetings/{month}"
	readRoute    = "GET /v1/meetings/{month}"
	decideRoute  = "POST /v1/meetings/{month}/decisions"
	objectRoute  = "POST /v1/meetings/{month}/decisions/{decision}/unsettled"
	paperRoute   = "GET /v1/meetings/{month}/papers/{file}"
	orderRoute   = "POST /v1/meetings/{month}/digest"
	goodDecision = `{"text":"节假日加开两个售票窗口","section":"ticketing","answerBy":"2026-12-20T23:59:59+08:00"}`
)

func key(text string) map[string]string { return map[string]string{"idempotency-key": text} }

// A meeting from its plan to a decision that comes back.
func TestMeeting(t *testing.T) {
	f := newFunction(t)
	before := f.meet("supervisor", readRoute, "", nil)
	if before["status"] != "none" || before["editable"] != false {
		t.Errorf("before: %v", before)
	}
	f.meet("office", planRoute, plan, map[string]string{"if-match": `"0"`})
	if status, body := f.do(at(planRoute, call{who: "office", body: plan, headers: map[string]string{"if-match": `"0"`}})); status != 412 || body["code"] != "meeting-changed" {
		t.Errorf("over another's plan: %d %v", status, body)
	}
	for range 2 { // sent again
		f.meet("office", decideRoute, goodDecision, key("a-key-of-the-decision"))
	}
	read := f.meet("supervisor", readRoute, "", nil)
	decisions := read["decisions"].([]any)
	if len(decisions) != 1 || read["place"] != "二楼会议室" {
		t.Fatalf("got %v", read)
	}
	decided := decisions[0].(map[string]any)
	if decided["timing"] != "pending" || decided["settled"] != false || decided["text"] != "节假日加开两个售票窗口" {
		t.Errorf("got %v", decided)
	}
	c := f.request(at("GET /v1/meetings/{month}/minutes.docx", call{who: "supervisor"}))
	if out, err := f.Serve(t.Context(), c); err != nil || out.StatusCode != 200 || !out.IsBase64Encoded {
		t.Errorf("minutes: %d, a file: %v, %v", out.StatusCode, out.IsBase64Encoded, err)
	}
	objection := `{"text":"只开了一天","answerBy":"2026-12-30T23:59:59+08:00"}`
	if status, body := f.do(at(objectRoute, call{who: "supervisor", body: objection, headers: key("a-key-of-the-objection")})); status != 409 {
		t.Errorf("what is open is sent back: %d %v", status, body)
	}
	number := decided["ticket"].(string)
	clerk := ticket.Actor{Role: ticket.SectionStaff, Login: "ticketing", Section: "ticketing"}
	give := func(c ticket.Command) { visitortest.Give(t, f.table, number, c, visitortest.Nine) }
	give(ticket.Command{Name: ticket.Sign, By: clerk, Salt: "1"})
	give(ticket.Command{Name: ticket.Answer, By: clerk, Text: "已加开", Outcome: ticket.OutcomeSolved, Salt: "2"})
	give(ticket.Command{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "office"}, Salt: "3"})
	answered := f.meet("supervisor", readRoute, "", nil)["decisions"].([]any)[0].(map[string]any)
	if answered["settled"] != true || answered["answer"] != "已加开" {
		t.Errorf("answered: %v", answered)
	}
	back := f.meet("supervisor", objectRoute, objection, key("a-key-of-the-objection"))["decisions"].([]any)[0].(map[string]any)
	if back["settled"] != false || back["again"] != true || back["answer"] != "" || !strings.HasPrefix(back["answerBy"].(string), "2026-12-30") {
		t.Errorf("sent back: %v", back)
	}
}

// What is wrong is said at its field, and nothing is stored.
func TestBadMeetings(t *testing.T) {
	f := newFunction(t)
	if status, body := f.do(at(decideRoute, call{who: "office", body: goodDecision, headers: key("a-key-that-is-long")})); status != 409 || body["code"] != "not-planned" {
		t.Errorf("a decision of no meeting: %d %v", status, body)
	}
	f.meet("office", planRoute, plan, map[string]string{"if-match": "0"})
	for name, tt := range map[string]struct {
		route, body, pointer string
	}{
		"a presence that is none": {planRoute, strings.Replace(plan, `"present"`, `"asleep"`, 1), "/attendance/0/presence"},
		"a blank item":            {planRoute, strings.Replace(plan, `"排队"`, `" "`, 1), "/agenda/0"},
		"a date that is over":     {decideRoute, strings.Replace(goodDecision, "2026-12", "2026-10", 1), "/answerBy"},
		"no such section":         {decideRoute, strings.Replace(goodDecision, "ticketing", "boats", 1), "/section"},
		"no words":                {decideRoute, strings.Replace(goodDecision, "节假日加开两个售票窗口", "", 1), "/text"},
	} {
		status, body := f.do(at(tt.route, call{who: "office", body: tt.body, headers: map[string]string{"if-match": "1", "idempotency-key": "a-key-of-" + strings.ReplaceAll(name, " ", "-")}}))
		fields, _ := body["fields"].([]any)
		if status != 422 || len(fields) != 1 || fields[0].(map[string]any)["pointer"] != tt.pointer {
			t.Errorf("%s: %d %v", name, status, body)
		}
	}
	if all, err := f.table.DecisionsOf(t.Context(), "2026-10"); err != nil || len(all) != 0 {
		t.Errorf("stored: %v, %v", all, err)
	}
}

// The last second of year 9999 is in year 10000 in China, and the first of year 0 east of it is before: neither can be
// written as JSON, and both were a 500 once they had passed the decoder.
func TestTimesOfNoYearAreRefused(t *testing.T) {
	f := newFunction(t)
	f.meet("office", planRoute, plan, map[string]string{"if-match": "0"})
	f.meet("office", decideRoute, goodDecision, key("a-key-of-the-decision"))
	for _, when := range []string{"9999-12-31T23:59:59Z", "0000-01-01T00:00:00+14:00", "1999-12-31T23:59:59+08:00", "2201-01-01T00:00:00+08:00"} {
		objection := `{"text":"只开了一天","answerBy":"` + when + `"}`
		for route, tt := range map[string]struct{ body, pointer string }{
			planRoute:   {strings.Replace(plan, "2026-11-26T09:00:00+08:00", when, 1), "/when"},
			decideRoute: {strings.Replace(goodDecision, "2026-12-20T23:59:59+08:00", when, 1), "/answerBy"},
			objectRoute: {objection, "/answerBy"},
		} {
			status, body := f.do(at(route, call{who: "office", body: tt.body, headers: map[string]string{"if-match": "1", "idempotency-key": "a-key-of-no-year"}}))
			want := fmt.Sprintf("[map[code:plannable message:Must lie between 2000 and 2200 pointer:%s]]", tt.pointer)
			if got := fmt.Sprint(body["fields"]); status != 422 || got != want {
				t.Errorf("%s with %s: %d %v, want %s", route, when, status, body, want)
			}
		}
	}
}

// What a section writes to a decision is read by supervisors, and printed: whoever it names is hidden. What sends a
// decision back is held to the same as the decision itself.
func TestWhatIsSaidToDecisionsTellsNobody(t *testing.T) {
	f := newFunction(t)
	f.meet("office", planRoute, plan, map[string]string{"if-match": "0"})
	read := f.meet("office", decideRoute, goodDecision, key("a-key-of-the-decision"))
	number := read["decisions"].([]any)[0].(map[string]any)["ticket"].(string)
	clerk := ticket.Actor{Role: ticket.SectionStaff, Login: "ticketing", Section: "ticketing"}
	visitortest.Give(t, f.table, number, ticket.Command{Name: ticket.Sign, By: clerk, Salt: "1"}, visitortest.Nine)
	visitortest.Give(t, f.table, number, ticket.Command{Name: ticket.Answer, By: clerk, Text: "已加开，可找王小明先生 13800001234", Outcome: ticket.OutcomeSolved, Salt: "2"}, visitortest.Nine)
	visitortest.Give(t, f.table, number, ticket.Command{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "office"}, Salt: "3"}, visitortest.Nine)
	answered := f.meet("supervisor", readRoute, "", nil)["decisions"].([]any)[0].(map[string]any)
	if got := fmt.Sprint(answered); strings.Contains(got, "1380000") || strings.Contains(got, "王小明") || !strings.Contains(got, "已加开,可找***") {
		t.Errorf("a supervisor reads %s", got)
	}
	const objection = `{"text":"打13800001234没有人接","answerBy":"2026-12-30T23:59:59+08:00"}`
	for _, who := range []string{"supervisor", "office"} {
		status, body := f.do(at(objectRoute, call{who: who, body: objection, headers: key("a-key-of-the-objection")}))
		if status != 422 || !strings.Contains(fmt.Sprint(body["fields"]), "code:personal") {
			t.Errorf("%s sends it back with a telephone: %d %v", who, status, body)
		}
	}
}

// Papers are had of the newest edition, or of an older one that stays as it was.
func TestPapersAndOrders(t *testing.T) {
	f := newFunction(t)
	if status, body := f.do(at(paperRoute, call{who: "supervisor"})); status != 404 || body["code"] != "no-paper" {
		t.Errorf("before there is one: %d %v", status, body)
	}
	for n, reason := range []string{"", "节假日有误"} {
		e := meeting.Edition{Month: "2026-10", Number: n + 1, Hash: strings.Repeat("ab"[n:n+1], 64), At: visitortest.Nine, Reason: reason,
			Papers: []meeting.PaperRef{{Name: "digest.html", Type: "text/html", Size: 1}}, Digest: digest.Digest{Month: "2026-10", Whole: true}}
		if err := f.table.PutEdition(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	for query, want := range map[string]string{"": "/bbb", "edition=1": "/aaa", "edition=2": "/bbb"} {
		c := f.request(at(paperRoute, call{who: "supervisor", query: query}))
		out, err := f.Serve(t.Context(), c)
		if err != nil || out.StatusCode != 302 || !strings.Contains(out.Headers["location"], want) {
			t.Errorf("%q: %d %v, %v", query, out.StatusCode, out.Headers, err)
		}
	}
	if status, _ := f.do(at(paperRoute, call{who: "supervisor", query: "edition=7"})); status != 404 {
		t.Errorf("an edition that is none: %d", status)
	}
	editions := f.meet("leader", readRoute, "", nil)["editions"].([]any)
	if len(editions) != 2 || editions[0].(map[string]any)["reason"] != "节假日有误" {
		t.Errorf("editions: %v", editions)
	}
	f.meet("office", orderRoute, `{"reason":"重新统计"}`, nil)
	if a := f.server.meetings.orders.(*archive); len(a.orders) != 1 || a.orders[0].By != "office" || a.orders[0].Month != "2026-10" || a.orders[0].Reason != "重新统计" {
		t.Errorf("ordered %+v", a.orders)
	}
	list := f.meet("supervisor", "GET /v1/meetings", "", nil)["months"].([]any)
	if second := list[1].(map[string]any); len(list) != 12 || second["month"] != "2026-10" || second["editions"] != 2.0 {
		t.Errorf("months: %v", list)
	}
	if status, _ := f.do(call{who: "supervisor", route: "GET /v1/meetings", query: "until=October"}); status != 422 {
		t.Errorf("a month that is none: %d", status)
	}
}

// The office is reminded of terms that end, and nobody else learns of them.
func TestOfficeIsRemindedOfTermsThatEnd(t *testing.T) {
	f := newFunction(t)
	today := visitortest.Nine.In(ticket.Zone)
	day := func(days int) string { return today.AddDate(0, 0, days).Format(time.DateOnly) }
	for login, until := range map[string]string{"over": day(-1), "today": day(0), "soon": day(30), "later": day(31)} {
		a := account.Account{Login: login, Name: "演示监督员", Roles: []ticket.Role{ticket.Supervisor}, PasswordHash: hash,
			Term: account.Term{From: day(-300), Until: until}}
		if err := f.table.PutAccount(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	told := map[string]bool{}
	for _, one := range f.meet("office", "GET /v1/meetings", "", nil)["terms"].([]any) {
		one := one.(map[string]any)
		told[one["login"].(string)] = one["over"].(bool)
	}
	if want := map[string]bool{"over": true, "today": false, "soon": false}; !maps.Equal(told, want) {
		t.Errorf("told of %v, want %v", told, want)
	}
	for _, who := range []string{"supervisor", "leader"} {
		if terms := f.meet(who, "GET /v1/meetings", "", nil)["terms"].([]any); len(terms) > 0 {
			t.Errorf("%s is told of %v", who, terms)
		}
	}
}

// What a meeting decides is printed: somebody's telephone is not to be in it.
func TestDecisionHasNoPersonalData(t *testing.T) {
	f := newFunction(t)
	f.meet("office", planRoute, plan, map[string]string{"if-match": `"0"`})
	const text = `{"text":"请联系13800001234","section":"ticketing","answerBy":"2026-12-20T23:59:59+08:00"}`
	status, body := f.do(at(decideRoute, call{who: "office", body: text, headers: key("b0e3a0a4-6f0a-4d57-9d0b-6d8c7a8f1c24")}))
	if status != 422 || !strings.Contains(fmt.Sprint(body), "personal") {
		t.Errorf("%d %v", status, body)
	}
	if decided := f.meet("office", readRoute, "", nil)["decisions"].([]any); len(decided) != 0 {
		t.Errorf("decided %v", decided)
	}
}
