package papers

import (
	"strconv"

	"steledesk/shared/digest"
	"steledesk/shared/papers/word"
	"steledesk/shared/ticket"
)

// annualDocument renders texts for whoever drafts the year's report, under the heads of the report that they are for,
// and the tables of the sections' assessment.
func annualDocument(in Annual, language string) ([]byte, error) {
	a := newAnnual(in, language)
	doc := word.New(word.Properties{Title: a.title(), Subject: a.t("mark"), Author: a.unit(), Language: language, Created: in.Year.CutOff()})
	a.canvas = wordCanvas{doc, a.t("enclosures")}
	doc.Mark(a.t("mark"))
	doc.Title(a.below(), a.unit(), a.title())
	a.say("year.use")
	a.text(a.lacks())
	a.overall()
	a.problems()
	a.others()
	a.notHere()
	a.assessment()
	a.enclosed()
	return doc.Bytes()
}

// below is what stands below the title: until when a year that is not whole was counted.
func (a *annual) below() string {
	if a.Year.Whole() {
		return ""
	}
	return a.t("year.unfinished", a.date(a.Year.CutOff()))
}

// lacks names the months that are missing and those that were counted before they were over.
func (a *annual) lacks() string {
	if a.Year.Whole() {
		return a.t("year.whole")
	}
	text := a.t("year.counted", a.many("months", len(a.Year.Standing(digest.Final))))
	if missing := a.Year.Standing(digest.Missing); len(missing) > 0 {
		text += a.gap() + a.t("year.lacks", a.calendars(missing))
	}
	for _, m := range a.Year.Months {
		if m.Standing == digest.Running {
			text += a.gap() + a.t("year.not-over", a.calendar(m.Month), a.date(m.CutOff))
		}
	}
	return text + a.gap() + a.t("year.again")
}

// overall writes what the report's first part (总体情况) may take.
func (a *annual) overall() {
	a.begin(1, "year.overall")
	a.begin(2, "year.watched")
	all := a.Year.Tally.All
	a.text(a.received(a.year()) + a.gap() + a.reports())
	a.text(a.answeredInYear(all))
	a.text(a.rates(all) + a.gap() + a.effort(all))
	a.text(a.compared())
	a.text(a.supervised())
	a.begin(2, "year.platform")
	a.say("year.spots", a.many("spots", len(a.Office.Spots)))
	a.blank(a.t("year.platform.blank"))
	a.begin(2, "year.published")
	a.blank(a.t("year.published.blank"))
}

// answeredInYear says what became of the cases: at the end of each month, and later.
func (a *annual) answeredInYear(f digest.Figures) string {
	text := a.t("year.outcome", a.cases(f.Answerable()))
	if f.Withdrawn > 0 {
		text += a.t("outcome.withdrawn", a.cases(f.Withdrawn))
	}
	text += a.answered(f.InTime, f.Late)
	c := a.Year.Carried
	if !c.Known {
		return text + a.gap() + a.t("year.carried.unknown")
	}
	if c.BegunIs && c.Begun > 0 {
		text += a.gap() + a.t("year.begun", a.cases(c.Begun))
	}
	if c.Answered > 0 {
		text += a.gap() + a.t("year.carried", a.cases(c.Answered), a.cases(c.Late))
	}
	return text + a.gap() + a.leftOver(c)
}

// leftOver says what the year leaves to the next.
func (a *annual) leftOver(c digest.Carried) string {
	by := a.date(c.At.Add(-1))
	switch {
	case c.Left == 0:
		return a.t("year.left.none", by)
	case c.Overdue == 0:
		return a.t("year.left", by, a.cases(c.Left))
	}
	return a.t("year.left.overdue", by, a.cases(c.Left), a.cases(c.Overdue))
}

// compared sets beside the year before what both years counted.
func (a *annual) compared() string {
	c := a.Year.Compare
	if c == nil {
		return a.t("year.compared.none", a.t("year", strconv.Itoa(a.Year.Year-1)))
	}
	then := a.t("year", strconv.Itoa(a.Year.Year-1))
	if len(c.Months) < len(a.Year.Months) {
		then = a.t("year.same-months", then, a.calendars(c.Months))
	}
	return a.t("year.compared", then, a.cases(c.Now.Received), a.cases(c.Then.Received), a.change(c.Now.Received, c.Then.Received)) + a.gap() +
		a.t("year.compared.rates", rate(c.Now.OnTime()), rate(c.Then.OnTime()), rate(c.Now.Satisfied), rate(c.Then.Satisfied))
}

// supervised says what the supervisors did.
func (a *annual) supervised() string {
	text := a.t("year.meetings", a.many("meetings", a.Meetings), a.many("matters", a.Decisions))
	f := a.Year.Tally.Kinds[ticket.Feedback]
	if f.Received == 0 {
		return text + a.gap() + a.t("year.feedback.none")
	}
	return text + a.gap() + a.t("year.feedback", a.cases(f.Received), a.cases(f.InTime+f.Late))
}

// problems writes what the part on problems and how they are mended may take.
func (a *annual) problems() {
	a.begin(1, "year.problems")
	by := a.byTop()
	told := a.mostOf(by, ids(by), a.category)
	if len(told) > 0 {
		a.say("categories.most", a.list(told))
	}
	told = nil
	for _, c := range a.Year.Tally.Matters(topCategories) {
		told = append(told, a.t("year.matter", a.place(c.Place), a.cases(c.N)))
	}
	if len(told) > 0 {
		a.say("year.matters", a.list(told))
	}
	if f := a.Year.Tally.All; f.Late+f.Overdue > 0 {
		a.say("year.late", a.cases(f.Late), a.cases(f.Overdue))
	}
	a.blank(a.t("year.problems.blank"))
}

// mostOf names the first few with their share of all.
func (a *annual) mostOf(by map[string]digest.Figures, all []string, name func(string) string) []string {
	var told []string
	for _, id := range all[:min(len(all), topCategories)] {
		n := by[id].Received
		told = append(told, a.t("share", name(id), a.n(n), rate(digest.Rate{Halves: 2 * n, Of: a.Year.Tally.All.Received})))
	}
	return told
}

// others writes what the report's last part (其他需要报告的事项) may take.
func (a *annual) others() {
	a.begin(1, "year.others")
	f := a.Year.Tally.Kinds[ticket.Suggestion]
	if f.Received == 0 {
		a.say("year.suggestions.none")
	} else {
		a.say("year.suggestions", a.cases(f.Received), a.cases(f.InTime+f.Late))
	}
	if a.Year.Tally.Kinds[ticket.Praise].Received == 0 {
		a.say("year.praise.none")
		return
	}
	a.praise()
}

// notHere says which parts of the report the desk knows nothing of.
func (a *annual) notHere() {
	a.begin(1, "year.not-here")
	a.say("year.not-here.text")
	a.blank(a.t("year.not-here.blank"))
}

// assessment writes the sections' figures for their yearly assessment.
func (a *annual) assessment() {
	a.begin(1, "year.assessment")
	list := a.sectionIDs()
	if len(list) == 0 {
		a.say("year.places.none")
		return
	}
	a.say("year.assessment.text", a.many("sections", len(list)))
	shown := some("received", "inTime", "late", "open", "overdue", "onTime", "response", "solved", "satisfied", "median", "returned")
	t := table{caption: a.t("sections.table"), columns: a.columns("section", 26, shown)}
	for _, id := range list {
		t.rows = append(t.rows, append([]string{a.section(id)}, a.figures(shown, a.Year.Tally.Sections[id])...))
	}
	t.rows = append(t.rows, append([]string{a.t("total")}, a.figures(shown, a.Year.Tally.All)...))
	a.table(t)
	a.note(a.t("year.assessment.note", a.n(digest.MinCases)))
}

// enclosed writes the signature and the attachments.
func (a *annual) enclosed() {
	titles := []string{a.t("year.att.months"), a.t("att.categories"), a.t("att.proof")}
	a.enclosures(titles)
	a.sign(a.unit(), a.date(a.Year.CutOff()))
	a.attachment(a.attachmentLabel(1), titles[0])
	a.table(a.monthTable())
	a.attachment(a.attachmentLabel(2), titles[1])
	by := a.byTop()
	if len(by) == 0 {
		a.say("year.places.none")
	} else {
		a.table(a.figuresTable("", "category", ids(by), by, a.category))
	}
	a.attachment(a.attachmentLabel(3), titles[2])
	a.proof()
}

// monthTable sets the months one below the other, and the year below them.
func (a *annual) monthTable() table {
	shown := some("received", "inTime", "late", "open", "overdue", "onTime", "response", "solved", "satisfied")
	t := table{columns: a.columns("month", 22, shown)}
	for _, m := range a.Year.Months {
		row := []string{a.calendar(m.Month)}
		if m.Standing == digest.Running {
			row[0] = a.t("year.unended", row[0])
		}
		if m.Standing == digest.Missing {
			row = append(row, a.standingOfMonth(m.Standing))
			for range shown[1:] {
				row = append(row, none)
			}
		} else {
			row = append(row, a.figures(shown, m.Tally.All)...)
		}
		t.rows = append(t.rows, row)
	}
	t.rows = append(t.rows, append([]string{a.t("year.sum")}, a.figures(shown, a.Year.Tally.All)...))
	return t
}

// proof says how the year was counted, and from which editions.
func (a *annual) proof() {
	a.say("year.rule", a.n(digest.MinCases))
	a.say("year.days")
	a.say("year.book")
	if a.Year.Broken > 0 {
		a.say("proof.broken", a.many("tickets", a.Year.Broken))
	}
	t := table{columns: []column{{a.t("month"), 16, true}, {a.t("year.standing"), 26, false}, {a.t("note.edition"), 12, false}, {a.t("year.cut-off"), 30, false}, {a.t("of.root"), 34, false}}}
	for _, m := range a.Year.Months {
		if m.Standing != digest.Missing {
			t.rows = append(t.rows, []string{a.calendar(m.Month), a.standingOfMonth(m.Standing), strconv.Itoa(m.Edition), a.date(m.CutOff), m.Root[:min(len(m.Root), rootShown)] + "…"})
		}
	}
	a.table(t)
}

// rootShown is how much of an audit root tells two apart; the workbook has the whole of it.
const rootShown = 16
