package dynamo

import (
	"fmt"
	"testing"
	"time"
)

// Known finds tickets among more numbers than one call reads, and nothing that only looks like one.
func TestKnown(t *testing.T) {
	table := newTable(t)
	all := wholes(t, 3)
	if err := table.Load(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	var numbers []string
	for i := range 250 {
		numbers = append(numbers, fmt.Sprintf("WX-%08d", i*2))
	}
	known, err := table.Known(t.Context(), numbers)
	if err != nil || len(known) != 2 || !known["WX-00000000"] || !known["WX-00000002"] {
		t.Errorf("got %v, %v; want the first and the third", known, err)
	}
}

// A contact that is loaded with a ticket that ended is deleted when its time is over, like any other.
func TestLoadedContactEnds(t *testing.T) {
	table := newTable(t)
	all := wholes(t, 1)
	all[0].Head.ContactUntil = nine.Add(time.Hour)
	if err := table.Load(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	items, err := all[0].items()
	if err != nil {
		t.Fatal(err)
	}
	if got := number(items[1], "ttl"); got != nine.Add(time.Hour).Unix() {
		t.Errorf("got ttl %d, want %d", got, nine.Add(time.Hour).Unix())
	}
	if got := text(items[len(items)-1], "sk"); got != "HEAD" {
		t.Errorf("the last item is %s: a ticket that has a head must be whole", got)
	}
}
