package main

import (
	"fmt"
	"slices"
	"strings"
)

// look is one search: what is looked through, for what, where that may stand, and a text that must be found in it, or
// the search shows nothing.
type look struct {
	part    string
	traces  []trace
	marks   []mark
	belongs func(trace, mark) bool
	allowed string
	tell    string
}

func (l look) into(out *report) {
	bad := leaks(l.traces, l.marks, l.belongs)
	if !slices.ContainsFunc(l.traces, func(t trace) bool { return strings.Contains(t.text, l.tell) }) {
		bad = append(bad, fmt.Sprintf("nothing tells of %s: this search shows nothing", l.tell))
	}
	out.hold("privacy: "+l.part, fmt.Sprintf("%d marks", len(l.marks)), l.allowed, fmt.Sprintf("%d texts looked through", len(l.traces)), bad)
}

// judge looks for every mark in everything.
func (e *leftovers) judge(out *report) {
	for _, l := range e.looks() {
		l.into(out)
	}
	e.whole(out)
}

// looks are the searches.
func (e *leftovers) looks() []look {
	sealed := slices.DeleteFunc(slices.Clone(e.marks), func(m mark) bool { return !slices.Contains(secrets, m.kind) })
	return []look{
		{"table", e.items, e.marks, inTable, "words only with their own ticket's events and gist; names, phones, codes nowhere", e.number},
		{"disk", e.disk, sealed, atPushService, "names, phones and codes are in no file at all", e.number},
		{"queues", e.queues, e.marks, nowhere, "nothing", e.number},
		{"bucket", e.buckets, e.marks, inPapers, "nothing but what a meeting decided", e.number},
		{"bots and mail", e.outside, e.marks, atPushService, "nothing", e.number},
		{"logs", e.logs, e.marks, nowhere, "nothing", e.number},
		{"cookies", e.cookies, e.marks, nowhere, "nothing", "mine="},
		{"export", e.export, e.marks, inExport, "as the table and the buckets have it", e.number},
		{"audit", e.audit, e.marks, inAudit, "nothing but the reasons for looking at a contact", e.number},
		{"annual papers", e.annual, e.marks, nowhere, "nothing", "2026"},
		{"minutes", e.minutes, e.marks, e.decided, "nothing but what the meeting decided, and its answer", "决定暗语"},
		{"cases", e.cases, e.marks, e.published, "what the office published, and nobody in it", e.number},
	}
}

// whole holds that there was something to search, and something to find.
func (e *leftovers) whole(out *report) {
	var missing []string
	if e.papers < 2 {
		missing = append(missing, fmt.Sprintf("%d papers", e.papers))
	}
	out.hold("privacy: papers", "the month's digest", "documents and workbooks were made, and looked through with the bucket", fmt.Sprintf("%d", e.papers), missing)
	var dead []string
	if e.dead == 0 {
		dead = append(dead, "no letter is dead")
	}
	out.hold("privacy: dead letters", "a group that refuses", "its letters are dead, and looked through with the queues", fmt.Sprintf("%d", e.dead), dead)
	out.hold("privacy: kept", fmt.Sprintf("%d marks", len(e.marks)), "every word is found where it belongs", fmt.Sprintf("%d attributes", len(e.items)), e.lost())
}

// secrets are the kinds of what is stored sealed or not at all.
var secrets = []string{"name", "phone", "code", "push", "camera"}

// lost are the words that are not where they belong: looking for them would show nothing.
func (e *leftovers) lost() []string {
	var all []string
	for _, m := range e.marks {
		if slices.Contains(secrets, m.kind) || m.ticket == "nobody" {
			continue
		}
		if !slices.ContainsFunc(e.items, func(t trace) bool { return inTable(t, m) && m.in(t.text) }) {
			all = append(all, fmt.Sprintf("%s %q of %s", m.kind, m.text, m.ticket))
		}
	}
	return all
}

// written reports whether a mark is of what people write.
func (m mark) written() bool {
	return slices.Contains([]string{"text", "ID number", "plate", "decision"}, m.kind)
}

// inTable lets words stand with their own ticket's events, and the beginning of a filing at its head for the desk's
// list; reasons in the record of who saw what; and what a meeting decided in its month's figures.
func inTable(t trace, m mark) bool {
	own := "T#" + m.ticket + " "
	switch {
	case m.kind == "reason":
		return strings.HasPrefix(t.where, "A#") && strings.HasSuffix(t.where, " entry")
	case m.kind == "decision" && inEdition(t):
		return true
	case !m.written() || m.ticket == "":
		return false
	}
	return strings.HasPrefix(t.where, own+"E#") && strings.HasSuffix(t.where, " words") || t.where == own+"HEAD gist"
}

func inEdition(t trace) bool {
	return strings.HasPrefix(t.where, "M#") && strings.Contains(t.where, " ED#") && strings.HasSuffix(t.where, " body")
}

func inPapers(_ trace, m mark) bool { return m.kind == "decision" }

func inExport(t trace, m mark) bool {
	return inTable(t, m) || strings.HasPrefix(t.where, "papers/") && inPapers(t, m)
}

func inAudit(_ trace, m mark) bool { return m.kind == "reason" }

// atPushService lets a push service know its own address.
func atPushService(t trace, m mark) bool {
	return m.kind == "push" && strings.HasPrefix(t.where, "outside")
}

// decided lets the meeting's page show its decision, and what the section answered to it.
func (e *leftovers) decided(_ trace, m mark) bool {
	return slices.ContainsFunc(e.marks, func(d mark) bool { return d.kind == "decision" && d.ticket == m.ticket })
}

// published lets the words stand that the office has published, of the first ticket.
func (e *leftovers) published(_ trace, m mark) bool { return m.kind == "text" && m.ticket == e.number }
