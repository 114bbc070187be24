package papers

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"steledesk/shared/digest"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// none stands where there is no figure to print.
const none = "—"

// writer writes a digest in a language.
type writer struct {
	Input
	lang string
	canvas
	numbers [2]int // of the last heading of each level
	item    int    // of the last numbered item below a heading
}

// compose writes the whole digest.
func compose(in Input, language string, on canvas) {
	w := &writer{Input: in, lang: language, canvas: on}
	w.overall()
	w.places()
	w.bySection()
	w.waits()
	w.decisions()
	w.feedback()
	w.questions()
	w.plans()
	w.end()
}

func (w *writer) t(key string, args ...any) string { return phrase.In(w.lang, "paper."+key, args...) }

// say writes a paragraph.
func (w *writer) say(key string, args ...any) { w.text(w.t(key, args...)) }

// begin writes a heading with its number: 一、 and （一）, 1 and 1.1 in English.
func (w *writer) begin(level int, key string, args ...any) {
	w.item = 0
	w.numbers[level-1]++
	if level == 1 {
		w.numbers[1] = 0
	}
	w.heading(level, ordinal(w.lang, w.numbers[:level])+w.t(key, args...))
}

func ordinal(language string, numbers []int) string {
	n := numbers[len(numbers)-1]
	switch {
	case language == "en" && len(numbers) == 1:
		return strconv.Itoa(n) + ". "
	case language == "en":
		return strconv.Itoa(numbers[0]) + "." + strconv.Itoa(n) + " "
	case len(numbers) == 1:
		return chinese(n) + "、"
	}
	return "（" + chinese(n) + "）"
}

// chinese writes 1 … 99 in Chinese.
func chinese(n int) string {
	digits := []rune("〇一二三四五六七八九")
	tens, ones := n/10, n%10
	text := ""
	if tens > 1 {
		text += string(digits[tens])
	}
	if tens > 0 {
		text += "十"
	}
	if ones > 0 {
		text += string(digits[ones])
	}
	return text
}

// ask writes a numbered item.
func (w *writer) ask(key string, args ...any) {
	w.item++
	w.text(strconv.Itoa(w.item) + "." + w.gap() + w.t(key, args...))
}

// gap is what stands between words and sentences: nothing in Chinese.
func (w *writer) gap() string {
	if w.lang == "en" {
		return " "
	}
	return ""
}

// n writes a number: 12345, and 12,345 in English.
func (w *writer) n(n int) string {
	text := strconv.Itoa(n)
	if w.lang != "en" {
		return text
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// cases writes how many cases: 12件, 1 case.
func (w *writer) cases(n int) string { return w.many("cases", n) }

// many writes how many of something there are, by the key of its one and its many.
func (w *writer) many(key string, n int) string {
	if n == 1 {
		return w.t(key+".one", w.n(n))
	}
	return w.t(key+".many", w.n(n))
}

// rate writes a rate: 93.5%, or a dash when it is of too few.
func rate(r digest.Rate) string {
	if percent, ok := r.Percent(); ok {
		return percentage(percent)
	}
	return none
}

func percentage(percent float64) string { return strconv.FormatFloat(percent, 'f', 1, 64) + "%" }

// rateOf writes a rate and of how many it is.
func (w *writer) rateOf(r digest.Rate) string { return w.t("rate-of", rate(r), w.n(r.Of)) }

// days writes how many working days, or a dash.
func (w *writer) days(days int, ok bool) string {
	if !ok {
		return none
	}
	return w.n(days)
}

func (w *writer) date(at time.Time) string {
	at = at.In(ticket.Zone)
	if w.lang == "en" {
		return at.Format("2 January 2006")
	}
	return at.Format("2006年1月2日")
}

func (w *writer) month(m digest.Month) string {
	if w.lang == "en" {
		return m.Start().Format("January 2006")
	}
	return m.Start().Format("2006年1月")
}

// list joins things that are named one after another.
func (w *writer) list(things []string) string {
	if w.lang == "en" {
		return strings.Join(things, ", ")
	}
	return strings.Join(things, "、")
}

func (w *writer) kind(k ticket.Kind) string   { return phrase.In(w.lang, "kind."+string(k)) }
func (w *writer) state(s ticket.State) string { return w.t("state." + string(s)) }

func (w *writer) section(id string) string { return cmp.Or(w.Office.SectionName(id, w.lang), none) }
func (w *writer) category(id string) string {
	return cmp.Or(w.Office.CategoryName(id, w.lang), w.t("no-category"))
}
func (w *writer) spot(id string) string { return cmp.Or(w.Office.SpotName(id, w.lang), w.t("no-spot")) }

// place names a category at a spot.
func (w *writer) place(p digest.Place) string {
	return w.t("place", w.spot(p.Spot), w.category(p.Category))
}

func (w *writer) timing(t digest.Timing) string { return w.t("timing." + string(t)) }

// title is what the paper is called.
func (w *writer) title() string { return w.t("title", w.month(w.Digest.Month)) }

func (w *writer) unit() string { return w.Office.Desk.Name.In(w.lang) }
