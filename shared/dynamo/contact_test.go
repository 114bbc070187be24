package dynamo

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// stored gives the contact item as it is in the table.
func stored(t *testing.T, table *Table, number string) Item {
	t.Helper()
	out, err := table.client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table.name, Key: key(partition(number), "CONTACT")})
	if err != nil {
		t.Fatal(err)
	}
	return out.Item
}

// A contact is deleted by the table when its ticket's end is long enough past: the time is set with the event that
// ends the ticket, taken away with the one that reopens it, and kept right when the contact itself is changed.
func TestContactGoesWhenItsTimeIsOver(t *testing.T) {
	table := newTable(t)
	f := filed(t, "WX-00000000", "key")
	if err := table.File(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	head, now := f.Head, nine
	give := func(c ticket.Command, sealed *string) {
		t.Helper()
		after, events, err := ticket.Apply(head, c, ticket.Moment{Now: now, Terms: office.Default()})
		if err != nil {
			t.Fatal(err)
		}
		if sealed != nil {
			err = table.AppendContact(t.Context(), head.Version, after, events, *sealed)
		} else {
			err = table.Append(t.Context(), head.Version, after, events)
		}
		if err != nil {
			t.Fatal(err)
		}
		head = after
	}
	check := func(when, sealed string, until time.Time) {
		t.Helper()
		item := stored(t, table, head.Number)
		_, has := item["ttl"]
		if text(item, "sealed") != sealed || has == until.IsZero() || has && number(item, "ttl") != until.Unix() {
			t.Errorf("%s: got %v, want %q until %s", when, item, sealed, until)
		}
	}
	visitor := ticket.Actor{Role: ticket.Visitor}
	offices := ticket.Actor{Role: ticket.OfficeStaff, Login: "office-1", Section: ticket.OfficeSection}
	check("filed", "sealed", time.Time{})
	give(ticket.Command{Name: ticket.Message, By: visitor, Text: "还在排队"}, nil)
	check("open", "sealed", time.Time{})
	give(ticket.Command{Name: ticket.Decline, By: offices, Text: "不属职责", Reason: "not-ours"}, nil)
	year := nine.AddDate(1, 0, 0)
	check("ended", "sealed", year)
	now = nine.Add(24 * time.Hour)
	corrected, none := "corrected", ""
	give(ticket.Command{Name: ticket.ChangeContact, By: visitor}, &corrected)
	check("changed after the end", "corrected", year)
	give(ticket.Command{Name: ticket.Reopen, By: visitor, Text: "请再看"}, nil)
	check("reopened", "corrected", time.Time{})
	give(ticket.Command{Name: ticket.DeleteContact, By: visitor}, &none)
	if item := stored(t, table, head.Number); item != nil {
		t.Errorf("deleted: there is still %v", item)
	}
	give(ticket.Command{Name: ticket.Withdraw, By: visitor}, nil)
	if item := stored(t, table, head.Number); item != nil {
		t.Errorf("ended without a contact: there is %v", item)
	}
	// A change that lost against another must leave the contact as it was.
	after, events, err := ticket.Apply(f.Head, ticket.Command{Name: ticket.ChangeContact, By: visitor}, ticket.Moment{Now: now, Terms: office.Default()})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.AppendContact(t.Context(), f.Head.Version, after, events, "late"); err == nil || stored(t, table, head.Number) != nil {
		t.Errorf("a change of an older version: got %v, stored %v", err, stored(t, table, head.Number))
	}
}
