package desk_test

import (
	"testing"

	"steledesk/shared/desk"
	"steledesk/shared/ticket"
)

// ended gives n ended tickets, each answered an hour before its time and rated 5, but for what change makes of it.
func ended(n int, change func(*ticket.Head)) []ticket.Head {
	out := make([]ticket.Head, n)
	for i := range out {
		out[i] = ticket.Head{Kind: ticket.Complaint, State: ticket.Closed, Round: 1, AnsweredAt: nine, Satisfaction: 5, Outcome: ticket.OutcomeSolved}
		out[i].Due.AnswerBy = nine.Add(60 * 60e9)
		if change != nil {
			change(&out[i])
		}
	}
	return out
}

func TestRates(t *testing.T) {
	late := func(h *ticket.Head) { h.AnsweredAt = h.Due.AnswerBy.Add(1) }
	for name, c := range map[string]struct {
		ended []ticket.Head
		want  desk.Rates
	}{
		"all well":               {ended(6, nil), desk.Rates{InTime: desk.Rate{Met: 6, Of: 6}, Satisfied: desk.Rate{Met: 6, Of: 6}, Reopened: desk.Rate{Of: 6}}},
		"late":                   {ended(2, late), desk.Rates{InTime: desk.Rate{Of: 2}, Satisfied: desk.Rate{Met: 2, Of: 2}, Reopened: desk.Rate{Of: 2}}},
		"to the instant":         {ended(1, func(h *ticket.Head) { h.AnsweredAt = h.Due.AnswerBy }), desk.Rates{InTime: desk.Rate{Met: 1, Of: 1}, Satisfied: desk.Rate{Met: 1, Of: 1}, Reopened: desk.Rate{Of: 1}}},
		"just satisfied":         {ended(1, func(h *ticket.Head) { h.Satisfaction = 3 }), desk.Rates{InTime: desk.Rate{Met: 1, Of: 1}, Satisfied: desk.Rate{Met: 1, Of: 1}, Reopened: desk.Rate{Of: 1}}},
		"dissatisfied":           {ended(1, func(h *ticket.Head) { h.Satisfaction = 2 }), desk.Rates{InTime: desk.Rate{Met: 1, Of: 1}, Satisfied: desk.Rate{Of: 1}, Reopened: desk.Rate{Of: 1}}},
		"not rated":              {ended(1, func(h *ticket.Head) { h.Satisfaction = 0 }), desk.Rates{InTime: desk.Rate{Met: 1, Of: 1}, Reopened: desk.Rate{Of: 1}}},
		"praise":                 {ended(1, func(h *ticket.Head) { h.Kind = ticket.Praise }), desk.Rates{InTime: desk.Rate{Met: 1, Of: 1}, Reopened: desk.Rate{Of: 1}}},
		"a report":               {ended(1, func(h *ticket.Head) { h.Kind = ticket.Report }), desk.Rates{InTime: desk.Rate{Met: 1, Of: 1}, Reopened: desk.Rate{Of: 1}}},
		"invalid":                {ended(1, func(h *ticket.Head) { h.Outcome = ticket.Invalid }), desk.Rates{InTime: desk.Rate{Met: 1, Of: 1}, Reopened: desk.Rate{Of: 1}}},
		"reopened":               {ended(1, func(h *ticket.Head) { h.Round = 2 }), desk.Rates{InTime: desk.Rate{Met: 1, Of: 1}, Satisfied: desk.Rate{Met: 1, Of: 1}, Reopened: desk.Rate{Met: 1, Of: 1}}},
		"undated":                {ended(1, func(h *ticket.Head) { h.Due = ticket.Due{} }), desk.Rates{Satisfied: desk.Rate{Met: 1, Of: 1}, Reopened: desk.Rate{Of: 1}}},
		"withdrawn, not counted": {ended(1, func(h *ticket.Head) { h.State = ticket.Withdrawn }), desk.Rates{}},
		"declined, not counted":  {ended(1, func(h *ticket.Head) { h.State = ticket.Declined }), desk.Rates{}},
	} {
		if got := desk.RatesOf(c.ended); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

// A rate of four people would say what each of them thought.
func TestRatesOfFewAreNotTold(t *testing.T) {
	if share, told := (desk.Rate{Met: 4, Of: 4}).Share(); told {
		t.Errorf("of four: %v", share)
	}
	if share, told := (desk.Rate{Met: 4, Of: 5}).Share(); !told || share != 0.8 {
		t.Errorf("of five: %v, %v", share, told)
	}
}

// Who oversees what; and a section's returned matters, which stand in the office's queue, are counted as its own.
func TestBoard(t *testing.T) {
	d, m := newDesk(t, 40)
	for login, want := range map[string]func(section string) bool{
		"office":      func(s string) bool { return s != ticket.DisciplineSection },
		"leader":      func(s string) bool { return s != ticket.DisciplineSection },
		"discipline":  func(s string) bool { return s == ticket.DisciplineSection },
		"two-roles":   func(s string) bool { return s == ticket.DisciplineSection },
		"ticketing":   func(string) bool { return false },
		"supervisor":  func(string) bool { return false },
		"nobody-else": func(string) bool { return false },
	} {
		board, err := d.Board(t.Context(), person(login), nine)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, s := range board {
			if total += s.Open; !want(s.Section) {
				t.Errorf("%s oversees %s", login, s.Section)
			}
		}
		sees := 0
		for _, n := range m.numbers {
			if h := m.head(t, n); h.State.Open() && want(h.Section) {
				sees++
			}
		}
		if total != sees {
			t.Errorf("%s: %d open, want %d", login, total, sees)
		}
	}

	number := m.numbers[0]
	h := m.head(t, number)
	if _, err := d.Do(t.Context(), person("ticketing"), number, h.Version, ticket.Command{Name: ticket.Return, Text: "不归本科室"}, nine); err != nil {
		t.Fatal(err)
	}
	board, err := d.Board(t.Context(), person("office"), nine)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range board {
		if want := map[bool]int{true: 1}[s.Section == h.Section]; s.Returned != want {
			t.Errorf("%s sent back %d, want %d", s.Section, s.Returned, want)
		}
	}
}
