package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"steledesk/shared/ticket"
)

func TestTicketShow(t *testing.T) {
	d := deploy(t)
	number := d.file(1, nil)
	d.now = d.now.Add(26 * time.Minute)
	d.sign(number)
	d.do(number, ticket.Command{Name: ticket.Note, By: ticket.Actor{Role: ticket.SectionStaff, Section: "gardens", Login: "g1"}, Text: "水泵坏了", Salt: "s"})

	typed := strings.ToLower(strings.ReplaceAll(number, "-", " "))
	shown := d.want(exitOK, []string{"ticket", "show", typed})
	golden(t, "ticket.txt", shown.out)
	for _, private := range []string{"厕所没有水", "水泵坏了", "sealed:", "1:sealed", "salt"} {
		if strings.Contains(shown.out, private) {
			t.Errorf("show gives away %q", private)
		}
	}
	golden(t, "ticket-words.txt", d.want(exitOK, []string{"ticket", "show", "--words", number}).out)

	var got struct {
		Head    ticket.Head
		Contact bool
		Chain   string
		Events  []struct {
			What ticket.What
			Hash string
			Text string
		}
	}
	out := d.want(exitOK, []string{"ticket", "show", number, "--json"}).out
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	if got.Head.Number != number || !got.Contact || got.Chain != "holds" || len(got.Events) != 3 || got.Events[2].Hash != got.Head.Hash || got.Events[2].What != ticket.Noted {
		t.Errorf("got %+v", got)
	}
	if strings.Contains(out, "水泵坏了") {
		t.Errorf("JSON without --words gives away what was written:\n%s", out)
	}
	d.want(exitOK, []string{"ticket", "show", number, "--json", "--words"}, `"text": "水泵坏了"`)
}

// Discipline alone reads what a 举报 says.
func TestTicketShowKeepsReports(t *testing.T) {
	d := deploy(t)
	number := d.file(1, func(c *ticket.Command) {
		c.Kind, c.Category, c.Section, c.Text, c.Anonymous = ticket.Report, "corruption", "discipline", "收受回扣", true
	})
	for _, how := range [][]string{{}, {"--words"}, {"--json", "--words"}} {
		got := d.want(exitOK, append([]string{"ticket", "show", number}, how...))
		if strings.Contains(got.out, "收受回扣") {
			t.Errorf("%v: got %v", how, got)
		}
	}
	d.want(exitOK, []string{"ticket", "show", number, "--words"}, "for discipline alone", "contact    none")
}

func TestTicketShowSaysBroken(t *testing.T) {
	d := deploy(t)
	number := d.file(1, nil)
	d.sign(number)
	d.set(number, "E#000001", "words", func(s string) string { return strings.Replace(s, "没有水", "很干净", 1) })
	d.want(exitProblem, []string{"ticket", "show", number}, "The chain is BROKEN: "+number+": event 1: its words were changed")
	d.want(exitProblem, []string{"ticket", "show", number, "--json"}, `"chain": "`+number+`: event 1: its words were changed"`)
}

// Whatever of a ticket is changed, taken away or put in another place shows, and is named.
func TestVerify(t *testing.T) {
	d := deploy(t)
	for n := range 40 {
		number := d.file(n, nil)
		if n%2 == 0 {
			d.sign(number)
		}
	}
	d.want(exitOK, []string{"verify", "--month", "2026-11"}, "40 tickets, 60 events: every chain holds")
	d.want(exitOK, []string{"verify"}, "40 tickets, 60 events: every chain holds")
	d.want(exitOK, []string{"verify", "--all"}, "40 tickets, 60 events: every chain holds")
	d.want(exitOK, []string{"verify", "--month", "2026-10"}, "0 tickets, 0 events: every chain holds")
	d.want(exitOK, []string{"verify", numberOf(0), numberOf(1), numberOf(2)}, "3 tickets, 5 events: every chain holds")

	later := func(s string) string { return strings.Replace(s, "2026-11-23T09", "2026-11-22T09", 1) }
	d.set(numberOf(0), "E#000001", "body", later)
	d.set(numberOf(2), "E#000001", "hash", func(s string) string { return strings.Repeat("0", len(s)) })
	d.set(numberOf(4), "HEAD", "head", func(s string) string { return strings.Replace(s, `"section":"gardens"`, `"section":"works"`, 1) })
	d.set(numberOf(6), "HEAD", "head", func(string) string { return "{" })
	d.remove(numberOf(8), "E#000002")
	d.remove(numberOf(10), "E#000001")
	d.remove(numberOf(12), "HEAD")
	d.set(numberOf(14), "HEAD", "head", func(s string) string { return strings.ReplaceAll(s, numberOf(14), numberOf(16)) })
	got := d.want(exitProblem, []string{"verify", "--all"},
		numberOf(0)+": event 1: its bytes do not give the hash stored with it",
		numberOf(2)+": event 1: its bytes do not give the hash stored with it",
		numberOf(4)+": head: differs from what its events say",
		numberOf(6)+": head: decode head",
		numberOf(8)+": head: says version 2, the events end at 1",
		numberOf(10)+": event 1: it calls itself event 2",
		numberOf(12)+": there is no head",
		numberOf(14)+": head: it belongs to "+numberOf(16),
		"8 chains broken")
	if strings.Count(got.out, "\n") != 9 {
		t.Errorf("got %v, want eight chains and a sum", got)
	}
	d.want(exitProblem, []string{"verify"}, "39 tickets", "7 chains broken") // no index shows the one without a head
	d.want(exitProblem, []string{"verify", numberOf(12), numberOf(1)}, "1 chain broken")
	d.want(exitProblem, []string{"verify", numberOf(99)}, numberOf(99)+": there is no head: no such ticket, or it was taken away")
}

// A visitor writes while the ticket is read: the head and the events do not belong together, and
// nothing is wrong with them.
func TestVerifyReadsAgain(t *testing.T) {
	d := deploy(t)
	number := d.file(1, nil)
	stale := true
	d.fail(func(_, action string, next http.Handler) http.Handler {
		if action != "Query" {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if stale { // the page of events was read before this, the one with the head is read after it
				stale = false
				w.Header().Set("Content-Type", "application/x-amz-json-1.0")
				stored, err := d.table.Ticket(r.Context(), number)
				if err != nil {
					t.Error(err)
				}
				d.sign(number)
				head, err := json.Marshal(string(headOf(t, d, number)))
				if err != nil {
					t.Error(err)
				}
				body, err := json.Marshal(stored.Records[0].Body)
				if err != nil {
					t.Error(err)
				}
				hash, err := json.Marshal(stored.Records[0].Hash)
				if err != nil {
					t.Error(err)
				}
				_, _ = w.Write([]byte(`{"Count":2,"ScannedCount":2,"Items":[
					{"pk":{"S":"T#` + number + `"},"sk":{"S":"E#000001"},"body":{"S":` + string(body) + `},"hash":{"S":` + string(hash) + `}},
					{"pk":{"S":"T#` + number + `"},"sk":{"S":"HEAD"},"head":{"S":` + string(head) + `}}]}`))
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	d.want(exitOK, []string{"verify", number}, "1 ticket, 2 events: every chain holds")
	if stale {
		t.Error("the test answered no query")
	}
}

func headOf(t *testing.T, d *desk, number string) []byte {
	t.Helper()
	stored, err := d.table.Ticket(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	head, err := json.Marshal(stored.Head)
	if err != nil {
		t.Fatal(err)
	}
	return head
}

// A reading that fails is no broken chain, and what was not read is not called whole.
func TestVerifyTellsFailureFromBroken(t *testing.T) {
	d := deploy(t)
	for n := range 8 {
		d.file(n, nil)
	}
	d.fail(func(_, action string, next http.Handler) http.Handler {
		if action != "Query" {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	})
	got := d.want(exitProblem, []string{"verify", "--all"}, "what follows was not checked", "read ticket")
	if got.out != "" {
		t.Errorf("got %v, want no verdict", got)
	}
}
