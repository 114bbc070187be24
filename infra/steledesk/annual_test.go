package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"steledesk/shared/digest"
	"steledesk/shared/meeting"
	"steledesk/shared/papers"
	"steledesk/shared/ticket"
)

// A year is written as four files, and what it lacks is said where somebody reads it.
func TestAnnualIsWritten(t *testing.T) {
	d := deploy(t)
	d.want(exitProblem, []string{"annual", "2026"}, "no month of 2026 has a digest; ask for them with: steledesk digest --month 2026-01")
	for _, m := range digest.MonthsOf(2026)[1:] {
		of := digest.Digest{Month: m, Edition: 1, Whole: m != "2026-12", CutOff: m.End()}
		for range 3 {
			of.Tally.Add(digest.Case{Kind: ticket.Complaint, Section: "works", FiledAt: m.Start(), Timing: digest.InTime})
		}
		if err := d.table.PutEdition(t.Context(), meeting.Edition{Month: m, Number: 1, Hash: "a", Digest: of}); err != nil {
			t.Fatal(err)
		}
	}
	folder := filepath.Join(t.TempDir(), "reports")
	said := d.want(exitOK, []string{"annual", "2026", "--out", folder}, "2026: 10 months complete, 33 cases.").out
	for _, told := range []string{"Without a digest: [2026-01]", "Counted before it was over: [2026-12]", filepath.Join(folder, "2026-annual.docx")} {
		if !strings.Contains(said, told) {
			t.Errorf("it does not say %q: %s", told, said)
		}
	}
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimPrefix(f.Name(), "2026-"))
	}
	if slices.Sort(names); !slices.Equal(names, slices.Sorted(slices.Values(papers.AnnualNames()))) {
		t.Errorf("got %v", names)
	}
	d.want(exitUsage, []string{"annual", "26"}, `year "26" is not written like 2026`)
	d.want(exitUsage, []string{"annual"}, "YEAR is missing")
}
