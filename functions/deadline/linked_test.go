package main

import (
	"testing"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// together gives a command of the section's to a ticket, and does what follows to the other one.
func (b *bench) together(number, other string, c ticket.Command, now time.Time) {
	b.t.Helper()
	head, err := b.table.Head(b.t.Context(), number)
	if err != nil {
		b.t.Fatal(err)
	}
	beside, err := b.table.Head(b.t.Context(), other)
	if err != nil {
		b.t.Fatal(err)
	}
	c.By, c.Salt = ticket.Actor{Role: ticket.SectionStaff, Login: "x", Section: head.Section}, "salt"
	with := ticket.Company{}
	if len(ticket.CompanyOf(head, c)) > 0 {
		with.Heads = []ticket.Head{beside}
	}
	changes, err := ticket.ApplyTogether(head, with, c, ticket.Moment{Now: now, Terms: office.Default()})
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.table.AppendAll(b.t.Context(), changes); err != nil {
		b.t.Fatal(err)
	}
}

// Of two that are handled together one is reminded of, while its date is no later. When the lead is extended past what
// the other one's visitor was promised, that one speaks for itself: nobody slips through.
func TestLinkedIsQuietWhileItsLeadIsInTime(t *testing.T) {
	b := newBench(t)
	lead, linked := b.file("3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c01"), b.file("3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c02")
	if lead > linked { // filed at once, due at once: the smaller number leads
		lead, linked = linked, lead
	}
	b.together(lead, linked, ticket.Command{Name: ticket.Link, To: linked}, visitortest.Nine)
	tick := func(at time.Time, wantLead, wantLinked string) {
		t.Helper()
		if _, err := b.tick(at); err != nil {
			t.Fatal(err)
		}
		if got := b.steps(lead); got != wantLead {
			t.Errorf("at %s: the lead: %q, want %q", at, got, wantLead)
		}
		if got := b.steps(linked); got != wantLinked {
			t.Errorf("at %s: the linked one: %q, want %q", at, got, wantLinked)
		}
	}
	tick(twoDays, "reminded unsigned", "")
	if h, err := b.table.Head(t.Context(), linked); err != nil || !h.Alarm.After(twoDays) {
		t.Errorf("it rings again at every tick: alarm at %s, %v", h.Alarm, err)
	}
	b.together(lead, linked, ticket.Command{Name: ticket.Sign}, twoDays)
	b.together(lead, linked, ticket.Command{Name: ticket.Extend, Days: 5, Text: "等配件"}, twoDays)
	tick(visitortest.Nine.AddDate(0, 0, 7), "reminded unsigned", "reminded last-day")
	b.together(linked, lead, ticket.Command{Name: ticket.Unlink}, visitortest.Nine.AddDate(0, 0, 7))
	tick(visitortest.Nine.AddDate(0, 1, 0), "reminded unsigned, escalated oversee", "reminded last-day, escalated oversee")
}
