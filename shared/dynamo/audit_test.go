package dynamo

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"steledesk/shared/audit"
	"steledesk/shared/desk"
)

// Entries of one instant are all kept; pages lose none; a day is one in China; and what is about a
// 举报 is not among the others.
func TestAuditRecord(t *testing.T) {
	table := newTable(t)
	var wg sync.WaitGroup
	record := func(e audit.Entry) {
		wg.Go(func() {
			if err := table.Record(t.Context(), e); err != nil {
				t.Error(err)
			}
		})
	}
	for i := range 7 {
		record(audit.Entry{At: nine, Who: fmt.Sprint(i), What: audit.Read, Ticket: "WX-1"})
	}
	record(audit.Entry{At: nine, Who: "inspector", What: audit.Unmasked, Ticket: "WX-2", Confidential: true})
	record(audit.Entry{At: nine.Add(-9*time.Hour - time.Millisecond), Who: "yesterday", What: audit.SignedIn})
	wg.Wait()

	var who []string
	cursor := ""
	for pages := 0; pages == 0 || cursor != ""; pages++ {
		page, err := table.AuditPage(t.Context(), nine, false, 3, cursor)
		if err != nil || pages > 4 {
			t.Fatalf("page %d: %v", pages, err)
		}
		for _, e := range page.Entries {
			who = append(who, e.Who)
		}
		cursor = page.Next
	}
	slices.Sort(who)
	if want := []string{"0", "1", "2", "3", "4", "5", "6"}; !slices.Equal(who, want) {
		t.Errorf("got %v, want %v", who, want)
	}
	count := 0
	for e, err := range table.AuditDay(t.Context(), nine, true) {
		if count++; err != nil || e.Who != "inspector" || !e.At.Equal(nine) {
			t.Errorf("got %+v, %v", e, err)
		}
	}
	if count != 1 {
		t.Errorf("%d confidential entries, want 1", count)
	}
	if _, err := table.AuditPage(t.Context(), nine, false, 3, "*"); !errors.Is(err, desk.ErrCursor) {
		t.Errorf("a bad cursor: got %v", err)
	}
}
