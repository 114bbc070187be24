package digest

import (
	"encoding/json"
	"fmt"
	"testing"

	"steledesk/shared/ticket"
)

func counted(cases ...Case) Digest {
	d := Digest{Month: "2026-09", Whole: true, Edition: 1, Root: "r", Tickets: len(cases)}
	for _, c := range cases {
		c.FiledAt = at("2026-09-18 10:00")
		d.Tally.Add(c)
	}
	return d
}

// A correction says which figures it gives otherwise, and the new digest says the same as itself read back.
func TestAfterListsWhatChanged(t *testing.T) {
	was := counted(Case{Number: "WX-1", Kind: ticket.Complaint, Section: "works", Timing: Late, Days: 6})
	is := counted(Case{Number: "WX-1", Kind: ticket.Complaint, Section: "works", Timing: InTime, Days: 5})
	next := is.After(was)
	want := map[string]string{
		"all.inTime": "→1", "all.late": "1→", "kinds.complaint.inTime": "→1", "kinds.complaint.late": "1→",
		"sections.works.inTime": "→1", "sections.works.late": "1→", "categories..inTime": "→1", "categories..late": "1→",
		"spots..inTime": "→1", "spots..late": "1→", "waits.WX-1": "6→5",
	}
	got := map[string]string{}
	for _, c := range next.Changes {
		got[c.Figure] = c.Was + "→" + c.Is
	}
	if fmt.Sprint(got) != fmt.Sprint(want) || next.Edition != 2 || next.More != 0 {
		t.Errorf("edition %d, got %v\nwant %v", next.Edition, got, want)
	}
	var back Digest
	if err := json.Unmarshal([]byte(text(t, next)), &back); err != nil || !back.Same(next) || !next.Same(is) || next.Same(was) {
		t.Errorf("%v: read back it is another, or it is taken for what it corrects", err)
	}
}

// The month went on: that is no correction.
func TestAfterADigestOfPartOfTheMonthNothingIsCorrected(t *testing.T) {
	part := counted(Case{Timing: Pending})
	part.Whole = false
	if next := counted(Case{Timing: InTime}).After(part); next.Edition != 2 || len(next.Changes) > 0 {
		t.Errorf("edition %d with changes %v", next.Edition, next.Changes)
	}
}

func TestChangesAreBounded(t *testing.T) {
	var many []Case
	for i := range 300 {
		many = append(many, Case{Spot: fmt.Sprintf("BL%03d", i), Category: "a", Timing: Overdue})
	}
	next := counted(many...).After(counted())
	if len(next.Changes) != MaxChanges || next.More == 0 || next.Changes[0].Figure != "all.received" {
		t.Errorf("%d changes and %d more, the first %v", len(next.Changes), next.More, next.Changes[0])
	}
}
