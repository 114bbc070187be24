package office

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"steledesk/shared/ticket"
)

// said writes an alarm as "2026-10-10 08:30 escalate overdue (urge) tells ticketing office passed half".
func said(a ticket.Alarm) string {
	if a.At.IsZero() {
		return ""
	}
	c := a.Command
	parts := []string{a.At.In(ticket.Zone).Format("2006-01-02 15:04"), string(c.Name), c.Step}
	if c.Does != "" {
		parts = append(parts, "("+string(c.Does)+")")
	}
	if len(c.Told) > 0 {
		parts = append(parts, "tells "+strings.Join(c.Told, " "))
	}
	if len(c.Passed) > 0 {
		parts = append(parts, "passed "+strings.Join(c.Passed, " "))
	}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), " ")
}

// life is a ticket of an office, filed on the eve of National Day 2026.
type life struct {
	t    testing.TB
	o    *Office
	now  time.Time // of the last command
	head ticket.Head
	seen []string // what the clock did, and when
}

func begin(t testing.TB, o *Office, when string, c ticket.Command) *life {
	t.Helper()
	l := &life{t: t, o: o}
	c.Name, c.By, c.Number, c.Text = ticket.File, ticket.Actor{Role: ticket.OfficeStaff}, "WX-00000000", "x"
	l.do(when, c)
	return l
}

func (l *life) do(when string, c ticket.Command) {
	l.t.Helper()
	if err := l.apply(at(l.t, when), c); err != nil {
		l.t.Fatalf("%s at %s: %v", c.Name, when, err)
	}
}

func (l *life) apply(now time.Time, c ticket.Command) error {
	head, _, err := ticket.Apply(l.head, c, ticket.Moment{Now: now, Terms: &Tolerant{Terms: l.o}})
	if err == nil {
		l.head, l.now = head, now
	}
	return err
}

// run lets the clock look at the ticket whenever its alarm rings, until the given day.
func (l *life) run(until string) {
	l.t.Helper()
	for range 50 {
		if l.head.Alarm.IsZero() || l.head.Alarm.After(at(l.t, until)) {
			return
		}
		now := l.head.Alarm
		if now.Before(l.now) {
			now = l.now
		}
		l.tick(now)
	}
	l.t.Fatalf("the clock never rests: %v", l.seen)
}

// tick is what functions/deadline does.
func (l *life) tick(now time.Time) {
	l.t.Helper()
	a, err := l.o.Next(l.head, now)
	if err != nil {
		l.t.Fatal(err)
	}
	if a.Command.Name == "" || a.At.After(now) {
		l.head.Alarm = a.At
		return
	}
	if err := l.apply(now, a.Command); err != nil {
		l.t.Fatalf("%s: %v", said(a), err)
	}
	a.At = now
	l.seen = append(l.seen, said(a))
}

func (l *life) expect(what string, want ...string) {
	l.t.Helper()
	if !slices.Equal(l.seen, want) {
		l.t.Errorf("%s: got\n  %s\nwant\n  %s", what, strings.Join(l.seen, "\n  "), strings.Join(want, "\n  "))
	}
	l.seen = nil
}

var (
	ticketing = ticket.Actor{Role: ticket.SectionStaff, Login: "ticketing", Section: "ticketing"}
	gardens   = ticket.Actor{Role: ticket.SectionStaff, Login: "gardens", Section: "gardens"}
	theOffice = ticket.Actor{Role: ticket.OfficeStaff, Login: "office", Section: "office"}
	aVisitor  = ticket.Actor{Role: ticket.Visitor}
)

// complaint is nobody's hurry: five working days.
func complaint(section string) ticket.Command {
	return ticket.Command{Kind: ticket.Complaint, Section: section, Triage: section == ticket.OfficeSection}
}

// ladder is what happens to a complaint of the eve that nobody touches. The deadline is the 13th; the 10th is a
// Saturday that is worked.
var ladder = []string{
	"2026-10-08 08:30 remind half tells ticketing",
	"2026-10-09 08:30 remind unsigned tells ticketing office",
	"2026-10-13 08:30 remind last-day tells ticketing",
	"2026-10-14 08:30 escalate overdue (urge) tells ticketing office",
	"2026-10-16 08:30 escalate oversee (oversee) tells ticketing office",
}

func TestLadder(t *testing.T) {
	l := begin(t, Default(), eve, complaint("ticketing"))
	l.run("2026-12-31")
	l.expect("nobody touches it", ladder...)
	if l.head.Urged != 1 || l.head.Overseen != 1 || len(l.head.Steps) != 5 {
		t.Errorf("urged %d, overseen %d, steps %v", l.head.Urged, l.head.Overseen, l.head.Steps)
	}
}

// Work nobody was given used to be nobody's to be reminded of, in other desks.
func TestUnassignedWorkClimbsToo(t *testing.T) {
	l := begin(t, Default(), eve, complaint(ticket.OfficeSection))
	l.run("2026-12-31")
	want := slices.Clone(ladder)
	for i := range want {
		want[i] = strings.Replace(strings.Replace(want[i], "ticketing office", "office", 1), "ticketing", "office", 1)
	}
	l.expect("nobody assigns it", want...)
}

// Whatever a section or a visitor does but answering leaves the ladder where it is.
func TestNothingResetsTheLadder(t *testing.T) {
	l := begin(t, Default(), eve, complaint("ticketing"))
	for _, c := range []ticket.Command{
		{Name: ticket.Note, By: ticketing, Text: "x"}, {Name: ticket.Message, By: aVisitor, Text: "x"},
		{Name: ticket.HandOver, By: ticketing, Handler: "other"}, {Name: ticket.Claim, By: ticketing},
		{Name: ticket.Transfer, By: theOffice, Section: "gardens"}, {Name: ticket.Urge, By: theOffice},
		{Name: ticket.Transfer, By: theOffice, Section: "ticketing"},
	} {
		before := l.head.Alarm
		l.do("2026-09-30 16:00", c)
		if !l.head.Alarm.Equal(before) {
			t.Errorf("%s moves the alarm from %s to %s", c.Name, before, l.head.Alarm)
		}
	}
	l.run("2026-10-08")
	l.do("2026-10-08 10:00", ticket.Command{Name: ticket.Transfer, By: theOffice, Section: "gardens"})
	l.do("2026-10-08 11:00", ticket.Command{Name: ticket.Sign, By: gardens})
	l.run("2026-12-31")
	l.expect("transferred and signed", ladder[0],
		"2026-10-13 08:30 remind last-day tells gardens",
		"2026-10-14 08:30 escalate overdue (urge) tells gardens office",
		"2026-10-16 08:30 escalate oversee (oversee) tells gardens office")
}

// While it waits for its visitor nobody is pressed; afterwards the deadline has moved, and the ladder with it.
func TestAskingPauses(t *testing.T) {
	l := begin(t, Default(), eve, complaint("ticketing"))
	l.do("2026-09-30 16:00", ticket.Command{Name: ticket.Sign, By: ticketing})
	l.do("2026-09-30 17:00", ticket.Command{Name: ticket.Ask, By: ticketing, Text: "?"})
	if !l.head.Alarm.IsZero() {
		t.Errorf("an alarm while it waits: %s", l.head.Alarm)
	}
	l.do("2026-10-09 09:00", ticket.Command{Name: ticket.Supply, By: aVisitor, Text: "!"}) // two working days later
	l.run("2026-12-31")
	l.expect("supplied",
		"2026-10-09 09:00 remind half tells ticketing", // half had gone; told at once
		"2026-10-15 08:30 remind last-day tells ticketing",
		"2026-10-16 08:30 escalate overdue (urge) tells ticketing office",
		"2026-10-20 08:30 escalate oversee (oversee) tells ticketing office")
}

// An urgent matter runs on by the hour, over night and holiday.
func TestUrgentKnowsNoHoliday(t *testing.T) {
	c := complaint("relics")
	c.Urgent = true
	l := begin(t, Default(), "2026-09-30 23:00", c)
	l.run("2026-12-31")
	l.expect("nobody touches it",
		"2026-09-30 23:31 escalate urgent-unsigned (urge) tells relics office",
		"2026-10-01 11:00 remind urgent-half tells relics",
		"2026-10-01 21:00 remind urgent-last tells relics office",
		"2026-10-01 23:01 escalate urgent-overdue (oversee) tells relics office")
}

// After an outage one message says the worst of it; each step counts as made.
func TestCatchingUpTellsOnce(t *testing.T) {
	l := begin(t, Default(), eve, complaint("ticketing"))
	l.tick(at(t, "2026-10-20 03:00"))
	l.expect("after three weeks", "2026-10-20 03:00 escalate oversee (oversee) tells ticketing office passed overdue last-day unsigned half")
	if !l.head.Alarm.IsZero() || len(l.head.Steps) != 5 || l.head.Overseen != 1 || l.head.Urged != 0 {
		t.Errorf("then: alarm %s, %+v", l.head.Alarm, l.head)
	}
}

// A reopened matter begins its ladder anew, from its reopening.
func TestANewRoundClimbsAnew(t *testing.T) {
	l := begin(t, Default(), eve, ticket.Command{Kind: ticket.Enquiry, Section: "ticketing"})
	l.run("2026-12-31")
	l.seen = nil
	l.do("2026-10-20 09:00", ticket.Command{Name: ticket.Sign, By: ticketing})
	l.do("2026-10-20 10:00", ticket.Command{Name: ticket.Answer, By: ticketing, Text: "x", Outcome: ticket.Explained})
	l.do("2026-10-21 10:00", ticket.Command{Name: ticket.Reopen, By: aVisitor, Text: "x"})
	l.run("2026-12-31")
	l.expect("the second round",
		"2026-10-23 08:30 remind unsigned tells ticketing office",
		"2026-10-26 08:30 remind last-day tells ticketing passed half", // half of three days is a Saturday
		"2026-10-27 08:30 escalate overdue (urge) tells ticketing office",
		"2026-10-29 08:30 escalate oversee (oversee) tells ticketing office")
}

func TestSilenceCloses(t *testing.T) {
	l := begin(t, Default(), eve, ticket.Command{Kind: ticket.Enquiry, Section: "ticketing"})
	l.do("2026-09-30 16:00", ticket.Command{Name: ticket.Sign, By: ticketing})
	l.do("2026-09-30 17:00", ticket.Command{Name: ticket.Answer, By: ticketing, Text: "x", Outcome: ticket.Explained})
	by, err := l.o.SilentBy(ticket.Enquiry, l.head.AnsweredAt)
	if err != nil || !l.head.Alarm.Equal(by) {
		t.Fatalf("the alarm is at %s, want %s, %v", l.head.Alarm, by, err)
	}
	l.run("2026-12-31")
	if l.head.State != ticket.Closed || !l.head.Alarm.Equal(l.o.KeepRecord(l.head.ClosedAt)) || l.head.Outcome != ticket.Explained {
		t.Errorf("then: %+v", l.head)
	}
}

// What discipline has is told to discipline, whoever a reminder is for.
func TestReportsRemindDisciplineAlone(t *testing.T) {
	l := begin(t, Default(), eve, ticket.Command{Kind: ticket.Report, Section: ticket.DisciplineSection})
	l.run("2026-12-31")
	for _, line := range l.seen {
		if !strings.HasSuffix(line, "tells discipline") {
			t.Errorf("%s", line)
		}
	}
	if len(l.seen) != 5 {
		t.Errorf("got %v", l.seen)
	}
}

// What the office has to decide, a return or a draft, is told to the office and not to the section that did its part.
func TestWhoeverMustActIsReminded(t *testing.T) {
	l := begin(t, Default(), eve, complaint("ticketing"))
	l.do("2026-09-30 16:00", ticket.Command{Name: ticket.Return, By: ticketing, Text: "x"})
	l.run("2026-10-13")
	l.expect("sent back", "2026-10-08 08:30 remind half tells office", "2026-10-09 08:30 remind unsigned tells office",
		"2026-10-13 08:30 remind last-day tells office")
}

// Where the calendar ends the clock asks again each day, and goes on as soon as the year's notice is there. It used to
// be that such a ticket was never looked at again.
func TestBeyondTheCalendar(t *testing.T) {
	o := Default()
	l := begin(t, o, "2026-12-30 09:00", complaint("ticketing"))
	if want := at(t, "2026-12-31 08:30"); !l.head.Alarm.Equal(want) {
		t.Fatalf("the alarm is at %s, want %s", l.head.Alarm, want)
	}
	l.run("2027-01-05")
	l.expect("before the notice")
	with := *o
	with.Holidays = []Holidays{{Year: 2027, Off: []string{"2027-01-01..2027-01-03"}}}
	l.o = &with
	l.run("2027-01-31")
	if len(l.seen) < 2 || l.seen[0] != "2027-01-06 08:30 date" {
		t.Errorf("after the notice: %v", l.seen)
	}
	if want := at(t, "2027-01-07 23:59").Add(59 * time.Second); !l.head.Due.AnswerBy.Equal(want) {
		t.Errorf("it is to be answered by %s, want %s: five working days from its filing", l.head.Due.AnswerBy, want)
	}
}

// Whatever happens to a ticket, the clock ends its work on it, makes no step twice, and never looks back: what it does
// next is due, or lies ahead.
func TestClockEnds(t *testing.T) {
	names := []ticket.Name{ticket.Sign, ticket.Ask, ticket.Supply, ticket.Answer, ticket.Extend, ticket.Return, ticket.Deny,
		ticket.Transfer, ticket.Approve, ticket.Reopen, ticket.Message}
	actors := []ticket.Actor{ticketing, gardens, theOffice, aVisitor}
	o := Default()
	rapid.Check(t, func(r *rapid.T) {
		kind, section := rapid.SampledFrom(ticket.VisitorKinds()).Draw(r, "kind"), "ticketing"
		if kind.Confidential() {
			section = ticket.DisciplineSection
		}
		l := begin(t, o, eve, ticket.Command{Kind: kind, Section: section, Urgent: rapid.Bool().Draw(r, "urgent")})
		now, round := at(t, eve), 1
		made := map[string]bool{}
		for i := range rapid.IntRange(0, 30).Draw(r, "events") {
			now = now.Add(time.Duration(rapid.IntRange(1, 40).Draw(r, "hours")) * time.Hour)
			if !l.head.Alarm.IsZero() && !l.head.Alarm.After(now) {
				l.tick(now)
				if !l.head.Alarm.IsZero() && !l.head.Alarm.After(now) {
					r.Fatalf("the alarm stays at %s: %v", l.head.Alarm, l.seen)
				}
			} else {
				_ = l.apply(now, ticket.Command{
					Name: rapid.SampledFrom(names).Draw(r, "name"), By: rapid.SampledFrom(actors).Draw(r, "by"), Text: fmt.Sprint(i),
					Section: rapid.SampledFrom([]string{"ticketing", "gardens"}).Draw(r, "section"), Outcome: ticket.Explained, Days: 1,
				})
			}
			if l.head.Round != round {
				round, made = l.head.Round, map[string]bool{}
			}
			for i, step := range l.head.Steps {
				if slices.Contains(l.head.Steps[:i], step) {
					r.Fatalf("step %s is made twice: %v", step, l.head.Steps)
				}
				made[step] = true
			}
			if len(made) != len(l.head.Steps) {
				r.Fatalf("a step was forgotten: %v of %v", l.head.Steps, made)
			}
		}
	})
}

// Whatever ended is looked at once more, when its record's time is over, and never after that. Office data older than
// the field keep ten years; a time that was made longer meanwhile holds for what ended before.
func TestRecordsEnd(t *testing.T) {
	ended := at(t, "2026-10-01 09:00")
	for _, state := range []ticket.State{ticket.Closed, ticket.Declined, ticket.Referred, ticket.Withdrawn} {
		for _, kind := range ticket.Kinds() {
			h := ticket.Head{Number: "WX-00000000", Kind: kind, State: state, Section: "ticketing", ClosedAt: ended}
			for years, want := range map[int]string{0: "2036-10-01 09:00", 3: "2029-10-01 09:00", 30: "2056-10-01 09:00"} {
				o := Default()
				o.Retention = Retention{RecordYears: years}
				alarm, err := o.Next(h, ended)
				if err != nil || !alarm.At.Equal(at(t, want)) || alarm.Command.Name != ticket.Erase || alarm.Command.Years != o.RecordYears() {
					t.Errorf("%s %s, %d years: %+v, %v", kind, state, years, alarm, err)
				}
			}
			h.ErasedAt = at(t, "2036-10-01 09:05")
			if alarm, err := Default().Next(h, h.ErasedAt); err != nil || !alarm.At.IsZero() {
				t.Errorf("%s %s, erased: %+v, %v", kind, state, alarm, err)
			}
		}
	}
}
