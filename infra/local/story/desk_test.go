package story

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/openapi/openapitest"
	"steledesk/shared/ticket"
)

const staffPassword = "several unrelated words"

// person is somebody who works at the desk, signed in over HTTP.
type person struct {
	*desk
	login, token string
}

// hire gives somebody an account and signs them in.
func (d *desk) hire(login string, role ticket.Role, sections ...string) *person {
	d.t.Helper()
	a := account.Account{Login: login, Name: login, Roles: []ticket.Role{role}, Sections: sections}
	if err := (account.Service{Store: d.table}).Add(d.t.Context(), a, staffPassword, time.Now()); err != nil {
		d.t.Fatal(err)
	}
	p := &person{desk: d, login: login}
	var session struct{ Token string }
	p.call("POST", "/v1/session", fmt.Sprintf(`{"login":%q,"password":%q}`, login, staffPassword), http.StatusCreated, &session)
	p.token = session.Token
	return p
}

// call makes a call that is to end with a status, holds the answer to the API's description and reads it into v.
func (p *person) call(method, path, body string, want int, v any, header ...string) {
	p.t.Helper()
	if p.token != "" {
		header = append(header, "Authorization", "Bearer "+p.token)
	}
	status, headers, answer := p.send(method, path, body, header...)
	bare, _, _ := strings.Cut(path, "?")
	openapitest.Check(p.t, method, bare, status, headers, answer)
	if status != want {
		p.t.Fatalf("%s: %s %s: got %d %s, want %d", p.login, method, path, status, answer, want)
	}
	if v == nil {
		return
	}
	if err := json.Unmarshal(answer, v); err != nil {
		p.t.Fatal(err)
	}
}

// deskTicket is what the story reads of a ticket.
type deskTicket struct {
	Number   string
	State    struct{ ID string }
	Section  struct{ ID string }
	Handler  string
	Version  int
	Round    int
	AnswerBy time.Time
	Contact  *struct{ Name, Phone string }
	Commands []string
}

func (p *person) read(number string) deskTicket {
	p.t.Helper()
	var k deskTicket
	p.call("GET", "/v1/desk/tickets/"+number, "", http.StatusOK, &k)
	return k
}

// give reads a ticket and gives a command to what was read. The ticket is to be in state after it.
func (p *person) give(number, command, body string, state ticket.State) deskTicket {
	p.t.Helper()
	before := p.read(number)
	if !slices.Contains(before.Commands, command) {
		p.t.Fatalf("%s is not offered %s in %s: %v", p.login, command, before.State.ID, before.Commands)
	}
	var after deskTicket
	p.call("POST", "/v1/desk/tickets/"+number+"/commands/"+command, body, http.StatusOK, &after, "If-Match", strconv.Itoa(before.Version))
	if after.State.ID != string(state) || after.Version <= before.Version {
		p.t.Fatalf("%s by %s: state %s, version %d after %d; want %s", command, p.login, after.State.ID, after.Version, before.Version, state)
	}
	return after
}

func (p *person) lists(number string) bool {
	p.t.Helper()
	var list struct{ Tickets []deskTicket }
	p.call("GET", "/v1/desk/tickets?limit=100", "", http.StatusOK, &list)
	return slices.ContainsFunc(list.Tickets, func(k deskTicket) bool { return k.Number == number })
}

// visit is a visitor's command.
func (d *desk) visit(r receipt, command, body string) {
	d.t.Helper()
	status, header, answer := d.send("POST", "/v1/tickets/"+r.Number+"/"+command, body, "X-Ticket-Code", r.Code)
	openapitest.Check(d.t, "POST", "/v1/tickets/"+r.Number+"/"+command, status, header, answer)
	if status != http.StatusOK {
		d.t.Fatalf("%s: %d %s", command, status, answer)
	}
}

// Four people and a visitor play a matter from its filing to its end, with every turn it can take.
func TestALifeAtTheDesk(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	tickets, office := d.hire("story-ticketing", ticket.SectionStaff, "ticketing"), d.hire("story-office", ticket.OfficeStaff)
	first, second := d.hire("story-first", ticket.SectionStaff, "visitors"), d.hire("story-second", ticket.SectionStaff, "visitors")
	r := d.file(rand.Text(), complaint)
	n := r.Number

	tickets.give(n, "sign", `{}`, ticket.Handling)
	tickets.give(n, "return", `{"text":"排队疏导归游客服务中心"}`, ticket.Returned)
	first.call("GET", "/v1/desk/tickets/"+n, "", http.StatusNotFound, nil) // not theirs yet
	office.give(n, "uphold", `{}`, ticket.Triage)
	office.give(n, "assign", `{"section":"visitors"}`, ticket.Assigned)
	tickets.call("GET", "/v1/desk/tickets/"+n, "", http.StatusNotFound, nil) // not theirs any more
	if !first.lists(n) || tickets.lists(n) || !office.lists(n) {
		t.Error("the lists do not follow the ticket")
	}

	signed := first.give(n, "sign", `{}`, ticket.Handling)
	if signed.Handler != "story-first" || signed.Contact == nil || signed.Contact.Name != "游*" || signed.Contact.Phone != "138****1234" {
		t.Errorf("signed: %+v, contact %+v", signed, signed.Contact)
	}
	if extended := first.give(n, "extend", `{"days":2,"text":"需与厂家核实"}`, ticket.Handling); !extended.AnswerBy.After(signed.AnswerBy) {
		t.Errorf("extended from %s to %s", signed.AnswerBy, extended.AnswerBy)
	}
	d.answered(first, office, n)
	d.visit(r, "rating", `{"solved":"no","level":1,"text":"还是排队"}`)
	d.visit(r, "reopen", `{"text":"没有解决"}`)

	reopened := first.read(n)
	if reopened.Round != 2 || reopened.Handler != "" {
		t.Errorf("reopened: %+v", reopened)
	}
	var refused struct{ Code string }
	first.call("POST", "/v1/desk/tickets/"+n+"/commands/sign", `{}`, http.StatusConflict, &refused, "If-Match", strconv.Itoa(reopened.Version))
	if refused.Code != "barred-handler" {
		t.Errorf("the first handler again: %s", refused.Code)
	}
	second.give(n, "sign", `{}`, ticket.Handling)
	d.answered(second, office, n)
	d.visit(r, "rating", `{"solved":"yes","level":5}`)
	if end := second.read(n); end.State.ID != string(ticket.Closed) {
		t.Errorf("at the end: %s", end.State.ID)
	}
	d.verify(n)
	if second.lists(n) {
		t.Error("a closed ticket is still in the queue")
	}
}

// answered answers a ticket, and has the answer approved where that is wanted.
func (d *desk) answered(by, office *person, number string) {
	d.t.Helper()
	k := by.read(number)
	by.call("POST", "/v1/desk/tickets/"+number+"/commands/answer", `{"outcome":"solved","text":"已增开窗口并安排引导。"}`, http.StatusOK, &k, "If-Match", strconv.Itoa(k.Version))
	if k.State.ID == string(ticket.Review) {
		office.give(number, "approve", `{}`, ticket.Answered)
	}
}

// Of two who read the same version one is first; the other is told, and nothing is lost or done twice.
func TestTwoAtOneTicket(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	a, b := d.hire("story-a", ticket.SectionStaff, "ticketing"), d.hire("story-b", ticket.SectionStaff, "ticketing")
	n := d.file(rand.Text(), complaint).Number
	statuses := make(chan int, 20)
	for i := range 20 {
		go func() {
			p := []*person{a, b}[i%2]
			status, _, _ := p.send("POST", "/v1/desk/tickets/"+n+"/commands/sign", `{}`, "If-Match", "1", "Authorization", "Bearer "+p.token)
			statuses <- status
		}()
	}
	count := map[int]int{}
	for range 20 {
		count[<-statuses]++
	}
	if count[http.StatusOK] != 10 || count[http.StatusPreconditionFailed] != 10 { // one person's ten are one command
		t.Errorf("got %v", count)
	}
	if events := d.verify(n); len(events) != 2 {
		t.Errorf("%d events", len(events))
	}
}

// The page is there, with its files, and nothing of it needs anybody to be signed in.
func TestThePageIsServed(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	for path, kind := range map[string]string{"/desk": "text/html", "/desk/app.css": "text/css", "/desk/words.js": "text/javascript"} {
		status, header, body := d.send("GET", path, "")
		if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), kind) || len(body) == 0 || header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d %s, %d bytes", path, status, header, len(body))
		}
	}
}
