package main

import (
	"os"
	"testing"
	"time"

	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

// An alarm that rings when nothing is to be done is moved, and its ticket is left alone. The measured sweep gave the ticket
// the command without a name that came with it, and the measurement ended with an error where the calendar did.
func TestAnAlarmWithNothingToDoIsMoved(t *testing.T) {
	table := dynamo.Open(dynamotest.Table(t))
	w := &world{engine: &engine{table: table}}
	endOfCalendar := time.Date(2099, 12, 30, 9, 0, 0, 0, ticket.Zone)
	for name, at := range map[string]struct{ filed, rings time.Time }{
		"too early":             {visitortest.Nine, visitortest.Nine.Add(time.Hour)},
		"no calendar to ask by": {endOfCalendar, endOfCalendar.AddDate(0, 0, 1)},
	} {
		filing := visitortest.Complaint()
		filing.Key += name
		r, err := visitortest.Desk(table).File(t.Context(), filing.Key, filing.Matter, at.filed)
		if err != nil {
			t.Fatal(err)
		}
		before, err := table.Head(t.Context(), r.Number)
		if err != nil {
			t.Fatal(err)
		}
		if err := table.SetAlarm(t.Context(), before, at.filed); err != nil {
			t.Fatal(err)
		}
		if err := w.ring(t.Context(), office.Default(), r.Number, at.rings); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		after, err := table.Head(t.Context(), r.Number)
		if err != nil || after.Version != before.Version || !after.Alarm.After(at.rings) {
			t.Errorf("%s: version %d, alarm at %s, %v", name, after.Version, after.Alarm, err)
		}
	}
}
