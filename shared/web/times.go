package web

import (
	"time"

	"steledesk/shared/ticket"
)

// Times are Beijing's and written as each language writes them.
var clocks = map[string]struct{ day, moment, hour, weekdays string }{
	"zh": {"2006年1月2日", "2006年1月2日 15:04", "15:04", "日一二三四五六"},
	"ja": {"2006年1月2日", "2006年1月2日 15:04", "15:04", "日月火水木金土"},
	"ko": {"2006년 1월 2일", "2006년 1월 2일 15:04", " 15:04", "일월화수목금토"},
}

// Day writes the day of a time: 2026年11月30日（周一）, Monday 30 November 2026.
func (f Frame) Day(at time.Time) string {
	at = at.In(ticket.Zone)
	c, known := clocks[f.Language]
	if !known {
		return at.Format("Monday 2 January 2006")
	}
	weekday := string([]rune(c.weekdays)[at.Weekday()])
	switch f.Language {
	case "zh":
		return at.Format(c.day) + "（周" + weekday + "）"
	case "ja":
		return at.Format(c.day) + "（" + weekday + "）"
	}
	return at.Format(c.day) + "(" + weekday + ")"
}

// Moment writes a time to the minute.
func (f Frame) Moment(at time.Time) string {
	at = at.In(ticket.Zone)
	if c, known := clocks[f.Language]; known {
		return at.Format(c.moment)
	}
	return at.Format("2 January 2006, 15:04")
}

// Until writes a deadline: its day when it lasts to the day's end, else the hour too.
func (f Frame) Until(by time.Time) string {
	by = by.In(ticket.Zone)
	c, known := clocks[f.Language]
	switch {
	case by.Hour() == 23 && by.Minute() == 59:
		return f.Day(by)
	case !known:
		return by.Format("15:04 on ") + f.Day(by)
	}
	return f.Day(by) + by.Format(c.hour)
}

// AnswerBy says in words when an answer is due.
func (f Frame) AnswerBy(by time.Time) string {
	if by.IsZero() {
		return f.T("page.answer.none")
	}
	return f.T("page.answer.date", f.Until(by))
}
