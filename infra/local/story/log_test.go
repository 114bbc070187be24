package story

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"steledesk/infra/local/sink"
	"steledesk/infra/local/stack"
	"steledesk/shared/ticket"
)

// printed keeps what functions print: lines of their logs.
type printed struct {
	slog.Handler
	mu    sync.Mutex
	lines []string
}

func (p *printed) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements slog.Handler: a line of a function is a record with the function's name.
func (p *printed) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "function" && strings.HasPrefix(r.Message, "{") {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.lines = append(p.lines, r.Message)
		}
		return true
	})
	return nil
}

func (p *printed) all() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.lines)
}

// said is what the test reads of a line.
type said struct {
	Message, RequestID, Request, Ticket, What, Code, Command, Function string
	Seq, Status                                                        int
}

// One matter's whole life, with a wrong code, a refused command and a channel that fails, leaves lines that all have a
// request and the ticket's number, and nothing of what anybody wrote or kept secret.
func TestALifeInTheLog(t *testing.T) {
	t.Parallel()
	log := &printed{Handler: slog.DiscardHandler}
	d := open(t, func(s *stack.Settings) { s.Logger = slog.New(log) })
	clerk, office := d.hire("log-clerk", ticket.SectionStaff, "ticketing"), d.hire("log-office", ticket.OfficeStaff)
	var tried atomic.Int32
	d.Sink().Fail(func(string, string, int) sink.Verdict {
		if tried.Add(1) == 1 {
			return sink.Verdict{Status: http.StatusBadGateway}
		}
		return sink.Verdict{}
	})
	key, wrong := rand.Text(), "ZZZZZ-ZZZZZ"
	r := d.file(key, complaint)
	d.file(key, complaint) // it is stored once, and said once
	phone := d.listener("log-phone")
	phone.subscribe(r, "zh-CN")
	d.until("the section is told", func() bool { return len(d.heard("ticketing", r.Number)) > 0 })

	if status, _, _ := d.send("GET", "/v1/tickets/"+strings.ToLower(r.Number), "", "X-Ticket-Code", wrong); status != http.StatusNotFound {
		t.Errorf("a wrong code: %d", status)
	}
	form := url.Values{"number": {r.Number}, "code": {wrong}, "text": {"催一下"}, "key": {key}}.Encode()
	if status, _, _ := d.send("POST", "/follow/message?lang=zh", form, "Content-Type", "application/x-www-form-urlencoded"); status != http.StatusNotFound {
		t.Errorf("a wrong code on the page: %d", status)
	}
	clerk.call("POST", "/v1/desk/tickets/"+r.Number+"/commands/answer", `{"outcome":"solved","text":"答得太早"}`, http.StatusConflict, nil, "If-Match", strconv.Itoa(1))
	clerk.give(r.Number, "sign", `{}`, ticket.Handling)
	clerk.give(r.Number, "ask", `{"text":"请问是哪个窗口"}`, ticket.Waiting)
	d.visit(r, "supply", `{"text":"东门二号窗口"}`)
	d.answered(clerk, office, r.Number)
	d.visit(r, "rating", `{"solved":"yes","level":5,"text":"很满意"}`)
	d.until("the phone is told", func() bool { return len(phone.told()) > 0 })
	d.until("all is quiet", d.drained)

	lines := log.all()
	t.Logf("%d lines, %d bytes", len(lines), len(strings.Join(lines, "\n")))
	count := map[string]int{}
	for _, line := range lines {
		count[saidAbout(t, line, r.Number)]++
		for _, private := range []string{
			"窗口排队", "游客", "13800001234", r.Code, strings.ReplaceAll(r.Code, "-", ""), wrong, key, "催一下", "答得太早", "哪个窗口", "东门", "增开窗口", "很满意", phone.endpoint(),
		} {
			if strings.Contains(line, private) {
				t.Errorf("%q is in the log: %s", private, line)
			}
		}
	}
	for what, n := range map[string]int{
		"stored filed": 1, "stored signed": 1, "stored asked": 1, "stored supplied": 1, "stored answered": 1, "stored approved": 1, "stored rated": 1,
		"refused unknown-ticket": 2, "refused wrong-state": 1, "section not told": 1, "message comes again": 1,
	} {
		if count[what] != n {
			t.Errorf("%q is said %d times, want %d: %v", what, count[what], n, count)
		}
	}
	for _, what := range []string{"carried", "received", "section told", "told"} {
		if count[what] == 0 {
			t.Errorf("%q is not said: %v", what, count)
		}
	}
	if t.Failed() {
		t.Logf("the log:\n%s", strings.Join(lines, "\n"))
	}
}

// notAbout are lines about no ticket.
var notAbout = []string{"outcomes", "swept"}

// saidAbout holds that a line names its request and the ticket, and gives what it says.
func saidAbout(t *testing.T, line, number string) string {
	t.Helper()
	var s said
	if err := json.Unmarshal([]byte(line), &s); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	if strings.Count(line, `"message":`) != 1 { // an attribute of that name hides what the line says
		t.Errorf("two messages in %s", line)
	}
	if s.RequestID == "" {
		t.Errorf("no requestId in %s", line)
	}
	if !slices.Contains(notAbout, s.Message) && !strings.Contains(line, number) {
		t.Errorf("no number in %s", line)
	}
	switch s.Message {
	case "stored", "refused", "failed":
		if s.Request == "" || s.Ticket != number {
			t.Errorf("no request or no ticket in %s", line)
		}
	}
	return strings.TrimSpace(s.Message + " " + s.What + s.Code)
}
