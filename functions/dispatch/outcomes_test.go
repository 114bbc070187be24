package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
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
		if got := fmt.Sprint(outcomes([]ticket.Event{tt.e})); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

// What arrived after the first failure used to be counted, and was counted again when the stream sent it again.
func TestOutcomesEndAtTheFirstFailure(t *testing.T) {
	filed := ticket.Event{What: ticket.Filed}
	for at, want := range map[int]float64{2: 0, 3: 0, 4: 1, 5: 2, 6: 3} {
		done := carried([]ticket.Event{filed, filed, filed}, []int{3, 4, 5}, map[int]error{at: errors.New("not carried"), 9: errors.New("nor this")})
		if got := outcomes(done)["Filed"]; got != want {
			t.Errorf("a failure at %d: %v counted, want %v", at, got, want)
		}
	}
	_, log := dispatch(t, &sender{}, golden.Payload(t, "dispatch/poison"))
	if !strings.Contains(log, `"Filed":1,`) || strings.Contains(log, `"Filed":2`) {
		t.Errorf("two filings, and a poison between them: %s", log)
	}
}

// A record that fails alone for the eleventh time is given up, once. The stream's failures used to be in no metric.
func TestStreamFailureIsCountedOnce(t *testing.T) {
	var log bytes.Buffer
	s := &sender{fail: func(ticket.Event) error { return errors.New("SQS is away") }}
	d := s.dispatcher(&log)
	alone, both := golden.Payload(t, "dispatch/inserted-event"), golden.Payload(t, "dispatch/two-tickets")
	for range 3 {
		golden.Invoke(t, d.handle, both) // halved until it is alone, which is no try of its own
	}
	for try := 1; try <= streamRetries+2; try++ {
		log.Reset()
		golden.Invoke(t, d.handle, alone)
		if counted := strings.Contains(log.String(), `"GivenUp":1`); counted != (try == streamRetries+1) {
			t.Errorf("try %d: counted %v", try, counted)
		}
	}
}

func TestRetriesAreTheTemplates(t *testing.T) {
	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, mapping, _ := strings.Cut(string(template), "BisectBatchOnFunctionError: true\n")
	if want := fmt.Sprintf("MaximumRetryAttempts: %d\n", streamRetries); !strings.HasPrefix(strings.TrimSpace(mapping), want) {
		t.Errorf("the stream's mapping does not say %s", want)
	}
}

func TestOutcomesAreInTheLog(t *testing.T) {
	_, log := dispatch(t, &sender{}, golden.Payload(t, "dispatch/two-tickets"))
	if !strings.Contains(log, `"CloudWatchMetrics":[{"Namespace":"Steledesk"`) || !strings.Contains(log, `"Filed":2`) {
		t.Errorf("log: %s", log)
	}
}
