package main

import (
	"context"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"steledesk/infra/torture/fault"
	"steledesk/infra/torture/raw"
)

// here holds the functions, built once.
var here place

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	folder, err := os.MkdirTemp("", "steledesk-torture")
	if err != nil {
		log.Print(err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	here = place{root: filepath.Join("..", ".."), binaries: filepath.Join(folder, "build"), folder: folder}
	if err := here.compile(context.Background()); err != nil {
		log.Print(err)
		return 1
	}
	return m.Run()
}

// holds fails the test for every promise that was broken.
func holds(t *testing.T, r *report) {
	t.Helper()
	var table strings.Builder
	if err := r.print(&table); err != nil {
		t.Fatal(err)
	}
	t.Logf("\n%s", table.String())
	for _, b := range r.broken() {
		t.Errorf("%s: expected %s, found %s", b.part, b.expected, b.found)
	}
}

// tampering is one thing that could have gone wrong in a storm, and the row that must say so.
type tampering struct {
	what, row string
	with      func(e *stormEvidence)
}

// copied is evidence that can be spoilt without spoiling e.
func (e *stormEvidence) copied() *stormEvidence {
	c := *e
	l := ledger{filed: maps.Clone(e.ledger.filed), kept: slices.Clone(e.ledger.kept)}
	c.ledger, c.table = &l, &raw.Table{Tickets: map[string]*raw.Ticket{}}
	for number, k := range e.table.Tickets {
		twin := *k
		twin.Events = slices.Clone(k.Events)
		c.table.Tickets[number] = &twin
	}
	c.met.struck = maps.Clone(e.met.struck)
	c.ledger.odd, c.poison = slices.Clone(e.ledger.odd), slices.Clone(e.poison)
	c.told, c.queues = slices.Clone(e.told), slices.Clone(e.queues)
	return &c
}

// someTicket is any that was acknowledged.
func (e *stormEvidence) someTicket() string {
	for _, number := range e.ledger.filed {
		return number
	}
	return ""
}

var tamperings = []tampering{
	{"an acknowledged ticket is gone", "faults: kept", func(e *stormEvidence) { delete(e.table.Tickets, e.someTicket()) }},
	{"an event is gone", "faults: chains", func(e *stormEvidence) {
		k := e.table.Tickets[e.someTicket()]
		k.Events = k.Events[:len(k.Events)-1]
	}},
	{"a byte of an event is another", "faults: chains", func(e *stormEvidence) {
		k := e.table.Tickets[e.someTicket()]
		k.Events[0].Body = strings.Replace(k.Events[0].Body, "filed", "fixed", 1)
	}},
	{"a visitor's words are others", "faults: chains", func(e *stormEvidence) {
		k := e.table.Tickets[e.someTicket()]
		k.Events[0].Words = strings.Replace(k.Events[0].Words, "排队", "插队", 1)
	}},
	{"a filing is two tickets", "faults: once", func(e *stormEvidence) {
		twin := *e.table.Tickets[e.someTicket()]
		twin.Number = "WX-TWIN"
		e.table.Tickets[twin.Number] = &twin
	}},
	{"a command was done twice", "faults: kept", func(e *stormEvidence) {
		k := e.table.Tickets[e.someTicket()]
		k.Events = append(k.Events, k.Events[0])
	}},
	{"a section was not told", "faults: told", func(e *stormEvidence) {
		first := e.told[0]
		for i := range e.told {
			if e.told[i].Section == first.Section && e.told[i].Event == first.Event {
				e.told[i].Event = "WX-OTHER.1"
			}
		}
	}},
	{"another section was told", "faults: not to others", func(e *stormEvidence) {
		stray := e.told[0]
		stray.Section = "works"
		e.told = append(e.told, stray)
	}},
	{"a message was forged", "faults: not to others", func(e *stormEvidence) { e.forged++ }},
	{"many were told twice", "faults: told twice", func(e *stormEvidence) { e.told = append(e.told, e.told...) }},
	{"one was told twice, and nothing had been lost", "faults: causes", func(e *stormEvidence) {
		again := e.told[0]
		again.Repeat = true
		e.told, e.doubt = append(e.told, again), nil
	}},
	{"a repeat does not say so", "faults: repeats", func(e *stormEvidence) {
		again := e.told[0]
		again.Repeat = false
		e.told = append(e.told, again)
	}},
	{"poison is gone", "faults: poison", func(e *stormEvidence) { e.queues = e.queues[1:] }},
	{"what was given up did not come back", "faults: replay", func(e *stormEvidence) {
		e.queues = append(e.queues, raw.Message{Queue: graves[0], Body: "a letter"})
	}},
	{"too little was given up", "faults: replay", func(e *stormEvidence) { e.buried = unheard - 1 }},
	{"nothing of the stream was given up but what nobody can read", "faults: replay", func(e *stormEvidence) {
		e.spoilt, e.passed = 1, 0
		e.queues = append(e.queues, raw.Message{Queue: graves[1], Body: "spoilt"})
	}},
	{"the record that nobody can read is gone", "faults: replay", func(e *stormEvidence) { e.spoilt, e.passed = 1, 1 }},
	{"more of the stream is left than nobody can read", "faults: replay", func(e *stormEvidence) {
		e.queues = append(e.queues, raw.Message{Queue: graves[1], Body: "a record"})
	}},
	{"poison is there twice", "faults: poison", func(e *stormEvidence) {
		e.queues = append(e.queues, raw.Message{Queue: graves[0], Body: e.poison[0]})
	}},
	{"an answer made no sense", "faults: answers", func(e *stormEvidence) { e.ledger.odd = append(e.ledger.odd, "one") }},
	{"a ticket that nobody filed", "faults: once", func(e *stormEvidence) {
		k := e.table.Tickets[e.someTicket()]
		k.Events[0].Words = strings.Replace(k.Events[0].Words, "〔", "", 1)
	}},
	{"a message never left its queue", "faults: poison", func(e *stormEvidence) { e.queues[0].Queue = "steledesk-section-works" }},
	{"a filing was never answered", "faults: answers", func(e *stormEvidence) { e.ledger.refused = append(e.ledger.refused, "one") }},
	{"no poison was fed", "faults: met", func(e *stormEvidence) { e.met.struck[fault.Poison] = 0 }},
	{"no old record was taken again", "faults: met", func(e *stormEvidence) { delete(e.met.struck, fault.Rewind) }},
	{"nothing was due", "faults: met", func(e *stormEvidence) { e.met = met{} }},
	{"nothing happened at all", "faults: told", func(e *stormEvidence) {
		*e = stormEvidence{part: e.part, ledger: &ledger{}, table: &raw.Table{}}
	}},
	{"a reminder came twice", "faults: steps", func(e *stormEvidence) {
		k := e.table.Tickets[e.someTicket()]
		k.Events = append(k.Events, raw.Event{What: "reminded"}, raw.Event{What: "reminded"})
		for i := range k.Events[len(k.Events)-2:] {
			k.Events[len(k.Events)-1-i].Data.Step = "half"
		}
	}},
}

// A small storm leaves every promise whole; and each check of it fails when what it looks for has happened, which is
// tried on what the storm left.
func TestAStormAndItsChecks(t *testing.T) {
	ctx := t.Context()
	s := storm{seed: 7, filings: 120, crowd: 8, short: true}
	h, err := openHouse(ctx, here, plan{seed: s.seed, rates: fault.Rough(), begin: s.begin})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	e, err := s.through(ctx, h)
	if err != nil {
		t.Fatal(err)
	}
	var r report
	e.judge(&r)
	holds(t, &r)
	for _, one := range tamperings {
		t.Run(one.what, func(t *testing.T) { one.isFound(t, e) })
	}
}

func (one tampering) isFound(t *testing.T, e *stormEvidence) {
	spoilt := e.copied()
	one.with(spoilt)
	var r report
	spoilt.judge(&r)
	for _, b := range r.broken() {
		if b.part == one.row {
			return
		}
	}
	t.Errorf("%q does not say so; broken: %v", one.row, fmt.Sprint(r.broken()))
}

// A holiday, a month's end and a Saturday that is worked pass under the same faults.
func TestDaysPassUnderFaults(t *testing.T) {
	var r report
	s := storm{seed: 7, filings: 40, crowd: 8, short: true, begin: holidayEve(), days: 12}
	if err := s.run(t.Context(), here, &r); err != nil {
		t.Fatal(err)
	}
	holds(t, &r)
}
