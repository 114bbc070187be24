package dynamo

import (
	"maps"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/shared/ticket"
)

// Every trace of a ticket is listed, its own items once however many there are, and a trial's as a trial's.
func TestScanListsTraces(t *testing.T) {
	table := newTable(t)
	number := ticket.NewNumber("WX", 1)
	f := filed(t, number, "key")
	f.Head.By = "supervisor-1"
	if err := table.File(t.Context(), f); err != nil {
		t.Fatal(err)
	}
	tried(t, table, ticket.NewNumber("WX", 2))
	for n, i := range []Item{
		key("P#"+photoID(1), "HEAD"), key("M#2026-10", "R#001"), key("M#2026-10", "HEAD"), key("A#2026-11-23", "2026-11-23T01:00:00.000Z#"+number+".2"),
		key("A#2026-11-23", "2026-11-23T01:00:00.000Z#abcdefgh"), key("P#"+photoID(2), "HEAD"), key("OFFICE", "CURRENT"), key("T#"+ticket.NewNumber("WX", 3), "CONTACT"),
		key("T#papers-2026-10", "D#1#office"),
	} {
		if n < 2 {
			i["ticket"] = str(number)
		}
		if _, err := table.client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table.name, Item: i}); err != nil {
			t.Fatal(err)
		}
	}
	own, named := map[string]bool{}, map[string]string{}
	for one, err := range table.Scan(t.Context(), 0, 1) {
		if err != nil {
			t.Fatal(err)
		}
		if _, again := own[one.Number]; one.Named == "" && again {
			t.Errorf("%s comes twice", one.Number)
		}
		if one.Named == "" {
			own[one.Number] = one.Trial
		} else {
			named[one.Named] = one.Number
		}
	}
	if want := map[string]bool{number: false, ticket.NewNumber("WX", 2): true, ticket.NewNumber("WX", 3): false}; !maps.Equal(own, want) {
		t.Errorf("tickets %v, want %v", own, want)
	}
	want := []string{"A#2026-11-23 2026-11-23T01:00:00.000Z#" + number + ".2", "F#supervisor-1 2026-11-23T01:00:00.000Z#" + number, "M#2026-10 R#001", "P#" + photoID(1) + " HEAD"}
	if got := slices.Sorted(maps.Keys(named)); !slices.Equal(got, want) {
		t.Errorf("named by %q, want %q", got, want)
	}
	for by, got := range named {
		if got != number {
			t.Errorf("%s names %s", by, got)
		}
	}
}
