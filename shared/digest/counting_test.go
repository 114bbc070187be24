package digest

import (
	"testing"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

func caseOf(t *testing.T, events []ticket.Event, cutOff string) Case {
	t.Helper()
	c, err := CaseOf(events, at(cutOff), office.Default())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// pair gives the events of two complaints that were filed at the same time and then went through steps: those of the
// lead, and the other one's with what followed for it.
func pair(t *testing.T, filed string, steps ...step) (lead, linked []ticket.Event) {
	t.Helper()
	heads, lives := map[string]ticket.Head{}, map[string][]ticket.Event{}
	for _, number := range []string{"WX-00000001", "WX-00000002"} {
		c := ticket.Command{Name: ticket.File, By: visitor, Number: number, Kind: ticket.Complaint, Section: "ticketing", Text: "票价"}
		h, events, err := ticket.Apply(ticket.Head{}, c, ticket.Moment{Now: at(filed), Terms: office.Default()})
		if err != nil {
			t.Fatal(err)
		}
		heads[number], lives[number] = h, events
	}
	for _, s := range steps {
		lead := heads["WX-00000001"]
		if s.c.By.Role == ticket.Visitor {
			lead = heads["WX-00000002"]
		}
		var with ticket.Company
		for _, number := range ticket.CompanyOf(lead, s.c) {
			with.Heads = append(with.Heads, heads[number])
		}
		with.Draft = &ticket.Words{Text: "已处理", Salt: "s"}
		changes, err := ticket.ApplyTogether(lead, with, s.c, ticket.Moment{Now: at(s.at), Terms: office.Default()})
		if err != nil {
			t.Fatalf("%s at %s: %v", s.c.Name, s.at, err)
		}
		for _, c := range changes {
			heads[c.After.Number] = c.After
			lives[c.After.Number] = append(lives[c.After.Number], c.Events...)
		}
	}
	return lives["WX-00000001"], lives["WX-00000002"]
}

var link = ticket.Command{Name: ticket.Link, By: clerk, To: "WX-00000002"}

// 并案: the other one is never signed for by itself. Counted as not responded to, it made linking cost a section its rate.
func TestLinkedIsAnsweredWithItsLead(t *testing.T) {
	lead, linked := pair(t, "2026-09-18 10:00", step{"2026-09-18 11:00", link}, sign("2026-09-18 11:05"),
		answer("2026-09-22 08:00"), approve("2026-09-22 09:00"))
	for name, c := range map[string]Case{"lead": caseOf(t, lead, "2026-10-01 00:00"), "linked": caseOf(t, linked, "2026-10-01 00:00")} {
		if c.Timing != InTime || c.Days != 3 || !c.Responded || c.Outcome != ticket.OutcomeSolved {
			t.Errorf("%s: got %+v", name, c)
		}
	}
}

// An answer that was taken back was none: neither late nor rated, and the matter is open again.
func TestAnswerTakenBackIsNone(t *testing.T) {
	_, linked := pair(t, "2026-09-18 10:00", step{"2026-09-18 11:00", link}, sign("2026-09-18 11:05"),
		answer("2026-09-25 08:00"), approve("2026-09-25 09:00"), rate("2026-09-25 10:00", ticket.SolvedNo, 1))
	if c := caseOf(t, linked, "2026-09-26 00:00"); c.Timing != Late || c.Level != 1 {
		t.Fatalf("before: got %+v", c)
	}
	_, linked = pair(t, "2026-09-18 10:00", step{"2026-09-18 11:00", link}, sign("2026-09-18 11:05"),
		answer("2026-09-22 08:00"), approve("2026-09-22 09:00"), rate("2026-09-22 10:00", ticket.SolvedNo, 1),
		step{"2026-09-23 10:00", ticket.Command{Name: ticket.Unlink, By: clerk, To: "WX-00000002"}})
	if c := caseOf(t, linked, "2026-09-24 00:00"); c.Timing != Pending || c.Level != 0 || c.Solved != "" || c.Outcome != "" || c.Settled {
		t.Errorf("got %+v", c)
	}
}

// A matter that went on to another section counts there; that it was sent back, with who did that.
func TestReturnIsCountedWithWhoReturned(t *testing.T) {
	events := life(t, ticket.Complaint, "2026-09-18 10:00",
		step{"2026-09-18 11:00", ticket.Command{Name: ticket.Return, By: clerk, Text: "不归我科"}},
		step{"2026-09-18 12:00", ticket.Command{Name: ticket.Uphold, By: chief, Section: "works"}})
	var tally Tally
	tally.Add(caseOf(t, events, "2026-10-01 00:00"))
	from, to := tally.Sections["ticketing"], tally.Sections["works"]
	if from.Received != 0 || from.Returned != 1 || to.Received != 1 || to.Returned != 0 || tally.All.Returned != 1 {
		t.Errorf("from %+v, to %+v, all %+v", from, to, tally.All)
	}
}

// What its visitor took back before anybody had to sign for it is nobody's failure; later it is.
func TestWithdrawnIsAwaitedOnlyWhenItsTimeWasOver(t *testing.T) {
	for when, want := range map[string]bool{"2026-09-18 12:00": false, "2026-09-23 12:00": true} {
		events := life(t, ticket.Complaint, "2026-09-18 10:00", step{when, ticket.Command{Name: ticket.Withdraw, By: visitor}})
		if c := caseOf(t, events, "2026-10-01 00:00"); c.Awaited != want || c.Responded || c.Timing != Withdrawn {
			t.Errorf("withdrawn at %s: got %+v", when, c)
		}
	}
}

// To ask the visitor something once it is too late does not make a matter less late.
func TestAskedWhenOverdueIsOverdue(t *testing.T) {
	ask := func(when string) step {
		return step{when, ticket.Command{Name: ticket.Ask, By: clerk, Text: "哪一天？"}}
	}
	for when, want := range map[string]Timing{"2026-09-23 10:00": Pending, "2026-09-25 10:00": Overdue} {
		events := life(t, ticket.Complaint, "2026-09-18 10:00", sign("2026-09-18 11:00"), ask(when))
		if c := caseOf(t, events, "2026-10-01 00:00"); c.Timing != want || c.Asked != 1 {
			t.Errorf("asked at %s: got %+v, want %s", when, c, want)
		}
	}
}

// To be declined or referred is an answer, in its time or not; declined can be reopened, referred not.
func TestDeclinedAndReferredAreAnswered(t *testing.T) {
	decline := ticket.Command{Name: ticket.Decline, By: chief, Reason: "out-of-remit", Text: "不属于本处职责"}
	refer := ticket.Command{Name: ticket.Refer, By: chief, To: "县文旅局", Text: "已转"}
	for _, tt := range []struct {
		c       ticket.Command
		at      string
		want    Timing
		settled bool
	}{
		{decline, "2026-09-21 10:00", InTime, false}, {decline, "2026-09-25 10:00", Late, false},
		{refer, "2026-09-21 10:00", InTime, true}, {refer, "2026-09-25 10:00", Late, true},
	} {
		c := caseOf(t, life(t, ticket.Complaint, "2026-09-18 10:00", step{tt.at, tt.c}), "2026-09-26 00:00")
		if c.Timing != tt.want || c.Settled != tt.settled || c.Responded {
			t.Errorf("%s at %s: got %+v", tt.c.Name, tt.at, c)
		}
	}
}

// Reopened, answered again within the new time: late all the same when the first answer was.
func TestReopenedKeepsWhatWasLate(t *testing.T) {
	reopen := step{"2026-09-28 09:00", ticket.Command{Name: ticket.Reopen, By: visitor, Text: "没有解决"}}
	other := ticket.Actor{Role: ticket.SectionStaff, Login: "ticketing-2", Section: "ticketing"}
	again := []step{{"2026-09-28 10:00", ticket.Command{Name: ticket.Sign, By: other}},
		{"2026-09-28 11:00", ticket.Command{Name: ticket.Answer, By: other, Text: "已处理", Outcome: ticket.OutcomeSolved}}, approve("2026-09-29 09:00")}
	for first, want := range map[string]Timing{"2026-09-24 09:00": InTime, "2026-09-25 09:00": Late} {
		steps := append([]step{sign("2026-09-18 11:00"), answer("2026-09-22 08:00"), approve(first), reopen}, again...)
		if c := caseOf(t, life(t, ticket.Complaint, "2026-09-18 10:00", steps...), "2026-10-01 00:00"); c.Timing != want || c.Reopened != 1 || c.Days != 7 {
			t.Errorf("answered first at %s: got %+v, want %s", first, c, want)
		}
	}
}

// A matter that discipline took over after the month is a 举报 in whatever is printed from then on.
func TestWhatBecameAReportIsOne(t *testing.T) {
	events := life(t, ticket.Complaint, "2026-09-18 10:00",
		step{"2026-10-08 10:00", ticket.Command{Name: ticket.Transfer, By: chief, Section: ticket.DisciplineSection}})
	c := caseOf(t, events, "2026-10-01 00:00")
	var tally Tally
	tally.Add(c)
	if c.Kind != ticket.Report || tally.Reports != 1 || tally.All.Received != 0 {
		t.Errorf("got %+v", c)
	}
}
