package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"steledesk/events/golden"
	"steledesk/shared/ticket"
)

// counts notes what is counted, and fails when a test wants it to.
type counts struct {
	calls []string
	fail  error
}

func (c *counts) CountFilings(_ context.Context, at time.Time, bySpot map[string]int) error {
	text := at.UTC().Format("15:04")
	for _, spot := range slices.Sorted(maps.Keys(bySpot)) {
		text += fmt.Sprintf(" %q %d", spot, bySpot[spot])
	}
	c.calls = append(c.calls, text)
	return c.fail
}

func TestFilingsAreCounted(t *testing.T) {
	var batch []ticket.Event
	add := func(minute int, what ticket.What, role ticket.Role, spot string) {
		e := ticket.Event{What: what, By: ticket.Actor{Role: role}, After: ticket.After{Spot: spot}}
		e.At = time.Date(2026, 11, 23, 9, minute, 59, 0, ticket.Zone)
		batch = append(batch, e)
	}
	add(4, ticket.Filed, ticket.Visitor, "BL01")
	add(5, ticket.Filed, ticket.Visitor, "BL01")
	add(6, ticket.Filed, ticket.Visitor, "")
	add(6, ticket.Filed, ticket.OfficeStaff, "BL01") // typed in from paper: no flood
	add(7, ticket.Messaged, ticket.Visitor, "BL01")
	add(9, ticket.Filed, ticket.Visitor, "BL01")
	places := []int{1, 2, 3, 4, 5, 6}
	for _, test := range []struct {
		failed map[int]error
		want   string
	}{
		{nil, `01:00 "BL01" 1; 01:05 "" 1 "BL01" 2`},
		{map[int]error{6: errors.New("away"), 4: errors.New("away")}, `01:00 "BL01" 1; 01:05 "" 1 "BL01" 1`}, // 4 to 6 come again
		{map[int]error{0: errors.New("poison")}, ``},
	} {
		c := &counts{}
		d := &dispatcher{counter: c}
		d.count(t.Context(), carried(batch, places, test.failed))
		slices.Sort(c.calls)
		if got := strings.Join(c.calls, "; "); got != test.want {
			t.Errorf("failed %v: got %s, want %s", test.failed, got, test.want)
		}
	}
}

// The counts only slow floods: no event waits for them.
func TestCountThatFailsHoldsNothingUp(t *testing.T) {
	s := &sender{counts: counts{fail: errors.New("table is away")}}
	answer, log := dispatch(t, s, golden.Payload(t, "dispatch/two-tickets"))
	if string(answer) != `{"batchItemFailures":[]}` || len(s.sent) != 3 {
		t.Errorf("got %s, sent %v", answer, s.sent)
	}
	if !strings.Contains(log, "filings not counted") || !strings.Contains(log, "table is away") {
		t.Errorf("the log does not tell: %s", log)
	}
	if len(s.counts.calls) == 0 {
		t.Error("nothing was counted")
	}
}
