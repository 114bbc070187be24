package desk_test

import (
	"errors"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"steledesk/shared/desk"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// all follows a list's cursors to its end.
func all(t *rapid.T, d *desk.Desk, login string, f desk.Filter, limit int) []desk.Row {
	var rows []desk.Row
	cursor := ""
	for range 1000 {
		page, err := d.List(t.Context(), person(login), f, cursor, limit, nine)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Rows) > limit {
			t.Fatalf("a page of %d, asked for %d", len(page.Rows), limit)
		}
		rows = append(rows, page.Rows...)
		if cursor = page.Next; cursor == "" {
			return rows
		}
	}
	t.Fatal("the list has no end")
	return nil
}

// Whoever lists sees every ticket that is for their eyes, once, soonest due first, and no other.
func TestListsShowWhatOneMaySee(t *testing.T) {
	d, m := newDesk(t, 60)
	for i, n := range m.numbers { // and some that have ended, are sent back or wait for approval
		h := m.head(t, n)
		section := ticket.Actor{Role: ticket.SectionStaff, Login: "x", Section: h.Section}
		if h.Kind.Confidential() {
			section = ticket.Actor{Role: ticket.Discipline, Login: "x", Section: h.Section}
		}
		switch i % 7 {
		case 1:
			visitortest.Give(t, m, n, ticket.Command{Name: ticket.Withdraw, By: ticket.Actor{Role: ticket.Visitor}}, nine.Add(9*time.Hour))
		case 2:
			visitortest.Give(t, m, n, ticket.Command{Name: ticket.Sign, By: section}, nine.Add(9*time.Hour))
			visitortest.Give(t, m, n, ticket.Command{Name: ticket.Answer, By: section, Text: "好", Outcome: ticket.Explained}, nine.Add(9*time.Hour))
		case 3:
			if !h.Kind.Confidential() && !h.Urgent {
				visitortest.Give(t, m, n, ticket.Command{Name: ticket.Return, By: section, Text: "不归我科"}, nine.Add(9*time.Hour))
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		login := rapid.SampledFrom(slices.Sorted(maps.Keys(staff))).Draw(t, "login")
		f := desk.Filter{
			Ended:   rapid.Bool().Draw(t, "ended"),
			Section: rapid.SampledFrom([]string{"", "", "ticketing", "discipline", "office", "nowhere"}).Draw(t, "section"),
			Kind:    rapid.SampledFrom([]ticket.Kind{"", "", ticket.Complaint, ticket.Report}).Draw(t, "kind"),
			State:   rapid.SampledFrom([]ticket.State{"", "", ticket.Triage, ticket.Returned, ticket.Review, ticket.Assigned}).Draw(t, "state"),
			Urgent:  rapid.Bool().Draw(t, "urgent"),
		}
		rows := all(t, d, login, f, rapid.IntRange(1, 40).Draw(t, "limit"))
		got := map[string]bool{}
		for i, r := range rows {
			if got[r.Head.Number] {
				t.Fatalf("%s is listed twice", r.Head.Number)
			}
			got[r.Head.Number] = true
			if i > 0 && (rows[i-1].Place < r.Place) == f.Ended {
				t.Fatalf("%s stands behind %s", r.Place, rows[i-1].Place)
			}
		}
		for _, n := range m.numbers {
			s, err := m.Ticket(t.Context(), n)
			if err != nil {
				t.Fatal(err)
			}
			h := s.Head
			want := person(login).Sees(h) && h.State.Open() != f.Ended && (f.Section == "" || f.Section == h.Section) &&
				(f.Kind == "" || f.Kind == h.Kind) && (!f.Urgent || h.Urgent) && (f.State == "" || f.State == h.State)
			if got[n] != want {
				t.Fatalf("%s of %s in %s: listed %v, want %v", n, h.Section, h.State, got[n], want)
			}
		}
	})
}

// What waits for the office is looked for in its queue alone, however many sections there are.
func TestWhatTheOfficeDecidesIsReadFromItsQueue(t *testing.T) {
	d, m := newDesk(t, 20)
	for _, state := range []ticket.State{ticket.Triage, ticket.Returned, ticket.Review} {
		m.read = nil
		if _, err := d.List(t.Context(), person("office"), desk.Filter{State: state}, "", 10, nine); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(m.read, []string{ticket.OfficeSection}) {
			t.Errorf("%s: read the queues of %v", state, m.read)
		}
	}
}

// A 举报 is there for discipline alone: by number, by words, by count.
func TestReportsAreNowhereForOthers(t *testing.T) {
	d, m := newDesk(t, 4)
	report := m.numbers[2]
	if m.head(t, report).Kind != ticket.Report {
		t.Fatal("the third is no report")
	}
	for login := range staff {
		sees := person(login).Is(ticket.Discipline)
		page, err := d.List(t.Context(), person(login), desk.Filter{Words: " " + report}, "", 10, nine)
		if err != nil || (len(page.Rows) == 1) != sees {
			t.Errorf("%s looks for the number: %d found, %v", login, len(page.Rows), err)
		}
		counts, err := d.Count(t.Context(), person(login), "discipline", nine)
		if err != nil || (counts.Open == 1) != sees {
			t.Errorf("%s counts %+v, %v", login, counts, err)
		}
		_, err = d.Read(t.Context(), person(login), report, nine)
		_, none := d.Read(t.Context(), person(login), "WX-00000000", nine)
		if sees && err != nil || !sees && (!errors.Is(err, desk.ErrNotFound) || !errors.Is(none, desk.ErrNotFound)) {
			t.Errorf("%s reads it: %v; one that does not exist: %v", login, err, none)
		}
		if _, err := d.Reveal(t.Context(), person(login), report, "why", nine); !sees && !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s asks for the contact: %v", login, err)
		}
		_, err = d.Do(t.Context(), person(login), report, 1, ticket.Command{Name: ticket.Note, Text: "x"}, nine)
		if !sees && !errors.Is(err, desk.ErrNotFound) {
			t.Errorf("%s notes on it: %v", login, err)
		}
	}
}

func TestWordsAreFoundInGistSpotAndCategory(t *testing.T) {
	d, m := newDesk(t, 4)
	for words, want := range map[string]int{
		"": 3, "PLEASE": 1, m.numbers[0]: 1, "ｒａｍｐ beside": 1, "BL02": 1, "排队 售票": 1, "nothing": 0, "中兴颂": 1,
	} {
		page, err := d.List(t.Context(), person("office"), desk.Filter{Words: words}, "", 10, nine)
		if err != nil || len(page.Rows) != want {
			t.Errorf("%q: %d found, want %d; %v", words, len(page.Rows), want, err)
		}
	}
}

// A page looks at a bounded number of rows, and its cursor goes on from there: a search for what is nowhere ends.
func TestSearchIsBoundedPerPage(t *testing.T) {
	d, _ := newDesk(t, 900)
	cursor, pages := "", 0
	for {
		page, err := d.List(t.Context(), person("office"), desk.Filter{Words: "nothing like it"}, cursor, 10, nine)
		if err != nil || len(page.Rows) > 0 {
			t.Fatal(page, err)
		}
		pages++
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if pages != 2 { // 675 are not for discipline
		t.Errorf("%d pages, want 2", pages)
	}
	counts, err := d.Count(t.Context(), person("office"), "", nine)
	if err != nil || counts.Open != 200 || !counts.Capped {
		t.Errorf("got %+v, %v; want 200, capped", counts, err)
	}
}

func TestBadCursors(t *testing.T) {
	d, _ := newDesk(t, 1)
	for _, bad := range []string{"x", "!", "eyJ9", "MjAyNi0xMS0yM1QwMTowMDowMC4wMDBa"} {
		if _, err := d.List(t.Context(), person("office"), desk.Filter{}, bad, 10, nine); !errors.Is(err, desk.ErrCursor) {
			t.Errorf("%q: got %v", bad, err)
		}
	}
}

func TestDueClasses(t *testing.T) {
	at := func(days int, clock string) time.Time {
		d, err := time.Parse("15:04", clock)
		if err != nil {
			t.Fatal(err)
		}
		return time.Date(2026, 11, 23+days, d.Hour(), d.Minute(), 0, 0, ticket.Zone)
	}
	tests := []struct {
		state ticket.State
		by    time.Time
		want  desk.Class
	}{
		{ticket.Handling, at(0, "08:59"), desk.Overdue},
		{ticket.Handling, at(0, "09:00"), desk.Today}, // the moment itself is in time
		{ticket.Handling, at(0, "23:59"), desk.Today},
		{ticket.Handling, at(1, "00:00"), desk.Soon},
		{ticket.Handling, at(2, "23:59"), desk.Soon},
		{ticket.Handling, at(3, "00:00"), desk.Later},
		{ticket.Handling, time.Time{}, desk.Undated},
		{ticket.Waiting, at(-1, "09:00"), desk.Paused},
		{ticket.Answered, at(-1, "09:00"), desk.Undated},
	}
	for _, test := range tests {
		h := ticket.Head{State: test.state, Due: ticket.Due{AnswerBy: test.by}}
		if got := desk.DueClass(h, nine); got != test.want {
			t.Errorf("%s due %s: got %s, want %s", test.state, test.by, got, test.want)
		}
	}
}

func TestDueFilters(t *testing.T) {
	d, m := newDesk(t, 40)
	now := nine.AddDate(0, 0, 4)
	for _, due := range []string{desk.DueOverdue, desk.DueToday, desk.DueWeek} {
		page, err := d.List(t.Context(), person("office"), desk.Filter{Due: due}, "", 100, now)
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, n := range m.numbers {
			h := m.head(t, n)
			class := desk.DueClass(h, now)
			week := class != desk.Overdue && h.Due.AnswerBy.Before(time.Date(2026, 12, 4, 0, 0, 0, 0, ticket.Zone))
			if !h.Kind.Confidential() && (due == string(class) || due == desk.DueWeek && week) {
				want++
			}
		}
		if len(page.Rows) != want {
			t.Errorf("%s: %d, want %d", due, len(page.Rows), want)
		}
	}
}
