package story

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"steledesk/infra/local/stack"
	"steledesk/shared/ticket"
)

// enquiry is answered without the office's approval.
const enquiry = `{"kind":"enquiry","category":"ticketing","spot":"BL01","text":"窗口几点开？"}`

// heads reads how tickets stand, and holds each to its chain.
func (d *desk) heads(numbers ...string) []ticket.Head {
	d.t.Helper()
	var all []ticket.Head
	for _, n := range numbers {
		d.verify(n)
		h, err := d.table.Head(d.t.Context(), n)
		if err != nil {
			d.t.Fatal(err)
		}
		all = append(all, h)
	}
	return all
}

// linked holds both sides of every link to say the same, and no open ticket to wait for a lead that has ended.
func (d *desk) linked(numbers ...string) {
	d.t.Helper()
	heads := map[string]ticket.Head{}
	for _, h := range d.heads(numbers...) {
		heads[h.Number] = h
	}
	for n, h := range heads {
		lead := heads[h.Lead]
		switch {
		case h.Lead != "" && !slices.Contains(lead.Linked, n):
			d.t.Errorf("%s is led by %s, which leads %v", n, h.Lead, lead.Linked)
		case h.Lead != "" && len(h.Linked)+len(lead.Lead) > 0:
			d.t.Errorf("%s is led by %s, and one of the two leads or is led besides", n, h.Lead)
		case h.Lead != "" && h.State.Open() && !lead.State.Open():
			d.t.Errorf("%s is %s, its lead %s is %s", n, h.State, h.Lead, lead.State)
		}
		for _, other := range h.Linked {
			if heads[other].Lead != n {
				d.t.Errorf("%s leads %s, which is led by %q", n, other, heads[other].Lead)
			}
		}
	}
}

// count says how many of a ticket's events are of a kind.
func count(events []ticket.Event, what ticket.What) int {
	n := 0
	for _, e := range events {
		if e.What == what {
			n++
		}
	}
	return n
}

// The desk dies at each of its calls while it answers three linked tickets, before the call is carried out and after.
// All three are answered or none is; sent again, the command has answered each once.
func TestACommonAnswerIsWholeThroughCrashes(t *testing.T) {
	t.Parallel()
	f := &fault{}
	d := open(t, func(s *stack.Settings) { s.Middleware = f.middleware })
	f.kill = d.Kill
	clerk := d.hire("crash-clerk", ticket.SectionStaff, "ticketing")
	var struck []string
	for _, after := range []bool{false, true} {
		for at := 1; at <= 20; at++ {
			call := clerk.answersThree(f, at, after)
			if call == "" {
				break // the answer takes no more calls than that
			}
			struck = append(struck, call)
		}
	}
	for _, want := range []string{"before desk's dynamodb.TransactWriteItems", "after desk's dynamodb.TransactWriteItems"} {
		if !slices.Contains(struck, want) {
			t.Errorf("nothing died %s: %q", want, struck)
		}
	}
}

// answersThree links three tickets and has them answered by a desk that dies at one of its calls, which it names.
func (p *person) answersThree(f *fault, at int, after bool) string {
	p.t.Helper()
	var n []string
	for range 3 {
		n = append(n, p.file(rand.Text(), enquiry).Number)
	}
	for _, other := range n[1:] {
		p.give(n[0], "link", `{"to":"`+other+`"}`, ticket.Assigned)
	}
	lead := n[0]
	if led := p.heads(n[0])[0].Lead; led != "" {
		lead = led
	}
	signed := p.give(lead, "sign", `{}`, ticket.Handling)
	p.Kill("desk") // a cold start has calls of its own
	f.arm("desk", at, after)
	p.until("the answer is taken", func() bool {
		status, _, _ := p.send("POST", "/v1/desk/tickets/"+lead+"/commands/answer", `{"outcome":"explained","text":"八点半。"}`,
			"If-Match", strconv.Itoa(signed.Version), "Authorization", "Bearer "+p.token)
		if n := p.answeredOf(n); n != 0 && n != 3 || status == http.StatusOK && n == 0 {
			p.t.Errorf("%s: the desk says %d, and %d of 3 are answered", f.struck(), status, n)
		}
		return status == http.StatusOK
	})
	struck := f.struck()
	f.arm("", 0, false)
	for _, number := range n {
		if got := count(p.verify(number), ticket.AnswerGiven); got != 1 {
			p.t.Errorf("%s: %s has %d answers", struck, number, got)
		}
	}
	p.linked(n...)
	return struck
}

func (d *desk) answeredOf(numbers []string) int {
	d.t.Helper()
	n := 0
	for _, h := range d.heads(numbers...) {
		if h.State == ticket.Answered {
			n++
		}
	}
	return n
}

// Clerks link, unlink and answer while visitors write and withdraw, all at once and of the same few tickets. Whatever
// wins, both sides of every link say the same, every chain is whole, and nobody is refused for another reason than that
// somebody was faster or that the ticket's life forbids it.
func TestManyAtLinkedTickets(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	clerks := []*person{d.hire("many-a", ticket.SectionStaff, "ticketing"), d.hire("many-b", ticket.SectionStaff, "ticketing")}
	var tickets []receipt
	var numbers []string
	for range 6 {
		tickets = append(tickets, d.file(rand.Text(), enquiry))
		numbers = append(numbers, tickets[len(tickets)-1].Number)
	}
	var all sync.WaitGroup
	var mu sync.Mutex
	statuses := map[int]int{}
	told := func(status int) {
		mu.Lock()
		defer mu.Unlock()
		statuses[status]++
	}
	for i := range tickets {
		clerk, own, next := clerks[i%2], numbers[i], numbers[(i+1)%len(numbers)]
		all.Go(func() {
			for _, c := range []struct{ name, body string }{
				{"link", `{"to":"` + next + `"}`}, {"sign", `{}`}, {"unlink", `{"to":"` + next + `"}`}, {"link", `{"to":"` + numbers[0] + `"}`},
				{"answer", `{"outcome":"explained","text":"八点半。"}`}, {"unlink", `{}`},
			} {
				told(clerk.tries(own, c.name, c.body))
			}
		})
		all.Go(func() {
			for j := range 3 {
				status, _, _ := d.send("POST", "/v1/tickets/"+own+"/message", fmt.Sprintf(`{"text":"请问第 %d 次"}`, j), "X-Ticket-Code", tickets[i].Code)
				told(status)
			}
			if i%3 == 1 {
				status, _, _ := d.send("POST", "/v1/tickets/"+own+"/withdraw", `{}`, "X-Ticket-Code", tickets[i].Code)
				told(status)
			}
		})
	}
	all.Wait()
	for status := range statuses {
		if !slices.Contains([]int{http.StatusOK, http.StatusConflict, http.StatusPreconditionFailed, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}, status) {
			t.Errorf("somebody was told %d: %v", status, statuses)
		}
	}
	if statuses[http.StatusOK] < 15 {
		t.Errorf("hardly anything was done: %v", statuses)
	}
	t.Logf("told: %v", statuses)
	d.linked(numbers...)
}

// tries gives a command to the ticket as it stands now, and says what came of it.
func (p *person) tries(number, command, body string) int {
	header := []string{"Authorization", "Bearer " + p.token}
	_, headers, _ := p.send("GET", "/v1/desk/tickets/"+number, "", header...)
	version := strings.Trim(headers.Get("ETag"), `"`)
	status, _, _ := p.send("POST", "/v1/desk/tickets/"+number+"/commands/"+command, body, append(header, "If-Match", version)...)
	return status
}
