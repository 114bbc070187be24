package digest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, ticket.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// step is a command at a time.
type step struct {
	at string
	c  ticket.Command
}

var (
	visitor = ticket.Actor{Role: ticket.Visitor}
	clerk   = ticket.Actor{Role: ticket.SectionStaff, Login: "ticketing", Section: "ticketing"}
	chief   = ticket.Actor{Role: ticket.OfficeStaff, Login: "office", Section: "office"}
)

// life gives the events of a ticket of a kind that was filed and then went through steps.
func life(t testing.TB, kind ticket.Kind, filed string, steps ...step) []ticket.Event {
	t.Helper()
	section := "ticketing"
	if kind == ticket.Report {
		section = ticket.DisciplineSection
	}
	all := append([]step{{filed, ticket.Command{
		Name: ticket.File, By: visitor, Number: "WX-00000001", Kind: kind, Category: "ticket-price", Spot: "BL01", Section: section, Text: "票价",
	}}}, steps...)
	var head ticket.Head
	var events []ticket.Event
	for _, s := range all {
		next, more, err := ticket.Apply(head, s.c, ticket.Moment{Now: at(s.at), Terms: office.Default()})
		if err != nil {
			t.Fatalf("%s at %s: %v", s.c.Name, s.at, err)
		}
		head, events = next, append(events, more...)
	}
	return events
}

func sign(when string) step { return step{when, ticket.Command{Name: ticket.Sign, By: clerk}} }

func answer(when string) step {
	return step{when, ticket.Command{Name: ticket.Answer, By: clerk, Text: "已处理", Outcome: ticket.OutcomeSolved}}
}

// approve is the office's word on a complaint's drafted answer: only then is it answered.
func approve(when string) step { return step{when, ticket.Command{Name: ticket.Approve, By: chief}} }

func rate(when string, solved ticket.Solved, level int) step {
	return step{when, ticket.Command{Name: ticket.Rate, By: visitor, Solved: solved, Level: level}}
}

// A complaint filed on Friday 2026-09-18 is to be answered by Thursday 09-24: Sunday 09-20 is a working day, by the
// State Council's notice.
func TestCaseOf(t *testing.T) {
	const filed = "2026-09-18 10:00"
	reopen := step{"2026-09-24 09:00", ticket.Command{Name: ticket.Reopen, By: visitor, Text: "没有解决"}}
	for _, tt := range []struct {
		name   string
		kind   ticket.Kind
		steps  []step
		cutOff string
		want   Case
	}{
		{"open and in time", ticket.Complaint, []step{sign("2026-09-18 11:00")}, "2026-09-22 00:00",
			Case{State: ticket.Handling, Timing: Pending, Days: 2, Responded: true, Awaited: true}},
		{"not looked at", ticket.Complaint, nil, "2026-09-25 00:00",
			Case{State: ticket.Assigned, Timing: Overdue, Days: 5, Awaited: true}},
		{"not looked at, and not late for that yet", ticket.Complaint, nil, "2026-09-19 00:00",
			Case{State: ticket.Assigned, Timing: Pending, Days: 0}},
		{"answered in time", ticket.Complaint, []step{sign("2026-09-18 11:00"), answer("2026-09-24 15:00"), approve("2026-09-24 23:00")}, "2026-10-01 00:00",
			Case{State: ticket.Answered, Timing: InTime, Days: 5, Responded: true, Awaited: true, Outcome: ticket.OutcomeSolved}},
		{"answered late", ticket.Complaint, []step{sign("2026-09-21 11:00"), answer("2026-09-24 09:00"), approve("2026-09-28 09:00")}, "2026-10-01 00:00",
			Case{State: ticket.Answered, Timing: Late, Days: 6, Awaited: true, Outcome: ticket.OutcomeSolved}},
		{"answered after the cut-off", ticket.Complaint, []step{sign("2026-09-18 11:00"), answer("2026-09-24 09:00"), approve("2026-09-28 09:00")}, "2026-09-25 00:00",
			Case{State: ticket.Review, Timing: Overdue, Days: 5, Responded: true, Awaited: true}},
		{"rated and closed", ticket.Complaint, []step{sign("2026-09-18 11:00"), answer("2026-09-22 08:00"), approve("2026-09-22 09:00"), rate("2026-09-22 10:00", ticket.SolvedYes, 4)},
			"2026-10-01 00:00",
			Case{State: ticket.Closed, Timing: InTime, Days: 3, Responded: true, Awaited: true, Outcome: ticket.OutcomeSolved, Solved: ticket.SolvedYes, Level: 4}},
		{"rated badly and reopened", ticket.Complaint,
			[]step{sign("2026-09-18 11:00"), answer("2026-09-22 08:00"), approve("2026-09-22 09:00"), rate("2026-09-23 10:00", ticket.SolvedNo, 1), reopen}, "2026-09-26 00:00",
			Case{State: ticket.Assigned, Timing: Pending, Days: 5, Responded: true, Awaited: true, Reopened: 1, Solved: ticket.SolvedNo, Level: 1}},
		{"withdrawn in time to be signed for", ticket.Complaint, []step{{"2026-09-19 09:00", ticket.Command{Name: ticket.Withdraw, By: visitor}}}, "2026-10-01 00:00",
			Case{State: ticket.Withdrawn, Timing: Withdrawn, Days: 0, Outcome: ticket.OutcomeWithdraw, Settled: true}},
		{"extended, sent back", ticket.Complaint, []step{
			{"2026-09-18 11:00", ticket.Command{Name: ticket.Return, By: clerk, Text: "不归我科"}},
			{"2026-09-18 12:00", ticket.Command{Name: ticket.Deny, By: chief, Text: "归"}},
			sign("2026-09-18 13:00"),
			{"2026-09-20 13:00", ticket.Command{Name: ticket.Extend, By: clerk, Text: "要采购", Days: 2}},
		}, "2026-09-25 00:00",
			Case{State: ticket.Handling, Timing: Pending, Days: 5, Responded: true, Awaited: true, Returns: 1, ReturnedBy: []string{"ticketing"}, Extended: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := CaseOf(life(t, tt.kind, filed, tt.steps...), at(tt.cutOff), office.Default())
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			want.Number, want.Kind, want.Category, want.Spot, want.Section = "WX-00000001", tt.kind, "ticket-price", "BL01", "ticketing"
			want.FiledAt, want.AnswerBy, want.Hash = at(filed), got.AnswerBy, got.Hash
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
		})
	}
	if _, err := CaseOf(life(t, ticket.Complaint, filed), at(filed), office.Default()); !errors.Is(err, ErrLater) {
		t.Errorf("filed at the cut-off: got %v, want ErrLater", err)
	}
}

// A case settles when it can be reopened no more: what is counted of it then stays.
func TestSettled(t *testing.T) {
	events := life(t, ticket.Complaint, "2026-09-07 10:00", sign("2026-09-07 11:00"), answer("2026-09-08 08:00"), approve("2026-09-08 09:00"), rate("2026-09-08 10:00", ticket.SolvedYes, 5))
	for cutOff, want := range map[string]bool{"2026-09-10 00:00": false, "2026-11-01 00:00": true} {
		c, err := CaseOf(events, at(cutOff), office.Default())
		if err != nil || c.Settled != want {
			t.Errorf("at %s: got %v, %v, want %v", cutOff, c.Settled, err, want)
		}
	}
}

// DIGIT and others leave open cases out of their rates, so that leaving them open pays.
func TestOpenCasesAreInTheDenominator(t *testing.T) {
	var f Figures
	for range 4 {
		f.Add(Case{Timing: InTime, Days: 1})
	}
	for range 4 {
		f.Add(Case{Timing: Overdue})
	}
	f.Add(Case{Timing: Withdrawn})
	if got, ok := f.OnTime().Percent(); !ok || got != 50 {
		t.Errorf("on time: got %v, %v, want 50 %%", got, ok)
	}
	if got, ok := f.Quantile(.5); !ok || got != 1 {
		t.Errorf("median: got %d, %v, want 1", got, ok)
	}
	if got, ok := f.Quantile(.9); ok {
		t.Errorf("90th percentile: got %d, want none: half of the cases are open", got)
	}
}

func TestRatesOfFewCasesAreNotGiven(t *testing.T) {
	for n, want := range map[int]bool{0: false, 4: false, 5: true} {
		var f Figures
		for range n {
			f.Add(Case{Kind: ticket.Complaint, Timing: InTime, Level: 2, Solved: ticket.SolvedPartly})
		}
		if _, ok := f.Satisfied.Percent(); ok != want {
			t.Errorf("%d cases: rate given %v, want %v", n, ok, want)
		}
		if p, ok := f.Solved.Percent(); ok && p != 50 {
			t.Errorf("solved in part: got %v %%, want 50", p)
		}
	}
}

// 举报 are a total, wherever one looks.
func TestReportsAreOneNumber(t *testing.T) {
	var tally Tally
	c, err := CaseOf(life(t, ticket.Report, "2026-09-18 10:00"), at("2026-10-01 00:00"), office.Default())
	if err != nil {
		t.Fatal(err)
	}
	tally.Add(c)
	if want := (Tally{Reports: 1}); fmt.Sprint(tally) != fmt.Sprint(want) {
		t.Errorf("got %+v, want %+v", tally, want)
	}
}

func someCase() *rapid.Generator[Case] {
	return rapid.Custom(func(t *rapid.T) Case {
		pick := func(name string, of ...string) string { return rapid.SampledFrom(of).Draw(t, name) }
		return Case{
			Number: fmt.Sprintf("WX-%08d", rapid.IntRange(0, 1<<20).Draw(t, "number")), Kind: rapid.SampledFrom(ticket.Kinds()).Draw(t, "kind"),
			Category: pick("category", "", "a", "b"), Spot: pick("spot", "", "BL01", "BL02"), Section: pick("section", "ticketing", "works"),
			FiledAt: at("2026-09-01 00:00").AddDate(0, 0, rapid.IntRange(0, 29).Draw(t, "day")),
			Timing:  rapid.SampledFrom([]Timing{InTime, Late, Overdue, Pending, Undated, Withdrawn}).Draw(t, "timing"),
			Days:    rapid.IntRange(0, 300).Draw(t, "days"), Returns: rapid.IntRange(0, 2).Draw(t, "returns"),
			Level: rapid.IntRange(0, 5).Draw(t, "level"), Solved: ticket.SolvedPartly, Awaited: rapid.Bool().Draw(t, "awaited"),
		}
	})
}

// Shards are counted side by side: however the cases are spread, the month is the same.
func TestMergeIsCountingTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases := rapid.SliceOfNDistinct(someCase(), 0, 60, func(c Case) string { return c.Number }).Draw(t, "cases") // as numbers are
		var whole Tally
		shards := make([]Tally, 3)
		for _, c := range cases {
			whole.Add(c)
			shards[rapid.IntRange(0, 2).Draw(t, "shard")].Add(c)
		}
		var merged Tally
		for _, i := range rapid.Permutation([]int{0, 1, 2}).Draw(t, "order") {
			merged.Merge(shards[i])
		}
		if got, want := text(t, merged), text(t, whole); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
		f := whole.All
		if sum := f.InTime + f.Late + f.Open() + f.Withdrawn; sum != f.Received {
			t.Fatalf("timings add up to %d of %d received", sum, f.Received)
		}
	})
}

// What a tally remembers does not grow with the cases.
func TestTallyIsBounded(t *testing.T) {
	var tally Tally
	for i := range 5000 {
		tally.Add(Case{Number: fmt.Sprintf("WX-%08d", i), Kind: ticket.Kinds()[i%7], Category: "a", Spot: "BL01", Section: "works",
			FiledAt: at("2026-09-01 00:00"), Timing: Overdue, Days: i % 400})
	}
	if n := len(text(t, tally)); n > 60_000 {
		t.Errorf("a tally of 5,000 cases takes %d bytes", n)
	}
	if len(tally.Waits) != MaxWaits || tally.Waits[0].Days < 390 || tally.MoreFeed == 0 {
		t.Errorf("got %d waits, first %+v, %d feedback not listed", len(tally.Waits), tally.Waits[0], tally.MoreFeed)
	}
}

func TestMonth(t *testing.T) {
	m, err := ParseMonth("2026-12")
	if err != nil || !m.End().Equal(at("2027-01-01 00:00")) || m.Before(12) != "2025-12" || MonthOf(at("2027-01-01 00:00").Add(-time.Second)) != m {
		t.Errorf("got %v until %v, %v", m, m.End(), err)
	}
	for _, bad := range []string{"", "2026", "2026-13", "2026-1", "2026-01-01"} {
		if _, err := ParseMonth(bad); err == nil {
			t.Errorf("%q is taken for a month", bad)
		}
	}
	if now := at("2026-12-07 08:00"); !m.CutOff(now).Equal(now) || !m.CutOff(at("2027-01-01 08:00")).Equal(m.End()) {
		t.Error("a month is counted to now while it lasts, and to its end after it")
	}
}

// A ticket that is changed, added or taken away changes the root; the order of shards is fixed.
func TestRoot(t *testing.T) {
	shard := func(lines ...string) string {
		r := NewRoot()
		for _, l := range lines {
			r.Add("WX-"+l, "hash of "+l)
		}
		return r.Sum()
	}
	root := RootOf([]string{shard("1", "2"), shard("3")})
	for name, other := range map[string]string{
		"missing": RootOf([]string{shard("1"), shard("3")}), "more": RootOf([]string{shard("1", "2"), shard("3", "4")}),
		"elsewhere": RootOf([]string{shard("1"), shard("2", "3")}), "empty": RootOf([]string{shard(), shard()}),
	} {
		if other == root {
			t.Errorf("%s: the same root", name)
		}
	}
	if again := RootOf([]string{shard("1", "2"), shard("3")}); again != root {
		t.Error("the same tickets give another root")
	}
}

func text(t interface{ Fatal(...any) }, v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
