package papers

import (
	"maps"
	"slices"
	"strings"

	"steledesk/shared/digest"
	"steledesk/shared/ticket"
)

// overall writes 总体情况: what came in, what became of it, and how that compares.
func (w *writer) overall() {
	w.begin(1, "overall")
	d, all := w.Digest, w.Digest.Tally.All
	w.corrections()
	w.text(w.received(w.period()) + w.gap() + w.reports())
	w.kindsChart()
	w.text(w.compared())
	w.text(w.outcome(all))
	w.text(w.rates(all))
	w.text(w.effort(all))
	w.keyFigures()
	w.earlier()
	w.dayChart(d)
}

// period is the month, and until when it was counted while it lasts.
func (w *writer) period() string {
	if d := w.Digest; !d.Whole {
		return w.t("until", w.month(d.Month), w.date(d.CutOff))
	}
	return w.month(w.Digest.Month)
}

// received says what came in: 其中投诉12件、建议3件。
func (w *writer) received(period string) string {
	d := w.Digest
	var kinds []string
	for _, k := range ticket.VisitorKinds() {
		if n := d.Tally.Kinds[k].Received; n > 0 {
			kinds = append(kinds, w.t("of-kind", w.kind(k), w.n(n)))
		}
	}
	if len(kinds) == 0 {
		return w.t("received.none", period)
	}
	return w.t("received", period, w.cases(d.Tally.All.Received), w.list(kinds))
}

func (w *writer) reports() string {
	if w.Digest.Tally.Reports == 0 {
		return w.t("reports.none")
	}
	return w.t("reports", w.cases(w.Digest.Tally.Reports))
}

// compared says how much more or less came in than in the month before and a year ago.
func (w *writer) compared() string {
	d, text := w.Digest, ""
	for _, p := range []struct {
		key  string
		past *digest.Past
	}{{"month-ago", d.MonthAgo}, {"year-ago", d.YearAgo}} {
		if p.past != nil {
			text += w.t("compared", w.t(p.key), w.month(p.past.Month), w.cases(p.past.All.Received), w.change(d.Tally.All.Received, p.past.All.Received)) + w.gap()
		}
	}
	if text == "" {
		return w.t("compared.none")
	}
	return text
}

// change writes a difference, in percent too where that says something.
func (w *writer) change(is, was int) string {
	difference, key := is-was, "more"
	if difference == 0 {
		return w.t("equal")
	}
	if difference < 0 {
		difference, key = -difference, "less"
	}
	percent, ok := digest.Rate{Halves: 2 * difference, Of: was}.Percent()
	if !ok {
		return w.t(key, w.cases(difference))
	}
	return w.t(key+".percent", w.cases(difference), percentage(percent))
}

// outcome says what was answered, and what is still open.
func (w *writer) outcome(f digest.Figures) string {
	text := w.t("outcome", w.date(w.Digest.CutOff.Add(-1)), w.cases(f.Answerable()))
	if f.Withdrawn > 0 {
		text += w.t("outcome.withdrawn", w.cases(f.Withdrawn))
	}
	return text + w.answered(f.InTime, f.Late) + w.gap() + w.stillOpen(f)
}

func (w *writer) answered(inTime, late int) string {
	switch {
	case inTime+late == 0:
		return w.t("answered.none")
	case late == 0:
		return w.t("answered.in-time", w.cases(inTime))
	case inTime == 0:
		return w.t("answered.late", w.cases(late))
	}
	return w.t("answered", w.cases(inTime), w.cases(late))
}

func (w *writer) stillOpen(f digest.Figures) string {
	text := w.t("open.overdue", w.cases(f.Open()), w.cases(f.Overdue))
	switch {
	case f.Open() == 0:
		text = w.t("open.none")
	case f.Overdue == 0:
		text = w.t("open", w.cases(f.Open()))
	}
	if f.Undated > 0 {
		text += w.gap() + w.t("undated", w.cases(f.Undated))
	}
	return text
}

// rates says the three rates and how many were in time.
func (w *writer) rates(f digest.Figures) string {
	return w.t("rates", w.rateOf(f.OnTime()), w.rateOf(f.Response), w.rateOf(f.Solved), w.rateOf(f.Satisfied))
}

// effort says how long it took and what it took.
func (w *writer) effort(f digest.Figures) string {
	median, known := f.Quantile(.5)
	ninetieth, most := f.Quantile(.9)
	text := w.t("days.none")
	switch {
	case most:
		text = w.t("days", w.many("workdays", median), w.many("workdays", ninetieth))
	case known:
		text = w.t("days.median", w.many("workdays", median))
	}
	var steps []string
	for _, m := range some("returned", "extended", "reopened", "urged", "overseen") {
		if n := m.count(f); n > 0 {
			steps = append(steps, w.t("of-step", w.t("short."+m.key), w.n(n)))
		}
	}
	if len(steps) == 0 {
		return text + w.gap() + w.t("steps.none")
	}
	return text + w.gap() + w.t("steps", w.list(steps))
}

// keyFigures is the table of all measures, this month's beside those it is compared with.
func (w *writer) keyFigures() {
	t := table{caption: w.t("key-figures"), columns: []column{{w.t("measure"), 40, true}, {w.month(w.Digest.Month), 20, false}}}
	for _, p := range []*digest.Past{w.Digest.MonthAgo, w.Digest.YearAgo} {
		if p != nil {
			t.columns = append(t.columns, column{w.month(p.Month), 20, false})
		}
	}
	for _, m := range measures() {
		row := []string{w.t("measure." + m.key), w.figure(m, w.Digest.Tally.All)}
		for _, p := range []*digest.Past{w.Digest.MonthAgo, w.Digest.YearAgo} {
			if p != nil {
				row = append(row, w.figure(m, p.All))
			}
		}
		t.rows = append(t.rows, row)
	}
	w.table(t)
	w.note(w.t("few", w.n(digest.MinCases)))
}

// earlier says what became of cases of earlier months.
func (w *writer) earlier() {
	e := w.Digest.Earlier
	switch {
	case !e.Known:
		w.say("past.unknown")
		return
	case e.Open == 0 && e.Reopened == 0:
		w.say("past.none")
		return
	}
	w.text(w.carried(e) + w.gap() + w.left(e))
}

// carried says what became of what was carried over.
func (w *writer) carried(e digest.Earlier) string {
	text := ""
	switch {
	case e.Open == 0:
	case e.Answered == 0:
		text = w.t("past.unanswered", w.cases(e.Open)) + w.gap()
	case e.Late == 0:
		text = w.t("past.in-time", w.cases(e.Open), w.cases(e.Answered)) + w.gap()
	default:
		text = w.t("past", w.cases(e.Open), w.cases(e.Answered), w.cases(e.Late)) + w.gap()
	}
	if e.Reopened > 0 {
		text += w.t("past.reopened", w.cases(e.Reopened)) + w.gap()
	}
	return strings.TrimSpace(text)
}

func (w *writer) left(e digest.Earlier) string {
	switch {
	case e.Still == 0:
		return w.t("past.left.none")
	case e.Overdue == 0:
		return w.t("past.left", w.cases(e.Still))
	}
	return w.t("past.left.overdue", w.cases(e.Still), w.cases(e.Overdue))
}

func (w *writer) kindsChart() {
	c := chart{title: w.t("chart.kinds")}
	var told, kinds []string
	by := map[string]digest.Figures{}
	for _, k := range ticket.VisitorKinds() {
		n := w.Digest.Tally.Kinds[k].Received
		if n == 0 {
			continue
		}
		c.labels, c.values = append(c.labels, w.kind(k)), append(c.values, n)
		told = append(told, w.t("of-kind", w.kind(k), w.n(n)))
		kinds, by[string(k)] = append(kinds, string(k)), w.Digest.Tally.Kinds[k]
	}
	c.description = w.list(told)
	if len(c.values) > 0 {
		w.chart(c)
		w.table(w.figuresTable(w.t("kinds.table"), "kind", kinds, by, func(k string) string { return w.kind(ticket.Kind(k)) }))
	}
}

// dayChart draws what came in day by day. Days on which nothing came are drawn too.
func (w *writer) dayChart(d digest.Digest) {
	c := chart{line: true, title: w.t("chart.days")}
	for _, day := range w.everyDay() {
		c.labels = append(c.labels, day.label)
		c.values = append(c.values, day.n)
	}
	if len(c.values) == 0 || d.Tally.All.Received == 0 {
		return
	}
	most := slices.Index(c.values, slices.Max(c.values))
	c.description = w.t("chart.days.text", c.labels[most], w.cases(c.values[most]), w.attachmentLabel(3))
	w.chart(c)
}

// day is a day of the month and what came in on it.
type day struct {
	label string
	n     int
}

// everyDay lists the days of the month up to the cut-off.
func (w *writer) everyDay() []day {
	var all []day
	d := w.Digest
	for at := d.Month.Start(); at.Before(d.CutOff) && at.Before(d.Month.End()); at = at.AddDate(0, 0, 1) {
		label := at.Format("1月2日")
		if w.lang == "en" {
			label = at.Format("2 Jan")
		}
		all = append(all, day{label, d.Tally.Days[at.Format("2006-01-02")]})
	}
	return all
}

// ids lists what figures are of, those with the most cases first.
func ids(by map[string]digest.Figures) []string {
	return slices.SortedFunc(maps.Keys(by), func(a, b string) int {
		if by[a].Received != by[b].Received {
			return by[b].Received - by[a].Received
		}
		if a < b {
			return -1
		}
		return 1
	})
}
