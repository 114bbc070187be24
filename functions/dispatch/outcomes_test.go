package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"steledesk/events/golden"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

func TestOutcomes(t *testing.T) {
	nine := visitortest.Nine
	after := func(s ticket.State, by time.Time) ticket.After { return ticket.After{State: s, AnswerBy: by} }
	soon, past := nine.Add(time.Hour), nine.Add(-time.Hour)
	for _, tt := range []struct {
		name string
		e    ticket.Event
		want string
	}{
		{"filed", ticket.Event{What: ticket.Filed, After: after(ticket.Assigned, soon)}, "map[Filed:1 Routed:1]"},
		{"filed, nobody's", ticket.Event{What: ticket.Filed, After: after(ticket.Triage, soon)}, "map[Filed:1]"},
		{"assigned", ticket.Event{What: ticket.AssignedTo, After: after(ticket.Assigned, soon)}, "map[Routed:1]"},
		{"given back", ticket.Event{What: ticket.Upheld, After: after(ticket.Triage, soon)}, "map[]"},
		{"in time", ticket.Event{What: ticket.AnswerGiven, After: after(ticket.Answered, soon)}, "map[AnsweredInTime:1]"},
		{"in time to the second", ticket.Event{What: ticket.AnswerGiven, After: after(ticket.Answered, nine)}, "map[AnsweredInTime:1]"},
		{"late", ticket.Event{What: ticket.Approved, After: after(ticket.Answered, past)}, "map[AnsweredLate:1]"},
		{"a draft", ticket.Event{What: ticket.AnswerGiven, After: after(ticket.Review, past)}, "map[]"},
		{"undated", ticket.Event{What: ticket.AnswerGiven, After: after(ticket.Answered, time.Time{})}, "map[]"},
		{"reminded before", ticket.Event{What: ticket.Reminded, After: after(ticket.Handling, soon)}, "map[]"},
		{"escalated after", ticket.Event{What: ticket.Escalated, After: after(ticket.Handling, past)}, "map[Overdue:1]"},
		{"a canary's", ticket.Event{What: ticket.Filed, After: ticket.After{State: ticket.Assigned, Canary: true}}, "map[]"},
	} {
		tt.e.At = nine
		if got := fmt.Sprint(outcomes([]ticket.Event{tt.e}, []int{0}, nil)); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	filed := ticket.Event{What: ticket.Filed}
	if got := outcomes([]ticket.Event{filed, filed}, []int{3, 4}, map[int]error{3: errors.New("not carried")}); got["Filed"] != 1 {
		t.Errorf("what was not carried is counted: %v", got)
	}
}

func TestOutcomesAreInTheLog(t *testing.T) {
	_, log := dispatch(t, &sender{}, golden.Payload(t, "dispatch/two-tickets"))
	if !strings.Contains(log, `"CloudWatchMetrics":[{"Namespace":"Steledesk"`) || !strings.Contains(log, `"Filed":2`) {
		t.Errorf("log: %s", log)
	}
}
