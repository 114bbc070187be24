package visitor_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// Anybody learns that there is something, how often and since when; a 举报 and what is praised or answered is not told.
func TestMattersOfASpot(t *testing.T) {
	store := visitortest.NewMemory()
	d := visitortest.Desk(store)
	nine := visitortest.Nine
	file := func(i, daysAgo int, kind ticket.Kind, category string) string {
		r, err := d.File(t.Context(), fmt.Sprintf("key-of-the-matter-%04d", i), visitor.Matter{
			Kind: kind, Category: category, Spot: "RK04", Text: "厕所没有纸", Language: "zh",
		}, nine.AddDate(0, 0, -daysAgo))
		if err != nil {
			t.Fatal(err)
		}
		return r.Number
	}
	file(0, 3, ticket.Complaint, "toilets")
	file(1, 1, ticket.Complaint, "toilets")
	file(2, 2, ticket.Suggestion, "accessibility")
	file(3, 1, ticket.Report, "corruption")
	file(4, 1, ticket.Praise, "toilets")
	file(5, 15, ticket.Complaint, "toilets")
	answered := file(6, 1, ticket.Enquiry, "toilets")
	visitortest.Give(t, store, answered, ticket.Command{Name: ticket.Withdraw, By: ticket.Actor{Role: ticket.Visitor}}, nine)
	got, err := d.Matters(t.Context(), "RK04", nine)
	want := []visitor.Reported{
		{Kind: ticket.Complaint, Category: "toilets", State: ticket.Assigned, DaysAgo: 1, Count: 2},
		{Kind: ticket.Suggestion, Category: "accessibility", State: ticket.Assigned, DaysAgo: 2, Count: 1},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if _, err := d.Matters(t.Context(), "XX99", nine); !errors.Is(err, visitor.ErrNoSpot) {
		t.Errorf("a spot that there is not: %v", err)
	}
}
