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
		page, err := table.AuditPage(t.Context(), nine, audit.Books{Matters: true}, 3, cursor)
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
	for e, err := range table.AuditDay(t.Context(), nine, audit.Books{Reports: true}) {
		if count++; err != nil || e.Who != "inspector" || !e.At.Equal(nine) {
			t.Errorf("got %+v, %v", e, err)
		}
	}
	if count != 1 {
		t.Errorf("%d confidential entries, want 1", count)
	}
	if _, err := table.AuditPage(t.Context(), nine, audit.Books{Matters: true}, 3, "*"); !errors.Is(err, desk.ErrCursor) {
		t.Errorf("a bad cursor: got %v", err)
	}
	if _, err := table.AuditPage(t.Context(), nine, audit.Books{Matters: true}, 3, "AAAA"); !errors.Is(err, desk.ErrCursor) {
		t.Errorf("a cursor that no page gave: got %v", err)
	}
}

// Who reads both books reads them as one: newest first, nothing twice and nothing left out, wherever pages end.
func TestBothBooksAreReadAsOne(t *testing.T) {
	table := newTable(t)
	var want []string
	for i := range 11 {
		who := fmt.Sprintf("%02d", 10-i)
		want = append(want, who)
		e := audit.Entry{At: nine.Add(time.Duration(10-i) * time.Second), Who: who, What: audit.Read, Confidential: i%4 == 0}
		if err := table.Record(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	both := audit.Books{Matters: true, Reports: true}
	for _, limit := range []int{1, 3, 11, 50} {
		var got []string
		cursor := ""
		for pages := 0; pages == 0 || cursor != ""; pages++ {
			page, err := table.AuditPage(t.Context(), nine, both, limit, cursor)
			if err != nil || pages > 12 || len(page.Entries) > limit {
				t.Fatalf("page %d of %d: %d entries, %v", pages, limit, len(page.Entries), err)
			}
			for _, e := range page.Entries {
				got = append(got, e.Who)
			}
			cursor = page.Next
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages of %d: got %v, want %v", limit, got, want)
		}
	}
	n := 0
	for _, err := range table.AuditDay(t.Context(), nine, both) {
		if n++; err != nil {
			t.Fatal(err)
		}
	}
	if n != len(want) {
		t.Errorf("the day has %d entries, want %d", n, len(want))
	}
}
