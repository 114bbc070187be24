package story

import (
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"steledesk/infra/local/stack"
	"steledesk/shared/access"
	"steledesk/shared/openapi/openapitest"
	"steledesk/shared/ticket"
)

const misconduct = `{"kind":"report","category":"ticketing","spot":"BL01","text":"售票员把门票倒给黄牛","contact":{"name":"举报人甲","phone":"13900005678"}}`

// nobodys is a number that no ticket has.
var nobodys = ticket.NewNumber("WX", 1)

// wall is what stands between a 举报 and everybody but discipline.
type wall struct {
	t        *testing.T
	number   string // the report's
	outside  []*person
	traffic  *traffic
	tellTale []string // what would give the report away
}

// A report about ticketing's staff, from its filing to its end: discipline sees and handles it, and ticketing's clerk,
// the office and its leader find nothing of it by any call of the desk, in any queue or in any group.
func TestAReportBehindItsWall(t *testing.T) {
	t.Parallel()
	calls := &traffic{}
	d := open(t, func(s *stack.Settings) { s.Middleware = calls.middleware })
	clerk, inspector := d.hire("wall-clerk", ticket.SectionStaff, "ticketing"), d.hire("wall-discipline", ticket.Discipline)
	w := &wall{t: t, traffic: calls, outside: []*person{clerk, d.hire("wall-office", ticket.OfficeStaff), d.hire("wall-leader", ticket.Leader)}}
	d.file(rand.Text(), complaint)
	before := w.figures()

	r := d.file(rand.Text(), misconduct)
	w.number, w.tellTale = r.Number, []string{r.Number, "黄牛", "举报人", "13900005678", "139****5678"}
	w.holds("filed")
	if !inspector.lists(r.Number) {
		t.Error("discipline does not see it")
	}
	inspector.give(r.Number, "sign", `{}`, ticket.Handling)
	inspector.call("POST", "/v1/desk/tickets/"+r.Number+"/contact", `{"reason":"核实线索"}`, http.StatusOK, nil)
	inspector.give(r.Number, "ask", `{"text":"请说明大致时间"}`, ticket.Waiting)
	d.visit(r, "supply", `{"text":"国庆当天上午"}`)
	w.tellTale = append(w.tellTale, "大致时间", "国庆当天")
	w.holds("handled")
	inspector.give(r.Number, "answer", `{"outcome":"solved","text":"已立案处理。"}`, ticket.Answered)
	d.visit(r, "rating", `{"solved":"yes","level":5}`)
	if end := inspector.read(r.Number); end.State.ID != string(ticket.Closed) {
		t.Errorf("at the end: %s", end.State.ID)
	}
	w.holds("closed")
	if after := w.figures(); !slices.Equal(after, before) {
		t.Errorf("figures tell of it:\n%s\nbefore:\n%s", after, before)
	}
	var record struct{ Entries []struct{ Ticket string } }
	inspector.call("GET", "/v1/desk/audit", "", http.StatusOK, &record)
	if !slices.ContainsFunc(record.Entries, func(e struct{ Ticket string }) bool { return e.Ticket == r.Number }) {
		t.Error("discipline's record does not name it")
	}
	d.until("discipline is told", func() bool {
		return len(d.heard(ticket.DisciplineSection, r.Number))+len(d.mailed(ticket.DisciplineSection, r.Number)) > 0
	})
	d.until("all is quiet", d.drained)
	w.outsideTheDesk(d)
}

// figures are the counts that outsiders get, which the report must not move.
func (w *wall) figures() []string {
	var all []string
	for _, p := range w.outside {
		for _, path := range []string{"/v1/desk/counts", "/v1/desk/counts?section=ticketing", "/v1/desk/counts?section=discipline"} {
			_, body := p.ask("GET", path, "")
			all = append(all, p.login+" "+path+" "+body)
		}
	}
	return all
}

// holds tries every call of the desk that could tell of the report.
func (w *wall) holds(stage string) {
	w.t.Helper()
	for _, p := range w.outside {
		for _, path := range w.lists() {
			if _, body := p.ask("GET", path, ""); w.tells(body) {
				w.t.Errorf("%s: %s of %s gives %s", stage, path, p.login, body)
			}
		}
		for _, route := range slices.Sorted(maps.Keys(access.Routes)) {
			w.sameAsNothing(stage, p, route)
		}
	}
}

// lists are all calls that give several tickets or what was done to them, by everything that could find the report.
func (w *wall) lists() []string {
	paths := []string{"/v1/desk/tickets?kind=report", "/v1/desk/tickets?section=discipline", "/v1/desk/tickets?q=" + w.number,
		"/v1/desk/tickets?q=" + strings.ToLower(w.number[3:]), "/v1/desk/tickets?q=%E9%BB%84%E7%89%9B", "/v1/desk/tickets?spot=BL01",
		"/v1/desk/tickets?ended=true&kind=report", "/v1/desk/tickets?ended=true", "/v1/desk/tickets?state=closed&q=%E9%BB%84%E7%89%9B",
		"/v1/desk/tickets?category=ticketing&limit=100", "/v1/desk/tickets?due=week"}
	for route := range access.Routes { // whatever else is read without a number
		method, path, _ := strings.Cut(route, " ")
		if method == "GET" && strings.HasPrefix(path, "/v1/") && !strings.Contains(path, "{") {
			paths = append(paths, path)
		}
	}
	return paths
}

// sameAsNothing holds a call that names the report to the answer, and to the work in the table, of the same call with a
// number that no ticket has.
func (w *wall) sameAsNothing(stage string, p *person, route string) {
	w.t.Helper()
	method, path, _ := strings.Cut(route, " ")
	if !strings.Contains(path, "{number}") {
		return
	}
	commands := []string{"x"}
	if strings.Contains(path, "{command}") {
		commands = append([]string{"sign", "claim", "ask", "answer", "extend", "return", "hand-over", "note", "assign", "transfer", "uphold",
			"deny", "approve", "reject", "urge", "oversee", "decline", "refer", "publish", "link", "unlink"}, commands...)
	}
	for _, command := range commands {
		answers, work := map[string]string{}, map[string]string{}
		for _, number := range []string{w.number, nobodys} {
			at := strings.NewReplacer("{number}", number, "{command}", command).Replace(path)
			w.traffic.restart()
			body := `{"text":"x","reason":"other","section":"ticketing"}`
			if strings.HasSuffix(path, "/contact") {
				body = `{"reason":"x"}`
			}
			if method == "GET" {
				body = ""
			}
			status, answer := p.ask(method, at, body, "If-Match", "1")
			if status < 400 || w.tells(answer) && number != w.number {
				w.t.Errorf("%s: %s by %s: %d %s", stage, at, p.login, status, answer)
			}
			answers[number], work[number] = strings.ReplaceAll(answer, number, "N"), w.traffic.staffs()
		}
		if answers[w.number] != answers[nobodys] || work[nobodys] == "" || work[w.number] != work[nobodys] {
			w.t.Errorf("%s: %s %s by %s differs from that of no ticket:\n%s\n%s\n%s\n%s", stage, route, command, p.login,
				answers[w.number], answers[nobodys], work[w.number], work[nobodys])
		}
	}
}

// outsideTheDesk holds that no other section's queue, group or mailbox was told of the report, and that discipline was
// told no more than that there is one.
func (w *wall) outsideTheDesk(d *desk) {
	w.t.Helper()
	queued := false
	for _, q := range d.Status(w.t.Context()).Queues {
		for _, m := range q.Messages {
			body := string(m.Body)
			own := strings.HasSuffix(q.Name, "-"+ticket.DisciplineSection) && strings.Contains(body, w.number)
			queued = queued || own
			if !own && w.tells(body) || own && (strings.Contains(body, "BL01") || strings.Contains(body, "ticketing")) {
				w.t.Errorf("queue %s has %s", q.Name, body)
			}
		}
	}
	if !queued {
		w.t.Error("discipline's queue had nothing")
	}
	for _, m := range d.Sink().Messages() {
		if m.Section != ticket.DisciplineSection && w.tells(m.Raw) {
			w.t.Errorf("%s's group was told: %s", m.Section, m.Raw)
		}
	}
	for _, m := range d.Sink().Mails() {
		if !strings.HasPrefix(m.To[0], ticket.DisciplineSection+"@") && w.tells(m.Raw+m.Text) {
			w.t.Errorf("%s was mailed: %s", m.To, m.Text)
		}
	}
}

func (w *wall) tells(body string) bool {
	return slices.ContainsFunc(w.tellTale, func(s string) bool { return strings.Contains(body, s) })
}

// ask makes a call and gives its answer without what is of this one call.
func (p *person) ask(method, path, body string, header ...string) (int, string) {
	p.t.Helper()
	status, headers, answer := p.send(method, path, body, append(header, "Authorization", "Bearer "+p.token)...)
	bare, _, _ := strings.Cut(path, "?")
	openapitest.Check(p.t, method, bare, status, headers, answer)
	var problem map[string]any
	if status < 400 || json.Unmarshal(answer, &problem) != nil {
		return status, string(answer)
	}
	delete(problem, "request")
	text, err := json.Marshal(problem)
	if err != nil {
		p.t.Fatal(err)
	}
	return status, string(text)
}

// traffic is the calls that the staff's functions, desk and supervise, make to AWS.
type traffic struct {
	mu    sync.Mutex
	calls []string
}

func (f *traffic) middleware(service, action string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if agent := r.UserAgent(); strings.Contains(agent, "app/steledesk-desk") || strings.Contains(agent, "app/steledesk-supervise") {
			f.mu.Lock()
			f.calls = append(f.calls, service+"."+action)
			f.mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
}

func (f *traffic) restart() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = nil
}

func (f *traffic) staffs() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.Join(f.calls, " ")
}
