package dynamo

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, ticket.Zone)

// storeHead files a complaint and gives its head.
func storeHead(t *testing.T, table *Table, number string) ticket.Head {
	t.Helper()
	head, events, err := ticket.Apply(ticket.Head{}, ticket.Command{
		Name: ticket.File, By: ticket.Actor{Role: ticket.Visitor}, Number: number, Kind: ticket.Complaint,
		Section: "ticketing", Text: "排队\n太久", Salt: "salt",
	}, ticket.Moment{Now: monday, Terms: office.Default()})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.File(t.Context(), visitor.Filed{Head: head, Event: events[0]}); err != nil {
		t.Fatal(err)
	}
	return head
}

// due lists the numbers that are due in all shards.
func due(t *testing.T, table *Table, now time.Time) []string {
	t.Helper()
	var all []string
	for shard := range AlarmShards {
		for number, err := range table.Due(t.Context(), shard, now) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, number)
		}
	}
	slices.Sort(all)
	return all
}

// 250 tickets are more than a page of each shard; each is listed once, and none before its time.
func TestDueTicketsAreListedOnce(t *testing.T) {
	table := newTable(t)
	for i := range 250 {
		head := storeHead(t, table, fmt.Sprintf("WX-%08d", i))
		if i%5 == 0 {
			continue
		}
		if err := table.SetAlarm(t.Context(), head, monday.Add(-time.Duration(i)*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if got := due(t, table, monday); len(got) != 200 {
		t.Errorf("%d are due, want 200", len(got))
	}
	if got := due(t, table, monday.AddDate(0, 0, 2)); len(slices.Compact(got)) != 250 {
		t.Errorf("%d are due two days later, want 250", len(got))
	}
}

func TestAlarmFollowsTheHead(t *testing.T) {
	table := newTable(t)
	const number = "WX-00000000"
	filed := storeHead(t, table, number)
	stored, err := table.Head(t.Context(), number)
	if err != nil || !stored.Alarm.Equal(filed.Alarm) || stored.Alarm.IsZero() {
		t.Fatalf("the alarm is stored as %s, want %s, %v", stored.Alarm, filed.Alarm, err)
	}
	if err := table.SetAlarm(t.Context(), filed, monday); err != nil {
		t.Fatal(err)
	}
	if got := due(t, table, monday); !slices.Equal(got, []string{number}) {
		t.Errorf("due: %v", got)
	}
	after, events, err := ticket.Apply(stored, ticket.Command{Name: ticket.Withdraw, By: ticket.Actor{Role: ticket.Visitor}},
		ticket.Moment{Now: monday, Terms: office.Default()})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Append(t.Context(), 1, after, events); err != nil {
		t.Fatal(err)
	}
	if got := due(t, table, monday.AddDate(1, 0, 0)); len(got) != 0 {
		t.Errorf("a ticket that ended is due: %v", got)
	}
	if err := table.SetAlarm(t.Context(), filed, monday); !errors.Is(err, visitor.ErrChanged) {
		t.Errorf("an alarm for a head of yesterday: got %v", err)
	}
	if err := table.SetAlarm(t.Context(), after, time.Time{}); err != nil {
		t.Error(err)
	}
	if _, err := table.Head(t.Context(), "WX-00000001"); !errors.Is(err, visitor.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// The gist is written at filing and was lost with the next event when that wrote the head anew.
func TestGistOutlivesEvents(t *testing.T) {
	table := newTable(t)
	head := storeHead(t, table, "WX-00000000")
	after, events, err := ticket.Apply(head, ticket.Command{Name: ticket.Message, By: ticket.Actor{Role: ticket.Visitor}, Text: "还在排队"},
		ticket.Moment{Now: monday, Terms: office.Default()})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.Append(t.Context(), 1, after, events); err != nil {
		t.Fatal(err)
	}
	out, err := table.client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &table.name, Key: key("T#WX-00000000", "HEAD")})
	if err != nil || text(out.Item, "gist") != "排队 太久" || number(out.Item, "version") != 2 {
		t.Errorf("got %v, %v", out.Item, err)
	}
}
