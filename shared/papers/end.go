package papers

import (
	"strconv"

	"steledesk/shared/digest"
)

// daysBeside is how many days stand beside one another in the table of days.
const daysBeside = 3

// end writes the enclosures' names, the signature and the attachments.
func (w *writer) end() {
	titles := []string{w.t("att.categories"), w.t("att.spots"), w.t("att.days"), w.t("att.proof")}
	w.enclosures(titles)
	w.sign(w.unit(), w.date(w.Digest.CutOff))
	tally := w.Digest.Tally
	w.attachment(w.attachmentLabel(1), titles[0])
	w.attached(w.figuresTable("", "category", ids(tally.Categories), tally.Categories, w.category))
	w.attachment(w.attachmentLabel(2), titles[1])
	w.attached(w.figuresTable("", "spot", ids(tally.Spots), tally.Spots, w.spot))
	w.attachment(w.attachmentLabel(3), titles[2])
	w.attached(w.dayTable())
	w.attachment(w.attachmentLabel(4), titles[3])
	w.proof()
}

func (w *writer) attachmentLabel(n int) string { return w.t("attachment", strconv.Itoa(n)) }

func (w *writer) attached(t table) {
	if len(t.rows) == 0 {
		w.say("places.none")
		return
	}
	w.table(t)
}

// dayTable has the days in columns beside one another, to fit on a page.
func (w *writer) dayTable() table {
	days := w.everyDay()
	height := (len(days) + daysBeside - 1) / daysBeside
	t := table{rows: make([][]string, height)}
	for range daysBeside {
		t.columns = append(t.columns, column{w.t("day"), 16, false}, column{w.t("short.received"), 12, false})
	}
	for i := range height * daysBeside {
		label, n := "", ""
		if i < len(days) {
			label, n = days[i].label, w.n(days[i].n)
		}
		t.rows[i%height] = append(t.rows[i%height], label, n)
	}
	return t
}

// proof says what the figures were counted from, so that anybody can count again.
func (w *writer) proof() {
	d := w.Digest
	w.say("proof.lines", Name(w.lang, "xlsx"))
	w.say("proof.rule", w.n(digest.MinCases))
	w.say("proof.root", w.many("tickets", d.Tickets), d.Root)
	if d.Broken > 0 {
		w.say("proof.broken", w.many("tickets", d.Broken))
	}
	w.say("proof.edition", strconv.Itoa(max(1, d.Edition)), strconv.Itoa(d.Office), w.date(d.CutOff))
}
