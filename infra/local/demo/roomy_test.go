package demo_test

import (
	"encoding/json"
	"testing"
	"time"

	"steledesk/infra/local/demo"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// From Christmas 2026 on deadlines run into 2027, which the built-in calendar does not know: tests that file at the hour
// they run at lacked a date on their receipt, and an extension was refused.
func TestRoomyKnowsTheYearsToCome(t *testing.T) {
	for _, day := range []string{"2026-05-01", "2026-12-24", "2026-12-31", "2027-06-15", "2027-12-31", "2031-03-01"} {
		now, err := time.ParseInLocation(time.DateOnly, day, ticket.Zone)
		if err != nil {
			t.Fatal(err)
		}
		o := demo.Roomy(now)
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := office.Parse("roomy.json", text); err != nil {
			t.Errorf("%s: %v", day, err)
		}
		due, err := o.Due(ticket.Complaint, false, now)
		if err != nil || due.AnswerBy.IsZero() {
			t.Errorf("%s: due %+v, %v", day, due, err)
		}
		if _, err := o.Extended(ticket.Complaint, false, due.AnswerBy, 2); err != nil {
			t.Errorf("%s: %v", day, err)
		}
		if _, err := o.After(office.Span{N: 366, Unit: office.Days}, now); err != nil {
			t.Errorf("a year after %s: %v", day, err)
		}
	}
}
