package dynamo

import (
	"maps"
	"slices"
	"testing"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// tried stores a ticket that the desk filed to try itself.
func tried(t *testing.T, table *Table, number string) {
	t.Helper()
	head, events, err := ticket.Apply(ticket.Head{}, ticket.Command{
		Name: ticket.File, By: ticket.Actor{Role: ticket.Visitor}, Number: number, Kind: ticket.Enquiry,
		Category: "ticketing", Section: "office", Text: "系统自检", Salt: "salt", Anonymous: true, Canary: true,
	}, ticket.Moment{Now: nine, Terms: office.Default()})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.File(t.Context(), visitor.Filed{Head: head, Event: events[0], KeySum: number, MatterID: number}); err != nil {
		t.Fatal(err)
	}
}

func itemsOf(t *testing.T, table *Table, number string) []Item {
	t.Helper()
	items, err := table.TicketItems(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

// A note that came after its canary was removed stayed for sixty days, and an import took it for a ticket.
func TestACanarysNotesGoWithIt(t *testing.T) {
	table := newTable(t)
	tried(t, table, "WX-00000000")
	if err := table.RemoveCanary(t.Context(), "WX-00000000"); err != nil {
		t.Fatal(err)
	}
	for _, channel := range []string{CanaryChannel, "bot"} {
		if err := table.Told(t.Context(), channel, deliveries("m1", "WX-00000000.1"), nine); err != nil {
			t.Fatal(err)
		}
	}
	kept := map[string]time.Duration{}
	for _, i := range itemsOf(t, table, "WX-00000000") {
		kept[text(i, "sk")] = time.Unix(number(i, "ttl"), 0).Sub(nine)
	}
	if len(kept) != 2 || kept["D#1#canary"] != 24*time.Hour || kept["D#1#bot"] != 60*24*time.Hour {
		t.Errorf("kept %v", kept)
	}
}

// What is left of a trial is known as one's, whichever items are gone already; a ticket of somebody's never is.
func TestIsTrial(t *testing.T) {
	table := newTable(t)
	tried(t, table, "WX-00000000")
	if err := table.File(t.Context(), filed(t, "WX-11111111", "key")); err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{"WX-00000000", "WX-11111111"} {
		if err := table.Told(t.Context(), CanaryChannel, deliveries("m1", number+".1"), nine); err != nil {
			t.Fatal(err)
		}
		if _, _, err := table.CountWrong(t.Context(), number, nine, time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	trial, real := itemsOf(t, table, "WX-00000000"), itemsOf(t, table, "WX-11111111")
	marked := slices.Clone(real)
	for n, i := range marked {
		if text(i, "sk") == "HEAD" { // by somebody with access to the table
			marked[n] = maps.Clone(i)
			marked[n][canaryMark] = str("yes")
		}
	}
	for name, tt := range map[string]struct {
		items []Item
		want  bool
	}{
		"whole": {trial, true}, "without its head": {without(trial, "HEAD"), true}, "without its event": {without(trial, "E#000001"), true},
		"its notes": {without(trial, "HEAD", "E#000001"), true}, "a lock": {without(trial, "HEAD", "E#000001", "D#1#canary"), true}, "nothing": {nil, false},
		"a visitor's": {real, false}, "a visitor's, marked": {marked, false}, "a visitor's without head": {without(real, "HEAD"), false},
		"a visitor's contact": {without(real, "HEAD", "E#000001"), false}, "an account's lock": {[]Item{key("U#somebody", "LOCK")}, false},
	} {
		if got := IsTrial(tt.items); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	for after, want := range map[time.Duration]bool{time.Hour: false, 24 * time.Hour: true} {
		if got := TrialEnded(trial, nine.Add(after)); got != want {
			t.Errorf("ended after %s: %t", after, got)
		}
	}
}

func without(items []Item, sks ...string) []Item {
	return slices.DeleteFunc(slices.Clone(items), func(i Item) bool { return slices.Contains(sks, text(i, "sk")) })
}
