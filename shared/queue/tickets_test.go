package queue_test

import (
	"fmt"
	"slices"
	"testing"

	"steledesk/shared/queue"
)

// A line of a log names each ticket of a batch once, and of a burst no more than it has room for.
func TestTickets(t *testing.T) {
	if got := queue.Tickets([]string{"WX-B", "WX-A", "WX-B"}); !slices.Equal(got, []string{"WX-A", "WX-B"}) {
		t.Errorf("got %v", got)
	}
	var many []string
	for i := range 1000 {
		many = append(many, fmt.Sprintf("WX-%03d", i), "WX-000")
	}
	if got := queue.Tickets(many); len(got) != 50 || got[49] != "WX-049" {
		t.Errorf("got %d: %v", len(got), got)
	}
	if got := queue.Tickets(nil); len(got) != 0 {
		t.Errorf("got %v", got)
	}
}
