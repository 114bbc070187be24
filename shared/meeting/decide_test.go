package meeting_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"steledesk/shared/digest"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/meeting"
	"steledesk/shared/ticket"
	filing "steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

var (
	chief      = ticket.Actor{Role: ticket.OfficeStaff, Login: "office", Section: ticket.OfficeSection}
	supervisor = ticket.Actor{Role: ticket.Supervisor, Login: "supervisor"}
)

const october = digest.Month("2026-10")

// meetings is an office over a table of its own, with the meeting over October planned.
func meetings(t *testing.T) (*meeting.Office, *dynamo.Table) {
	t.Helper()
	table := dynamo.Open(dynamotest.Table(t))
	m := meeting.Meeting{Month: october, Status: meeting.Planned, When: at("2026-11-10 09:00"), Place: "二楼会议室", Agenda: []string{"排队"}}
	if err := table.PutMeeting(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	return &meeting.Office{Meetings: table, Decisions: table, Keys: visitortest.Keys(), Offices: visitortest.Office{}}, table
}

func decision() meeting.Decision {
	return meeting.Decision{Month: october, Text: "节假日加开两个售票窗口", Section: "ticketing", AnswerBy: at("2026-11-20 23:59")}
}

// Of two people who edit the meeting the later one is told, and nothing of the first is lost.
func TestMeetingsAreVersioned(t *testing.T) {
	_, table := meetings(t)
	if _, err := table.Meeting(t.Context(), "2026-09"); !errors.Is(err, meeting.ErrNoMeeting) {
		t.Errorf("a meeting nobody planned: got %v", err)
	}
	m, err := table.Meeting(t.Context(), october)
	if err != nil || m.Version != 1 || m.Place != "二楼会议室" || !m.When.Equal(at("2026-11-10 09:00")) {
		t.Fatalf("got %+v, %v", m, err)
	}
	m.Status, m.Attendance = meeting.Held, []meeting.Attendee{{Who: "监督员甲", Presence: meeting.Present}}
	if err := table.PutMeeting(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if err := table.PutMeeting(t.Context(), m); !errors.Is(err, meeting.ErrMeetingChanged) {
		t.Errorf("over another's: got %v", err)
	}
	m.Version = 0
	if err := table.PutMeeting(t.Context(), m); !errors.Is(err, meeting.ErrMeetingChanged) {
		t.Errorf("a second first one: got %v", err)
	}
}

// A decision that is sent again and again, by many at once, is one decision and one ticket.
func TestDecidedOnce(t *testing.T) {
	o, table := meetings(t)
	now := at("2026-11-10 10:00")
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			if r, err := o.Decide(t.Context(), chief, "a key of one decision", decision(), now); err != nil || r.Number != 1 {
				t.Errorf("got %+v, %v", r, err)
			}
		})
	}
	wg.Wait()
	all, err := table.DecisionsOf(t.Context(), october)
	if err != nil || len(all) != 1 {
		t.Fatalf("%d decisions, %v", len(all), err)
	}
	h, err := table.Head(t.Context(), all[0].Ticket)
	if err != nil || h.Kind != ticket.Resolution || h.Section != "ticketing" || !h.Due.AnswerBy.Equal(decision().AnswerBy) || h.Alarm.IsZero() {
		t.Errorf("its ticket: %+v, %v; want one the clock watches", h, err)
	}
	other := decision()
	other.Section = "gardens"
	if _, err := o.Decide(t.Context(), chief, "a key of one decision", other, now); !errors.Is(err, filing.ErrKeyReused) {
		t.Errorf("another decision under its key: got %v", err)
	}
}

// Decisions that are stored at the same time have numbers of their own, without a gap.
func TestDecisionsAreNumbered(t *testing.T) {
	o, table := meetings(t)
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			if _, err := o.Decide(t.Context(), chief, fmt.Sprintf("key of decision %d", n), decision(), at("2026-11-10 10:00")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	all, err := table.DecisionsOf(t.Context(), october)
	var got []int
	var tickets []string
	for _, r := range all {
		got, tickets = append(got, r.Number), append(tickets, r.Ticket)
	}
	slices.Sort(tickets)
	if err != nil || !slices.Equal(got, []int{1, 2, 3, 4, 5, 6, 7, 8}) || len(slices.Compact(tickets)) != 8 {
		t.Errorf("got %v, %v, %v", got, tickets, err)
	}
	line, err := table.MeetingMonth(t.Context(), october)
	if err != nil || line.Decisions != 8 || line.Meeting == nil || line.Editions != 0 {
		t.Errorf("the month's line: %+v, %v", line, err)
	}
}

func TestWhatStandsAgainstADecision(t *testing.T) {
	o, table := meetings(t)
	for _, tt := range []struct {
		name   string
		change func(*meeting.Decision)
		want   error
	}{
		{"no meeting", func(d *meeting.Decision) { d.Month = "2026-09" }, meeting.ErrNotMet},
		{"no section", func(d *meeting.Decision) { d.Section = "boats" }, meeting.ErrNoSection},
		{"discipline's is not public", func(d *meeting.Decision) { d.Section = ticket.DisciplineSection }, meeting.ErrNoSection},
		{"a date that is over", func(d *meeting.Decision) { d.AnswerBy = at("2026-11-10 10:00") }, meeting.ErrPast},
	} {
		d := decision()
		tt.change(&d)
		if _, err := o.Decide(t.Context(), chief, "a key that is long", d, at("2026-11-10 10:00")); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	if _, err := o.Decide(t.Context(), supervisor, "a key that is long", decision(), at("2026-11-10 10:00")); !errors.Is(err, ticket.ErrRefused) {
		t.Errorf("by a supervisor: got %v", err)
	}
	if all, err := table.DecisionsOf(t.Context(), october); err != nil || len(all) != 0 {
		t.Errorf("something was stored: %v, %v", all, err)
	}
}

// A decision is told of in each digest until it is settled, once more as settled, and again when a later meeting sent
// it back: that it was settled when the month began must not hide it.
func TestReportedUntilSettled(t *testing.T) {
	o, table := meetings(t)
	r, err := o.Decide(t.Context(), chief, "a key that is long", decision(), at("2026-11-10 10:00"))
	if err != nil {
		t.Fatal(err)
	}
	report := func(month digest.Month) (state ticket.State, timing digest.Timing, answer string) {
		t.Helper()
		told, err := o.Report(t.Context(), month, month.End())
		if err != nil || len(told) > 1 {
			t.Fatalf("%s: got %+v, %v", month, told, err)
		}
		if len(told) == 0 {
			return "", "", ""
		}
		d := told[0]
		if d.Number != r.Ticket || d.Meeting != october || d.Text != decision().Text {
			t.Errorf("%s: got %+v", month, d)
		}
		return d.State, d.Timing, d.Answer
	}
	expect := func(month digest.Month, state ticket.State, timing digest.Timing, answer string) {
		t.Helper()
		if s, w, a := report(month); s != state || w != timing || a != answer {
			t.Errorf("%s: got %s %s %q, want %s %s %q", month, s, w, a, state, timing, answer)
		}
	}
	give := func(when string, c ticket.Command) {
		t.Helper()
		c.Salt = when
		visitortest.Give(t, table, r.Ticket, c, at(when))
	}
	expect("2026-10", "", "", "") // it is of the meeting that had this one before it
	expect("2026-11", ticket.Assigned, digest.Overdue, "")
	give("2026-12-02 09:00", ticket.Command{Name: ticket.Sign, By: clerk})
	give("2026-12-02 10:00", ticket.Command{Name: ticket.Answer, By: clerk, Text: "已加开", Outcome: ticket.OutcomeSolved})
	expect("2026-12", ticket.Review, digest.Overdue, "") // a draft is no answer yet
	give("2026-12-03 10:00", ticket.Command{Name: ticket.Approve, By: chief})
	expect("2026-11", ticket.Assigned, digest.Overdue, "") // what happened later changes no digest
	expect("2026-12", ticket.Answered, digest.Late, "已加开")
	expect("2027-01", "", "", "")
	objection := meeting.Objection{Text: "只开了一天", AnswerBy: at("2027-02-20 23:59")}
	before, after := visitortest.TurnedAt(at("2027-01-10 10:00"))
	for _, keys := range []meeting.Keys{before, after} { // sent again, after the desk's keys changed
		o.Keys = keys
		if err := o.Unsettle(t.Context(), supervisor, "a key of the objection", r, objection, at("2027-01-11 10:00")); err != nil {
			t.Fatal(err)
		}
	}
	expect("2027-01", ticket.Assigned, digest.Pending, "")
	expect("2027-02", ticket.Assigned, digest.Overdue, "")
	list, err := o.List(t.Context(), october, at("2027-01-12 10:00"))
	if err != nil || len(list) != 1 || !list[0].Again || list[0].State != ticket.Assigned {
		t.Errorf("listed: %+v, %v", list, err)
	}
	if err := o.Unsettle(t.Context(), supervisor, "a key of another", r, objection, at("2027-01-11 10:00")); !errors.Is(err, ticket.ErrRefused) {
		t.Errorf("what is open: got %v", err)
	}
	objection.AnswerBy = at("2027-01-01 10:00")
	if err := o.Unsettle(t.Context(), supervisor, "a key of a third", r, objection, at("2027-01-11 10:00")); !errors.Is(err, meeting.ErrPast) {
		t.Errorf("with a date that is over: got %v", err)
	}
}

// What a digest gives a meeting to talk about.
func TestProposed(t *testing.T) {
	late := digest.Decision{Matter: digest.Matter{State: ticket.Assigned, Timing: digest.Overdue}}
	done := digest.Decision{Matter: digest.Matter{State: ticket.Answered, Timing: digest.InTime}}
	got := meeting.Proposed(digest.Digest{Decisions: []digest.Decision{late, done}, Tally: digest.Tally{
		Places:   []digest.Count{{Place: digest.Place{Spot: "BL01", Category: "queueing"}, N: 5}, {Place: digest.Place{Spot: "BL02", Category: "queueing"}, N: 2}},
		Sections: map[string]digest.Figures{"ticketing": {Overdue: 2, Returned: 3}, "gardens": {Returned: 2}},
		Feedback: []digest.Matter{{State: ticket.Handling}, {State: ticket.Closed}},
	}})
	want := []meeting.Point{
		{Topic: meeting.LateDecisions, N: 1}, {Topic: meeting.OpenFeedback, N: 1},
		{Topic: meeting.RepeatedAt, N: 5, Spot: "BL01", Category: "queueing"},
		{Topic: meeting.SectionLate, N: 2, Section: "ticketing"}, {Topic: meeting.SentBack, N: 3, Section: "ticketing"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if none := meeting.Proposed(digest.Digest{}); len(none) != 0 {
		t.Errorf("of an empty month: %+v", none)
	}
}

// A decision that was sent again after the desk's keys changed became a second one.
func TestADecisionIsOnceWhileTheKeyChanges(t *testing.T) {
	first, table := meetings(t)
	second := *first
	first.Keys, second.Keys = visitortest.Turned()
	made := make([]meeting.Resolved, 10)
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			var err error
			if made[i], err = []*meeting.Office{first, &second}[i%2].Decide(t.Context(), chief, "a key of the decision", decision(), at("2026-11-10 10:00")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	all, err := table.DecisionsOf(t.Context(), october)
	if err != nil || len(all) != 1 || len(slices.Compact(made)) != 1 {
		t.Errorf("%d decisions, %v; answers %+v", len(all), err, made)
	}
	other := decision()
	other.Text = "另一件事"
	for _, o := range []*meeting.Office{first, &second} {
		if _, err := o.Decide(t.Context(), chief, "a key of the decision", other, at("2026-11-10 10:00")); !errors.Is(err, filing.ErrKeyReused) {
			t.Errorf("another under the same key: got %v", err)
		}
	}
}
