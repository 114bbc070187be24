package audit

import (
	"testing"

	"steledesk/shared/ticket"
)

// Everything recorded is of the kind that a person looks for it under: an event "read" would be taken for the reading.
func TestActs(t *testing.T) {
	for what, want := range map[What]Act{
		SignedIn: SignIns, SignInRefused: SignIns, SignedOut: SignIns, PasswordChanged: SignIns, Unmasked: Seen, Read: Seen, Exported: Seen,
		OfficeChanged: Offices, OfficeRestored: Offices, ChannelTested: Offices, AccountAdded: Account, AccountDisabled: Account, AccountReset: Account, AccountChanged: Account,
		"ticket-signed": Handled, "ticket-closed-rated": Handled,
	} {
		if got := what.Act(); got != want {
			t.Errorf("%s is %s, want %s", what, got, want)
		}
	}
}

// What a visitor or the clock did is not in the record of staff; what was done to a 举报 is not among the others.
func TestActed(t *testing.T) {
	e := ticket.Event{Ticket: "WX-1", What: ticket.Signed, By: ticket.Actor{Role: ticket.Discipline, Login: "inspector"}}
	e.After.Kind, e.After.Section = ticket.Report, ticket.DisciplineSection
	got, is := Acted(e)
	if event, _ := got.What.Event(); !is || !got.Confidential || got.Who != "inspector" || event != ticket.Signed || got.Section != ticket.DisciplineSection {
		t.Errorf("got %+v, %v", got, is)
	}
	e.By = ticket.Actor{Role: ticket.Visitor}
	if got, is := Acted(e); is {
		t.Errorf("a visitor's: %+v", got)
	}
}

func TestFilter(t *testing.T) {
	e := Entry{Who: "Operator:root", What: Unmasked, Ticket: "WX-1"}
	for _, c := range []struct {
		filter Filter
		want   bool
	}{
		{Filter{}, true}, {Filter{Who: "root"}, true}, {Filter{Who: "clerk"}, false}, {Filter{Ticket: "WX-1"}, true}, {Filter{Ticket: "WX-2"}, false},
		{Filter{Act: Seen}, true}, {Filter{Act: Handled}, false}, {Filter{Who: "root", Ticket: "WX-1", Act: Seen}, true},
	} {
		if got := c.filter.Passes(e); got != c.want {
			t.Errorf("%+v: got %v", c.filter, got)
		}
	}
}
