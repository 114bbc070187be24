package main

import (
	"fmt"
	"strings"

	"steledesk/infra/torture/raw"
)

// programPrefix begins the ids of the channels to sections' own programs.
const programPrefix = "program-"

// doubts are the tellings that a section's program took without the desk's being able to know it: its answer was lost, or
// the sender was killed before its note of the answer. Nothing else may be told twice.
func (h *house) doubts() map[raw.Told]bool {
	all := map[raw.Told]bool{}
	lost, _ := h.receiver.failures()
	for _, t := range lost {
		all[t] = true
	}
	for _, d := range h.proxy.Deaths() {
		if d.Caller != "notify" || d.Done {
			continue
		}
		for _, t := range raw.Notes(d.Body, func(channel string) string { return strings.TrimPrefix(channel, programPrefix) }) {
			all[t] = true
		}
	}
	return all
}

// few is how many repeats a short run may have: one answer that is lost can stand for a whole burst.
const few = 10

// repeats holds what was told twice to what may be: little, marked, and never without a cause that nobody could help.
func (e *stormEvidence) repeats(t raw.Tellings, out *report) {
	found := fmt.Sprintf("%d twice", len(t.Twice))
	inDoubt := fmt.Sprintf("%d tellings whose answer was lost, or whose sender was killed before its note", len(e.doubt))
	var many, causeless []string
	for _, one := range t.Twice {
		name := one.Event + " to " + one.Section
		if len(t.Twice) > max(few, t.Due/1000) {
			many = append(many, name)
		}
		if !e.doubt[one] {
			causeless = append(causeless, name)
		}
	}
	out.hold(e.part+": told twice", inDoubt, "one in a thousand at most", found, many)
	out.hold(e.part+": causes", inDoubt, "nothing else is told twice", found, causeless)
	out.hold(e.part+": repeats", inDoubt, "a repeat says that it may be one", found, t.Unmarked)
}
