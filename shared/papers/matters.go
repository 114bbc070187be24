package papers

import (
	"cmp"
	"strconv"

	"steledesk/shared/digest"
	"steledesk/shared/ticket"
)

// decisions writes 上次座谈会意见办理情况: what earlier meetings decided, and what became of it.
func (w *writer) decisions() {
	w.begin(1, "decisions")
	list := w.Digest.Decisions
	if len(list) == 0 {
		w.say("decisions.none")
		return
	}
	var matters []digest.Matter
	for _, d := range list {
		matters = append(matters, d.Matter)
	}
	w.text(w.standing("decisions.text", matters, 0))
	t := table{caption: w.t("decisions.table"), columns: []column{
		{w.t("meeting"), 18, false}, {w.t("decision"), 36, true}, {w.t("section"), 20, true}, {w.t("by"), 28, false}, {w.t("standing"), 16, false}, {w.t("result"), 30, true},
	}}
	for _, d := range list {
		t.rows = append(t.rows, []string{
			w.month(d.Meeting), d.Text, w.section(d.Section), w.due(d), w.standingOf(d.Matter), cmp.Or(d.Answer, none),
		})
	}
	w.table(t)
}

func (w *writer) due(d digest.Decision) string {
	if d.AnswerBy.IsZero() {
		return w.t("no-date")
	}
	return w.date(d.AnswerBy)
}

// standing says how many matters are answered, open and overdue.
func (w *writer) standing(key string, list []digest.Matter, beyond int) string {
	answered, overdue := 0, 0
	for _, m := range list {
		answered += one(!m.State.Open())
		overdue += one(m.State.Open() && m.Timing == digest.Overdue)
	}
	open := len(list) - answered
	text := w.t(key, w.many("matters", len(list)+beyond))
	switch {
	case open == 0:
		return text + w.t("standing.answered")
	case answered == 0:
		text += w.t("standing.open")
	default:
		text += w.t("standing.both", w.many("matters", answered), w.many("matters", open))
	}
	if overdue == 0 {
		return text + w.t("standing.in-time")
	}
	return text + w.t("standing.overdue", w.many("matters", overdue))
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// standingOf says a matter's state, and that it is overdue when it is.
func (w *writer) standingOf(m digest.Matter) string {
	if m.Timing == digest.Overdue {
		return w.t("and-overdue", w.state(m.State))
	}
	return w.state(m.State)
}

// feedback writes 监督员意见: this month's, and what is left of earlier months'.
func (w *writer) feedback() {
	w.begin(1, "feedback")
	now, before := w.Digest.Tally.Feedback, w.Digest.Earlier.Feedback
	if len(now)+len(before) == 0 {
		w.say("feedback.none")
		return
	}
	if len(now) > 0 {
		w.text(w.standing("feedback.text", now, w.Digest.Tally.MoreFeed))
	}
	if len(before) > 0 {
		w.text(w.standing("feedback.earlier", before, w.Digest.Earlier.MoreFeed))
	}
	w.matters(w.t("feedback.table"), append(now[:len(now):len(now)], before...))
	if more := w.Digest.Tally.MoreFeed + w.Digest.Earlier.MoreFeed; more > 0 {
		w.note(w.t("feedback.more", w.many("matters", more)))
	}
}

func (w *writer) matters(caption string, list []digest.Matter) {
	t := table{caption: caption, columns: []column{{w.t("number"), 26, false}, {w.t("section"), 34, true}, {w.t("standing"), 26, false}, {w.t("days-taken"), 18, false}}}
	for _, m := range list {
		t.rows = append(t.rows, []string{m.Number, w.section(m.Section), w.standingOf(m), strconv.Itoa(m.Days)})
	}
	w.table(t)
}

// oftenReturned is how many cases a section sends back before that is a question for the meeting.
const oftenReturned = 3

// questions writes 提请讨论的问题: what the figures themselves ask.
func (w *writer) questions() {
	w.begin(1, "questions")
	w.askRepeated()
	w.askSections()
	w.askMatters()
	if w.item == 0 {
		w.say("questions.none")
	}
	w.blank(w.t("questions.blank"))
}

func (w *writer) askRepeated() {
	for _, c := range w.Digest.Tally.RepeatedMatters(5) {
		w.ask("ask.repeated", w.place(c.Place), w.cases(c.N))
	}
}

func (w *writer) askSections() {
	for _, id := range w.sectionIDs() {
		if n := w.Digest.Tally.Sections[id].Overdue; n > 0 {
			w.ask("ask.overdue", w.section(id), w.cases(n))
		}
	}
	if n := w.Digest.Earlier.Overdue; n > 0 {
		w.ask("ask.earlier", w.cases(n))
	}
	for _, id := range w.sectionIDs() {
		if n := w.Digest.Tally.Sections[id].Returned; n >= oftenReturned {
			w.ask("ask.returned", w.section(id), w.cases(n))
		}
	}
}

func (w *writer) askMatters() {
	for _, d := range w.Digest.Decisions {
		if d.Timing == digest.Overdue {
			w.ask("ask.decision", w.month(d.Meeting), d.Text, w.section(d.Section), w.due(d))
		}
	}
	n := 0
	for _, list := range [][]digest.Matter{w.Digest.Tally.Feedback, w.Digest.Earlier.Feedback} {
		for _, m := range list {
			if m.Timing == digest.Overdue && m.State != ticket.Withdrawn {
				n++
			}
		}
	}
	if n > 0 {
		w.ask("ask.feedback", w.many("matters", n))
	}
}

// plans writes 下月打算, which is the office's to write.
func (w *writer) plans() {
	w.begin(1, "plans")
	w.blank(w.t("plans.blank"))
}
