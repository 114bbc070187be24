package workday

import "sync"

// A notice is what the General Office of the State Council announces for one year:
// which days are off, and which Saturdays and Sundays are worked to make up for them.
// Weekends joined to a holiday may be part of off; every other weekend is off anyway.
type notice struct {
	year int
	off  []span
	work []span
}

// A span is a run of days, both ends included, as 2006-01-02. That form sorts as time
// does, so days are compared as text and a table needs no parsing.
type span struct{ first, last string }

func (s span) holds(date string) bool { return s.first <= date && date <= s.last }

func one(date string) span        { return span{date, date} }
func run(first, last string) span { return span{first, last} }
func holds(s []span, d string) bool { // whether any of s holds d
	for _, each := range s {
		if each.holds(d) {
			return true
		}
	}
	return false
}

// announced holds the notices known when this was written, holiday by holiday in the
// order of the notice, so that a person can check each line against it.
// The notice for a year appears in October or November before it: see Calendar.With.
var announced = sync.OnceValue(func() []notice {
	return []notice{
		{ // 国务院办公厅关于2024年部分节假日安排的通知, 2023-10-25
			year: 2024,
			off: []span{
				one("2024-01-01"),               // 元旦
				run("2024-02-10", "2024-02-17"), // 春节
				run("2024-04-04", "2024-04-06"), // 清明节
				run("2024-05-01", "2024-05-05"), // 劳动节
				run("2024-06-08", "2024-06-10"), // 端午节
				run("2024-09-15", "2024-09-17"), // 中秋节
				run("2024-10-01", "2024-10-07"), // 国庆节
			},
			work: []span{
				one("2024-02-04"), one("2024-02-18"), // 春节
				one("2024-04-07"),                    // 清明节
				one("2024-04-28"), one("2024-05-11"), // 劳动节
				one("2024-09-14"),                    // 中秋节
				one("2024-09-29"), one("2024-10-12"), // 国庆节
			},
		},
		{ // 国务院办公厅关于2025年部分节假日安排的通知, 2024-11-12
			year: 2025,
			off: []span{
				one("2025-01-01"),               // 元旦
				run("2025-01-28", "2025-02-04"), // 春节
				run("2025-04-04", "2025-04-06"), // 清明节
				run("2025-05-01", "2025-05-05"), // 劳动节
				run("2025-05-31", "2025-06-02"), // 端午节
				run("2025-10-01", "2025-10-08"), // 国庆节、中秋节
			},
			work: []span{
				one("2025-01-26"), one("2025-02-08"), // 春节
				one("2025-04-27"),                    // 劳动节
				one("2025-09-28"), one("2025-10-11"), // 国庆节、中秋节
			},
		},
		{ // 国务院办公厅关于2026年部分节假日安排的通知, 2025-11
			year: 2026,
			off: []span{
				run("2026-01-01", "2026-01-03"), // 元旦
				run("2026-02-15", "2026-02-23"), // 春节
				run("2026-04-04", "2026-04-06"), // 清明节
				run("2026-05-01", "2026-05-05"), // 劳动节
				run("2026-06-19", "2026-06-21"), // 端午节
				run("2026-09-25", "2026-09-27"), // 中秋节
				run("2026-10-01", "2026-10-07"), // 国庆节
			},
			work: []span{
				one("2026-01-04"),                    // 元旦
				one("2026-02-14"), one("2026-02-28"), // 春节
				one("2026-05-09"),                    // 劳动节
				one("2026-09-20"), one("2026-10-10"), // 国庆节
			},
		},
	}
})
