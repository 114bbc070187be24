package ticket

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func filedLife(t *testing.T) *life {
	t.Helper()
	l := &life{t: t, now: nine, terms: flat{}}
	if err := l.do(Command{Name: File, By: visitor, Number: "WX-00000000", Kind: Complaint, Section: "ticketing", Text: "x"}); err != nil {
		t.Fatal(err)
	}
	return l
}

// A step goes to those it names and to no other queue; what it amounts to is counted; the steps it passed over are
// made with it.
func TestStepsOfTheClock(t *testing.T) {
	l := filedLife(t)
	err := l.do(Command{Name: Escalate, By: ticking, Step: "overdue", Passed: []string{"half", "last"}, Does: Urge, Told: []string{"ticketing", OfficeSection}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := l.records[1].Event()
	if err != nil || !slices.Equal(e.Audience(), []string{"ticketing", OfficeSection}) {
		t.Errorf("goes to %v, %v", e.Audience(), err)
	}
	if l.head.Urged != 1 || l.head.Overseen != 0 || !slices.Equal(l.head.Steps, []string{"half", "last", "overdue"}) {
		t.Errorf("got %+v", l.head)
	}
	var refused *Refusal
	if err := l.do(Command{Name: Remind, By: ticking, Step: "half"}); !errors.As(err, &refused) || refused.Why != AlreadyDone {
		t.Errorf("a step that was passed over is made again: %v", err)
	}
	e.After.Kind = Report
	if got := e.Audience(); !slices.Equal(got, []string{DisciplineSection}) {
		t.Errorf("a report's step goes to %v", got)
	}
	if err := Verify(l.head, l.records); err != nil {
		t.Error(err)
	}
}

// The alarm follows from the head after each command, and is no part of what is stored as the head.
func TestApplySetsTheAlarm(t *testing.T) {
	l := filedLife(t)
	if want := l.head.Due.AnswerBy.Add(-day); !l.head.Alarm.Equal(want) {
		t.Errorf("alarm at %s, want %s", l.head.Alarm, want)
	}
	if err := l.do(Command{Name: Withdraw, By: visitor}); err != nil || !l.head.Alarm.IsZero() {
		t.Errorf("withdrawn: alarm at %s, %v", l.head.Alarm, err)
	}
	if err := Verify(l.head, l.records); err != nil {
		t.Error(err)
	}
}

// Deadlines and reminders of a second round count from its beginning.
func TestARoundHasItsStart(t *testing.T) {
	l := filedLife(t)
	for _, c := range []Command{{Name: Sign, By: clerk}, {Name: Answer, By: clerk, Text: "x", Outcome: Explained}} {
		if err := l.do(c); err != nil {
			t.Fatal(err)
		}
	}
	if !l.head.Start().Equal(nine) {
		t.Errorf("the first round starts %s", l.head.Start())
	}
	l.now = nine.Add(2 * day)
	if err := l.do(Command{Name: Reopen, By: visitor, Text: "x"}); err != nil || !l.head.Start().Equal(l.now) {
		t.Errorf("the second round starts %s, %v", l.head.Start(), err)
	}
}

// Every way a ticket may end leads to the end of its record, and only then; nothing can be written after that which
// would never be erased, and nothing brings the ticket back. What people wrote used to stay for ever.
func TestEveryRecordEnds(t *testing.T) {
	erase := Command{Name: Erase, By: ticking, Years: 10}
	for name, end := range map[string][]Command{
		"closed":    {{Name: Sign, By: clerk}, {Name: Answer, By: clerk, Text: "x", Outcome: Explained}, {Name: Rate, By: visitor, Solved: SolvedYes, Level: 5}},
		"declined":  {{Name: Decline, By: office, Reason: "other", Text: "x"}},
		"referred":  {{Name: Refer, By: office, To: "12345", Text: "x"}},
		"withdrawn": {{Name: Withdraw, By: visitor}},
	} {
		l := newLife(t, Complaint)
		for _, c := range end {
			l.must(c)
		}
		l.now = l.head.ClosedAt.AddDate(10, 0, 0).Add(-time.Second)
		if err := l.do(erase); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: erased too early: %v", name, err)
		}
		l.must(Command{Name: Note, By: clerk, Text: "x"})
		l.now = l.now.Add(time.Second)
		state := l.head.State
		l.must(erase)
		if l.head.State != state || !l.head.ErasedAt.Equal(l.now) || !l.head.Alarm.IsZero() {
			t.Errorf("%s: got %+v", name, l.head)
		}
		l.untouchable(t, name)
		for i := range l.records {
			l.records[i].Words = ""
		}
		if err := Verify(l.head, l.records); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// untouchable reports every command that somebody can still give.
func (l *life) untouchable(t *testing.T, name string) {
	t.Helper()
	for _, by := range []Actor{visitor, clerk, office, ticking} {
		if left := Commands(l.head, by); len(left) > 0 {
			t.Errorf("%s: %s may still %v", name, by.Role, left)
		}
	}
	for _, c := range []Command{
		{Name: Note, By: clerk, Text: "x"}, {Name: Reopen, By: visitor, Text: "x"}, {Name: ChangeContact, By: visitor},
		{Name: Erase, By: ticking, Years: 10},
	} {
		if err := l.do(c); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %s is still done: %v", name, c.Name, err)
		}
	}
}

// That a record ended says by which rule, and is news to no section, whoever the ticket was with.
func TestTheEndOfARecordIsToldNobody(t *testing.T) {
	l := newLife(t, Report)
	l.must(Command{Name: Withdraw, By: visitor})
	l.now = l.now.AddDate(10, 0, 0)
	l.must(Command{Name: Erase, By: ticking, Years: 10})
	e, err := l.records[2].Event()
	if err != nil || e.What != Erased || e.Data.Years != 10 || e.Audience() != nil || e.Ends() {
		t.Errorf("got %+v to %v, %v", e, e.Audience(), err)
	}
}

// A note on an ended ticket would have brought the end of its record nearer, had the office shortened the rule meanwhile.
func TestAShorterRuleHoldsForWhatEndsFromThenOn(t *testing.T) {
	for rule, want := range map[int]int{3: 10, 10: 10, 20: 20} {
		l := &life{t: t, now: nine, terms: keeping{years: 10}}
		l.must(Command{Name: File, By: visitor, Number: "WX-00000000", Kind: Complaint, Section: "ticketing", Text: "x"})
		l.must(Command{Name: Withdraw, By: visitor})
		l.terms = keeping{years: rule}
		l.must(Command{Name: Note, By: clerk, Text: "x"})
		if end := nine.AddDate(want, 0, 0); !l.head.Alarm.Equal(end) {
			t.Errorf("kept for 10 years, then for %d: erased at %s, want %s", rule, l.head.Alarm, end)
		}
	}
}

// keeping are terms that keep an ended ticket's record for so many years.
type keeping struct {
	flat
	years int
}

func (k keeping) KeepRecord(ended time.Time) time.Time { return ended.AddDate(k.years, 0, 0) }

func (k keeping) Next(h Head, _ time.Time) (Alarm, error) {
	if !h.State.Ended() {
		return Alarm{}, nil
	}
	return Alarm{At: k.KeepRecord(h.ClosedAt), Command: Command{Name: Erase, By: ticking}}, nil
}

// An erased ticket is not brought back by unlinking it from a lead that lives on: its words would be missing.
func TestAnErasedTicketStaysWithItsLead(t *testing.T) {
	erased := Head{Number: "WX-00000001", Kind: Complaint, State: Referred, Section: "ticketing", Lead: "WX-00000000", Before: &Before{State: Handling}, ErasedAt: nine}
	lead := Head{Number: "WX-00000000", Kind: Complaint, State: Referred, Section: "ticketing", Linked: []string{erased.Number}}
	_, err := ApplyTogether(lead, Company{Heads: []Head{erased}}, Command{Name: Unlink, By: clerk, To: erased.Number}, Moment{Now: nine, Terms: flat{}})
	if !errors.Is(err, ErrRefused) {
		t.Errorf("got %v", err)
	}
}
