package web

import (
	"html/template"
	"net/url"
	"strings"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// Frame is what every page has around its own content.
type Frame struct {
	Language string         // "zh" or "en"
	Office   *office.Office // nil: it could not be read
	// Here is the path and query at which this page can be had in the other language; empty when
	// it came of a form and cannot be asked for again.
	Here string
}

// T gives a text of the catalogue in the page's language.
func (f Frame) T(key string, args ...any) string { return phrase.In(f.Language, key, args...) }

// Name gives an office's name for something in the page's language.
func (f Frame) Name(n office.Name) string { return n.In(f.Language) }

// Tag is the page's language as HTML names it.
func (f Frame) Tag() string { return tag(f.Language) }

// Other is the language the page can be switched to.
func (f Frame) Other() string {
	if f.Language == "en" {
		return "zh"
	}
	return "en"
}

// OtherTag is Other as HTML names it.
func (f Frame) OtherTag() string { return tag(f.Other()) }

func tag(language string) string {
	if language == "en" {
		return "en"
	}
	return "zh-CN"
}

// Link gives a path of the site that keeps the page's language.
func (f Frame) Link(path string) string { return linkIn(f.Language, path) }

// Switch gives this page in the other language.
func (f Frame) Switch() string { return linkIn(f.Other(), f.Here) }

func linkIn(language, path string) string {
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	return path + separator + url.Values{"lang": {language}}.Encode()
}

// Style is the style sheet's element.
func (f Frame) Style() template.HTML { return style().element }

// Address is where the office is, or empty.
func (f Frame) Address() string {
	if f.Office == nil {
		return ""
	}
	return f.Name(f.Office.Desk.Address)
}

// Phones lists the numbers people may call instead.
func (f Frame) Phones() []office.Phone {
	if f.Office == nil {
		return nil
	}
	return f.Office.Desk.Phones
}

// Emergencies lists those of the phones that are for people in danger.
func (f Frame) Emergencies() []office.Phone {
	var found []office.Phone
	for _, p := range f.Phones() {
		if p.Number == "110" || p.Number == "119" || p.Number == "120" {
			found = append(found, p)
		}
	}
	return found
}

// OfficeName is whose page it is; empty while the office data cannot be read.
func (f Frame) OfficeName() string {
	if f.Office == nil {
		return ""
	}
	return f.Name(f.Office.Desk.Name)
}

// Day writes the day of a time: 2026年11月30日（周一）, Monday 30 November 2026.
func (f Frame) Day(at time.Time) string {
	at = at.In(ticket.Zone)
	if f.Language == "en" {
		return at.Format("Monday 2 January 2006")
	}
	return at.Format("2006年1月2日") + "（周" + string([]rune("日一二三四五六")[at.Weekday()]) + "）"
}

// Moment writes a time to the minute.
func (f Frame) Moment(at time.Time) string {
	at = at.In(ticket.Zone)
	if f.Language == "en" {
		return at.Format("2 January 2006, 15:04")
	}
	return at.Format("2006年1月2日 15:04")
}

// Until writes a deadline: its day when it lasts to the day's end, else the hour too.
func (f Frame) Until(by time.Time) string {
	by = by.In(ticket.Zone)
	switch {
	case by.Hour() == 23 && by.Minute() == 59:
		return f.Day(by)
	case f.Language == "en":
		return by.Format("15:04 on ") + f.Day(by)
	}
	return f.Day(by) + by.Format("15:04")
}

// AnswerBy says in words when an answer is due.
func (f Frame) AnswerBy(by time.Time) string {
	if by.IsZero() {
		return f.T("page.answer.none")
	}
	return f.T("page.answer.date", f.Until(by))
}
