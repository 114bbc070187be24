package queue_test

import (
	"testing"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// That a record's time was over goes to no queue, and is no failure that the stream tries again and buries.
func TestTheEndOfARecordGoesNowhere(t *testing.T) {
	d := start(t, ticket.OfficeSection)
	ended := ticket.Head{Number: "WX-00000000", Kind: ticket.Complaint, State: ticket.Withdrawn, Section: ticket.OfficeSection, ClosedAt: visitortest.Nine, Version: 2}
	terms := office.Default()
	alarm, err := terms.Next(ended, visitortest.Nine)
	if err != nil {
		t.Fatal(err)
	}
	_, events, err := ticket.Apply(ended, alarm.Command, ticket.Moment{Now: alarm.At, Terms: terms})
	if err != nil {
		t.Fatal(err)
	}
	if failed := d.Send(t.Context(), events); len(failed) > 0 {
		t.Errorf("got %v", failed)
	}
	if got := d.received(ticket.OfficeSection); len(got) > 0 || len(d.fallbacks) > 0 {
		t.Errorf("told %v, %v", got, d.fallbacks)
	}
	if visitor.News(events[0]) {
		t.Error("it is news to visitors' phones")
	}
}
