package ticket

import (
	"errors"
	"slices"
	"testing"
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
