package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// lookers are the logins that look at a ticket when its time is over: its section's, another's, and the office.
func lookers(r receipt) []string { return []string{r.Section.ID, "security", "office"} }

// asking is one login's call for a ticket's contact, and for the ticket.
type asking struct {
	login         string
	contact, read answer
}

func (v *privacy) asked(ctx context.Context, r receipt) ([]asking, error) {
	var all []asking
	for _, login := range lookers(r) {
		contact, err := v.staff.as(ctx, login, "POST", "/v1/desk/tickets/"+r.Number+"/contact", `{"reason":"核实"}`)
		if err != nil {
			return nil, err
		}
		read, err := v.staff.as(ctx, login, "GET", "/v1/desk/tickets/"+r.Number, "")
		if err != nil {
			return nil, err
		}
		all = append(all, asking{login, contact, read})
	}
	return all, nil
}

// revealing names what a contact can be read from, and every answer that shows nothing: a login that may read the ticket
// is told that there is no contact, any other that there is no such ticket, and somebody may read it.
func revealing(number string, all []asking, marks []mark) (bad []string) {
	looked := append([]mark{{"masked name", "慕容**", ""}, {"masked phone", "137****", ""}}, marks...)
	readers := 0
	for _, a := range all {
		want := `"no-ticket"`
		if a.read.status == http.StatusOK {
			want = `"no-contact"`
			readers++
		}
		leak := leaks([]trace{{number, string(a.contact.body) + string(a.read.body)}}, looked, func(_ trace, m mark) bool { return m.written() })
		if len(leak) > 0 {
			bad = append(bad, fmt.Sprintf("%s tells %s: %v", number, a.login, leak))
		}
		if a.contact.status != http.StatusNotFound || !strings.Contains(string(a.contact.body), want) {
			bad = append(bad, fmt.Sprintf("%s: its contact answers %s %d %.120s", number, a.login, a.contact.status, a.contact.body))
		}
		if a.read.status != http.StatusOK && a.read.status != http.StatusNotFound {
			bad = append(bad, fmt.Sprintf("%s answers %s %d", number, a.login, a.read.status))
		}
	}
	if readers == 0 {
		bad = append(bad, number+" can be read by nobody")
	}
	return bad
}

// erasedLine is what people read where words were, and erasedField what programs do.
const (
	erasedLine  = "已到期删除"
	erasedField = `"erased":true`
)

// showing is one answer about a ticket whose time is over.
type showing struct {
	trace
	number, audience string
	status           int
	tells            string // that the words are gone
	of               string // the part of it that is about the ticket
}

// shown are all of them, of all tickets.
type shown struct {
	traces []trace
	all    []showing
}

func (s *shown) add(where, number, audience, tells string, a answer) {
	one := showing{trace{where, string(a.body)}, number, audience, a.status, tells, string(a.body)}
	if audience == desksList {
		one.of = rowOf(number, a.body)
	}
	s.traces, s.all = append(s.traces, one.trace), append(s.all, one)
}

// rowOf is a ticket's own row of a list; empty when it has none.
func rowOf(number string, list []byte) string {
	var rows struct{ Tickets []json.RawMessage }
	if json.Unmarshal(list, &rows) != nil {
		return ""
	}
	for _, row := range rows.Tickets {
		var of struct{ Number string }
		if json.Unmarshal(row, &of) == nil && of.Number == number {
			return string(row)
		}
	}
	return ""
}

// The audiences of a ticket. A section may be refused one that it handed on; somebody at the desk is not.
const (
	visitorsCall = "the visitor's call"
	visitorsPage = "the visitor's page"
	desksCall    = "the desk's ticket"
	desksList    = "the desk's list"
)

// pages are what visitors and staff read of the tickets.
func (v *privacy) pages(ctx context.Context) (*shown, error) {
	s := &shown{}
	for _, r := range v.receipts {
		a := v.house.insist(ctx, "GET", "/v1/tickets/"+r.Number, "", "X-Ticket-Code", r.Code)
		s.add(r.Number, r.Number, visitorsCall, erasedField, a)
		page := v.submit(ctx, "/follow", url.Values{"number": {r.Number}, "code": {r.Code}})
		s.add("the page of "+r.Number, r.Number, visitorsPage, erasedLine, page)
		for _, login := range lookers(r) {
			a, err := v.staff.as(ctx, login, "GET", "/v1/desk/tickets/"+r.Number, "")
			if err != nil {
				return nil, err
			}
			s.add(r.Number+" to "+login, r.Number, desksCall, erasedField, a)
			list, err := v.staff.as(ctx, login, "GET", "/v1/desk/tickets?ended=true", "")
			if err != nil {
				return nil, err
			}
			s.add("the list of "+login, r.Number, desksList, erasedLine, list)
		}
	}
	return s, nil
}

// silent names the answers that are none, and each audience that is not told of a ticket that its words are gone.
func (s *shown) silent() (bad []string) {
	told := map[[2]string]bool{}
	for _, one := range s.all {
		key := [2]string{one.number, one.audience}
		told[key] = told[key] || one.status == http.StatusOK && strings.Contains(one.of, one.tells)
		mayRefuse := one.audience == desksCall && one.status == http.StatusNotFound
		if one.status != http.StatusOK && !mayRefuse {
			bad = append(bad, fmt.Sprintf("%s: %d %.120s", one.where, one.status, one.text))
		}
	}
	for key, is := range told {
		if !is {
			bad = append(bad, key[1]+" says nothing of "+key[0])
		}
	}
	if len(told) == 0 {
		bad = append(bad, "nobody was asked: this run shows nothing")
	}
	slices.Sort(bad)
	return bad
}
