package desk

import (
	"cmp"
	"net/http"
	"time"

	"steledesk/shared/ticket"
)

func rate(share any, n int) object { return object{"share": share, "n": n} }

// board has a section with much to do, one with nothing and one that is full.
func (f *fake) board(r *http.Request) (int, any) {
	standings := []object{}
	for i, s := range sections(r) {
		standing := object{"section": s, "open": 0, "unsigned": 0, "dueToday": 0, "overdue": 0, "urgent": 0, "returned": 0, "capped": false,
			"rates": object{"inTime": rate(nil, 0), "satisfied": rate(nil, 0), "reopened": rate(nil, 0)}}
		switch i {
		case 1:
			standing = mergeInto(standing, object{"open": 60, "unsigned": 58, "dueToday": 2, "overdue": 2, "urgent": 1, "returned": 3,
				"rates": object{"inTime": rate(0.931, 58), "satisfied": rate(0.6, 20), "reopened": rate(nil, 3)}})
		case 2:
			standing = mergeInto(standing, object{"open": 200, "overdue": 120, "dueToday": 30, "capped": true})
		}
		standings = append(standings, standing)
	}
	return 200, object{"sections": standings}
}

// audit has what somebody did on the desk's today, and what somebody else did three days before.
func (f *fake) audit(r *http.Request) (int, any) {
	q, today := r.URL.Query(), time.Date(2026, 9, 29, 0, 0, 0, 0, ticket.Zone) // at the desk, not at the browser
	day := cmp.Or(q.Get("day"), today.Format(time.DateOnly))
	entry := func(who, what, name, detail string) object {
		return object{"at": day + "T09:40:00+08:00", "who": who, "role": "section", "ticket": "WX-00000001", "detail": detail, "what": object{"id": what, "name": name}}
	}
	entries := []object{}
	switch day {
	case today.Format(time.DateOnly):
		if q.Get("who") == "" {
			entries = append(entries, entry("guard", "contact-unmasked", either(r, "查看联系方式", "Saw a visitor's contact"), "=1+1 电话核实情况，来件人希望下午五点以后再打"),
				entry("guard", "ticket-answered", either(r, "安全保卫科答复", "Safety and Security answered"), ""))
		}
	case today.AddDate(0, 0, -3).Format(time.DateOnly):
		entries = append(entries, entry("guard-2", "ticket-signed", either(r, "票务科签收", "Ticketing signed for it"), ""))
	}
	return 200, object{"day": day, "today": today.Format(time.DateOnly), "entries": entries, "next": ""}
}
