package papers

import (
	"strconv"
	"strings"

	"steledesk/shared/digest"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// corrections says, in an edition after the first, what it gives otherwise than the one before.
func (w *writer) corrections() {
	d := w.Digest
	if d.Edition < 2 {
		return
	}
	text := w.t("corrected", strconv.Itoa(d.Edition))
	if d.Reason != "" {
		text += w.gap() + w.t("corrected.reason", d.Reason)
	}
	if len(d.Changes) == 0 {
		w.text(text + w.gap() + w.t("corrected.none"))
		return
	}
	w.text(text + w.gap() + w.t("corrected.some"))
	t := table{caption: w.t("corrected.table"), columns: []column{{w.t("measure"), 60, true}, {w.t("was"), 24, false}, {w.t("is"), 24, false}}}
	for _, c := range d.Changes {
		t.rows = append(t.rows, []string{w.figureName(c.Figure), w.changed(c.Was), w.changed(c.Is)})
	}
	w.table(t)
	if d.More > 0 {
		w.note(w.t("corrected.more", w.many("changes", d.More)))
	}
}

// figureName says in words which figure a change's is: sections.ticketing.overdue is 票务科：超期未办结.
func (w *writer) figureName(path string) string {
	group, rest, _ := strings.Cut(path, ".")
	id, name, _ := strings.Cut(rest, ".")
	switch group {
	case "all", "monthAgo", "yearAgo", "earlier":
		return w.t("figure", w.t("of."+group), w.measureName(group, rest))
	case "kinds":
		return w.t("figure", w.kind(ticket.Kind(id)), w.measureName(group, name))
	case "sections":
		return w.t("figure", w.section(id), w.measureName(group, name))
	case "categories":
		return w.t("figure", w.category(id), w.measureName(group, name))
	case "spots":
		return w.t("figure", w.spot(id), w.measureName(group, name))
	case "praise":
		return w.t("figure", w.t("of.praise"), w.section(id))
	case "outcomes":
		return w.t("figure", w.t("of.outcomes"), phrase.In(w.lang, "outcome."+id))
	case "places":
		return w.place(digest.Place{Spot: id, Category: name})
	case "days", "levels", "waits", "feedback", "decisions":
		return w.t("figure", w.t("of."+group), rest)
	}
	return w.t("of." + group)
}

func (w *writer) measureName(group, name string) string {
	if number, is := strings.CutPrefix(name, "feedback."); is {
		return number
	}
	if group == "earlier" {
		return w.t("carried." + name)
	}
	return w.t("measure." + name)
}

// changed writes a value of a change: a figure, or a state and a timing.
func (w *writer) changed(value string) string {
	if value == "" {
		return none
	}
	state, timing, both := strings.Cut(value, " ")
	if !both {
		return value
	}
	return w.standingOf(digest.Matter{State: ticket.State(state), Timing: digest.Timing(timing)})
}
