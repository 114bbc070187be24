package main

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"steledesk/infra/local/awsendpoint"
	"steledesk/shared/dynamo"
	"steledesk/shared/ticket"
)

var twoMonths = []string{"demo", "--months", "2", "--per-month", "150", "--until", "2026-10"}

// A table is filled, everything in it holds, contacts open and end with their tickets; the same again changes nothing.
func TestDemo(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	d.want(exitOK, twoMonths, "300 tickets with ", " from 2026-09 to 2026-10", "2026-10: 300 of about 300 tickets")
	d.want(exitOK, []string{"verify", "--all"}, "300 tickets, ", "every chain holds")
	d.want(exitOK, twoMonths, "0 tickets with 0 events", "300 tickets were there")
	d.want(exitProblem, append(twoMonths, "--seed", "2"), "filled before, by steledesk demo --months 2 --per-month 150 --seed 1 --until 2026-10")
	d.want(exitOK, []string{"verify", "--all"}, "300 tickets, ", "every chain holds")
}

// A loading that fails in the middle goes on with the same line, also a day later, and leaves what staff did meanwhile.
func TestDemoGoesOn(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	var writes atomic.Int32
	d.fail(awsendpoint.Middleware(func(_, action string, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if action == "BatchWriteItem" && writes.Add(1) > 40 {
				w.Header().Set("Content-Type", "application/x-amz-json-1.0")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = w.Write([]byte(`{"__type":"AccessDeniedException","message":"no more"}`))
				return
			}
			next.ServeHTTP(w, r)
		})
	}))
	d.want(exitProblem, twoMonths, "the same line goes on from there")
	d.fail(nil)
	noted := ""
	for number, err := range d.table.FiledIn(t.Context(), monday.AddDate(0, -2, 0), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if head, err := d.table.Head(t.Context(), number); err == nil && !head.Kind.Confidential() {
			noted = number
			break
		}
	}
	if noted == "" {
		t.Fatal("nothing was loaded before it failed")
	}
	d.do(noted, ticket.Command{Name: ticket.Note, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "office", Section: "office"}, Text: "看过"})
	d.now = d.now.AddDate(0, 0, 1)
	d.want(exitOK, twoMonths, "tickets were there")
	d.want(exitOK, []string{"verify", "--all"}, "300 tickets, ", "every chain holds")
}

// A table that people use is left alone, unless it is said that it need not be.
func TestDemoRefusesUsedTable(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	number := d.file(1, nil)
	d.want(exitProblem, twoMonths, "the table has tickets ("+number+" is one)", "--into-used")
	d.want(exitOK, []string{"verify", "--all"}, "1 ticket, 1 event")
	d.want(exitOK, append(twoMonths, "--into-used"), "300 tickets with ")
	d.want(exitOK, []string{"verify", "--all"}, "301 tickets, ")
}

// What the desk's trials of itself had left was taken for tickets, so that a new desk could not be filled.
func TestDemoPassesOverTrials(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	removed := d.try(1)
	if err := d.table.RemoveCanary(t.Context(), removed); err != nil {
		t.Fatal(err)
	}
	d.note(removed, dynamo.CanaryChannel) // the queue gave the message out again
	d.try(2)
	d.want(exitOK, []string{"demo", "--months", "1", "--per-month", "40", "--until", "2026-10"}, "40 tickets with ")
	other := deploy(t)
	other.keysOf = d.name
	other.note(numberOf(1), "bot") // of a ticket that was taken away
	other.want(exitProblem, twoMonths, "the table has tickets ("+numberOf(1)+" is one)")
}

// Without a last month the running one is filled up to now, so that the desk has work on it.
func TestDemoUpToNow(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	d.want(exitOK, []string{"demo", "--months", "1", "--per-month", "150"}, " from 2026-10 to 2026-11")
	open, today := 0, 0
	for shard := range dynamo.MonthShards {
		for number, err := range d.table.FiledIn(t.Context(), monday, shard) {
			if err != nil {
				t.Fatal(err)
			}
			head, err := d.table.Head(t.Context(), number)
			if err != nil || !head.FiledAt.Before(monday) {
				t.Fatalf("%s: filed %s, %v", number, head.FiledAt, err)
			}
			if head.State.Open() {
				open++
			}
			if head.Alarm.After(monday) {
				today++
			}
		}
	}
	if open < 5 || today < open {
		t.Errorf("%d open tickets and %d with an alarm to come, want some, and an alarm for each", open, today)
	}
}

func TestDemoUsage(t *testing.T) {
	d := deploy(t)
	for _, c := range []struct{ flags, want string }{
		{"--until 2026-13", "2026-13"},
		{"--until 2026-12", "has not begun by 2026-11-23"},
		{"--until 2024-02", "no holidays of 2023"},
		{"--months 0", "0 months: want 1 to"},
		{"--per-month 1000000", "1000000 tickets a month: want 1 to"},
		{"2026-10", "one argument too many"},
	} {
		d.want(exitUsage, append([]string{"demo"}, strings.Fields(c.flags)...), c.want)
	}
}

// Contacts that are loaded end as those of any ticket do.
func TestDemoContacts(t *testing.T) {
	d := deploy(t)
	d.want(exitOK, []string{"secret", "init"})
	d.want(exitOK, []string{"demo", "--months", "1", "--per-month", "40", "--until", "2026-10"})
	contacts := 0
	for shard := range dynamo.MonthShards {
		for number, err := range d.table.FiledIn(t.Context(), monday.AddDate(0, -1, 0), shard) {
			if err != nil {
				t.Fatal(err)
			}
			head, err := d.table.Head(t.Context(), number)
			if err != nil {
				t.Fatal(err)
			}
			sealed, err := d.table.Contact(t.Context(), number, monday)
			if err != nil || (sealed == "") != head.Anonymous {
				t.Errorf("%s: anonymous %v, contact %q, %v", number, head.Anonymous, sealed, err)
			}
			if sealed != "" {
				contacts++
			}
		}
	}
	if contacts == 0 {
		t.Error("nobody left a contact")
	}
}
