package papers

import (
	"slices"

	"steledesk/shared/digest"
)

// sectionIDs lists the sections with figures in the order of the office file, those that it no longer has at the end.
func (w *writer) sectionIDs() []string {
	var list []string
	for _, s := range w.Office.Sections {
		if _, has := w.Digest.Tally.Sections[s.ID]; has {
			list = append(list, s.ID)
		}
	}
	for _, id := range ids(w.Digest.Tally.Sections) {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// bySection writes 科室办理情况.
func (w *writer) bySection() {
	w.begin(1, "by-section")
	list, by := w.sectionIDs(), w.Digest.Tally.Sections
	if len(list) == 0 {
		w.say("places.none")
		return
	}
	w.text(w.inTimeSections(list))
	c := chart{title: w.t("chart.sections"), whole: w.t("chart.whole"), dark: w.t("chart.dark"), description: w.t("chart.sections.text")}
	shown := some("received", "inTime", "late", "open", "overdue", "onTime", "response", "solved", "satisfied", "median", "returned")
	t := table{caption: w.t("sections.table"), columns: w.columns("section", 26, shown)}
	for _, id := range list {
		c.labels, c.values, c.part = append(c.labels, w.section(id)), append(c.values, by[id].Answerable()), append(c.part, by[id].InTime)
		t.rows = append(t.rows, append([]string{w.section(id)}, w.figures(shown, by[id])...))
	}
	t.rows = append(t.rows, append([]string{w.t("total")}, w.figures(shown, w.Digest.Tally.All)...))
	w.chart(c)
	w.table(t)
	w.note(w.t("sections.note"))
}

// inTimeSections names who has nothing overdue and who has.
func (w *writer) inTimeSections(list []string) string {
	var overdue []string
	for _, id := range list {
		if n := w.Digest.Tally.Sections[id].Overdue; n > 0 {
			overdue = append(overdue, w.t("of-kind", w.section(id), w.n(n)))
		}
	}
	if len(overdue) == 0 {
		return w.t("sections.in-time", w.many("sections", len(list)))
	}
	return w.t("sections.overdue", w.many("sections", len(list)), w.many("sections", len(overdue)), w.list(overdue))
}

// waits writes 典型件: the longest waits, without a word of what was written.
func (w *writer) waits() {
	w.begin(1, "waits")
	if len(w.Digest.Tally.Waits)+len(w.Digest.Earlier.Waits) == 0 {
		w.say("waits.none")
		return
	}
	w.say("waits.text")
	w.waitsTable("waits.table", w.Digest.Tally.Waits)
	w.waitsTable("waits.earlier", w.Digest.Earlier.Waits)
}

func (w *writer) waitsTable(caption string, waits []digest.Wait) {
	if len(waits) == 0 {
		return
	}
	t := table{caption: w.t(caption), columns: []column{
		{w.t("number"), 25, false}, {w.t("kind"), 17, false}, {w.t("category"), 22, true}, {w.t("spot"), 24, true},
		{w.t("section"), 22, true}, {w.t("standing"), 18, false}, {w.t("days-taken"), 17, false},
	}}
	for _, x := range waits {
		t.rows = append(t.rows, []string{
			x.Number, w.kind(x.Kind), w.category(x.Category), w.spot(x.Spot), w.section(x.Section), w.timing(x.Timing), w.n(x.Days),
		})
	}
	w.table(t)
}
