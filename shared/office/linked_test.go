package office

import (
	"testing"
	"time"

	"steledesk/shared/ticket"
)

// The clock is quiet for a linked ticket only where its lead's reminders come in time for it: an urgent newcomer that
// was linked to a lead which is due later keeps its own, and so does everybody whose lead waits or has ended.
func TestQuietOnlyWhereTheLeadComesInTime(t *testing.T) {
	nine := time.Date(2026, 9, 28, 9, 0, 0, 0, time.FixedZone("", 8*3600))
	head := func(state ticket.State, urgent bool, answerBy time.Time) ticket.Head {
		return ticket.Head{State: state, Urgent: urgent, Due: ticket.Due{AnswerBy: answerBy}}
	}
	soon, later := nine.Add(24*time.Hour), nine.Add(7*24*time.Hour)
	tests := []struct {
		name         string
		linked, lead ticket.Head
		want         bool
	}{
		{"the lead is due first", head(ticket.Assigned, false, later), head(ticket.Handling, false, soon), true},
		{"both are due at once", head(ticket.Assigned, false, soon), head(ticket.Handling, false, soon), true},
		{"an urgent newcomer", head(ticket.Assigned, true, soon), head(ticket.Handling, false, later), false},
		{"the lead waits for its visitor", head(ticket.Assigned, false, later), head(ticket.Waiting, false, soon), false},
		{"the lead has ended", head(ticket.Assigned, false, later), head(ticket.Answered, false, soon), false},
		{"neither has a date", head(ticket.Assigned, false, time.Time{}), head(ticket.Handling, false, time.Time{}), true},
		{"the lead has no date", head(ticket.Assigned, false, soon), head(ticket.Handling, false, time.Time{}), false},
	}
	for _, tt := range tests {
		if got := Quiet(tt.linked, tt.lead); got != tt.want {
			t.Errorf("%s: quiet %v, want %v", tt.name, got, tt.want)
		}
	}
}
