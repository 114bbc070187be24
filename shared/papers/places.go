package papers

import (
	"steledesk/shared/digest"
)

// How many are named in the body; the attachments have all.
const (
	topCategories = 3
	topSpots      = 10
	topMatters    = 10
)

// places writes 分类与点位: what it was about, where, and what comes again and again.
func (w *writer) places() {
	w.begin(1, "places")
	if w.Digest.Tally.All.Received == 0 {
		w.say("places.none")
		return
	}
	w.begin(2, "categories")
	w.topCategories()
	w.begin(2, "hot-spots")
	w.hotSpots()
	w.begin(2, "repeated")
	w.repeated()
	w.begin(2, "praise")
	w.praise()
}

// byTop adds the figures of categories up to those of the first level. What has no category, or one the office no
// longer has, stays by itself.
func (w *writer) byTop() map[string]digest.Figures {
	sum := map[string]digest.Figures{}
	for id, f := range w.Digest.Tally.Categories {
		if top, known := w.Office.TopCategory(id); known {
			id = top.ID
		}
		sum[id] = sum[id].Plus(f)
	}
	return sum
}

func (w *writer) topCategories() {
	by := w.byTop()
	all := ids(by)
	var told []string
	c := chart{title: w.t("chart.categories")}
	for i, id := range all {
		n := by[id].Received
		c.labels, c.values = append(c.labels, w.category(id)), append(c.values, n)
		if i < topCategories {
			told = append(told, w.t("share", w.category(id), w.n(n), rate(digest.Rate{Halves: 2 * n, Of: w.Digest.Tally.All.Received})))
		}
	}
	c.description = w.t("categories.most", w.list(told))
	w.text(c.description)
	w.chart(c)
	w.table(w.figuresTable(w.t("categories.table"), "category", all, by, w.category))
}

// figuresTable is a table of what categories, spots or sections came to.
func (w *writer) figuresTable(caption, of string, list []string, by map[string]digest.Figures, name func(string) string) table {
	shown := some("received", "inTime", "late", "open", "overdue", "onTime", "satisfied")
	t := table{caption: caption, columns: w.columns(of, 24, shown)}
	for _, id := range list {
		t.rows = append(t.rows, append([]string{name(id)}, w.figures(shown, by[id])...))
	}
	return t
}

func (w *writer) hotSpots() {
	hot := w.Digest.Tally.HotSpots(topSpots)
	if len(hot) == 0 {
		w.say("hot-spots.none")
		return
	}
	w.say("hot-spots.most", w.spot(hot[0].Spot), w.cases(hot[0].N))
	t := table{caption: w.t("hot-spots.table"), columns: []column{{w.t("spot"), 40, true}, {w.t("matters"), 20, false}}}
	for _, c := range hot {
		t.rows = append(t.rows, []string{w.spot(c.Spot), w.n(c.N)})
	}
	w.table(t)
}

func (w *writer) repeated() {
	again := w.Digest.Tally.RepeatedMatters(topMatters)
	if len(again) == 0 {
		w.say("repeated.none", w.n(digest.Repeated))
		return
	}
	w.say("repeated.some", w.n(digest.Repeated), w.many("matters", len(again)))
	t := table{caption: w.t("repeated.table"), columns: []column{{w.t("spot"), 36, true}, {w.t("category"), 30, true}, {w.t("times"), 14, false}}}
	for _, c := range again {
		t.rows = append(t.rows, []string{w.spot(c.Spot), w.category(c.Category), w.n(c.N)})
	}
	w.table(t)
}

func (w *writer) praise() {
	var told []string
	n := 0
	for _, s := range w.sectionIDs() {
		if praised := w.Digest.Tally.Praise[s]; praised > 0 {
			told, n = append(told, w.t("of-kind", w.section(s), w.n(praised))), n+praised
		}
	}
	if n == 0 {
		w.say("praise.none")
		return
	}
	w.say("praise.some", w.cases(n), w.list(told))
}
