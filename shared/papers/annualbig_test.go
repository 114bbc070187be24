package papers

import (
	"encoding/json"
	"fmt"
	"runtime"
	"testing"
	"time"

	"steledesk/shared/digest"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// A year of the largest office, each of its 500 spots with every one of 60 categories in every month, is held and
// written in what a function has.
func TestAnnualOfTheLargestOffice(t *testing.T) {
	var tally digest.Tally
	for i := range 30_000 {
		tally.Add(digest.Case{Number: fmt.Sprint(i), Kind: ticket.Complaint, Category: fmt.Sprint("cat-", i%60), Spot: fmt.Sprint("BL", i/60),
			Section: fmt.Sprint("section-", i%40), Days: i % 200, FiledAt: digest.Month("2026-10").Start(), Timing: digest.InTime})
	}
	stored, err := json.Marshal(tally)
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	var all []digest.Digest
	for _, m := range digest.MonthsOf(2026) {
		d := digest.Digest{Month: m, Edition: 1, Whole: true, CutOff: m.End()}
		if err := json.Unmarshal(stored, &d.Tally); err != nil {
			t.Fatal(err)
		}
		all = append(all, d)
	}
	in := Annual{Year: digest.YearOf(2026, all), Office: office.Default()}
	for _, name := range AnnualNames()[:2] {
		if body := madeAnnual(t, in, name); len(body) > 1<<20 {
			t.Errorf("%s has %d KB: an answer of a function has 6 MB at the most", name, len(body)>>10)
		}
	}
	took := time.Since(began)
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	runtime.KeepAlive(in)
	runtime.KeepAlive(all)
	t.Logf("twelve editions of %d KB: read, summed up and written twice in %v, %d MB live", len(stored)>>10, took.Round(time.Millisecond), memory.HeapAlloc>>20)
	if memory.HeapAlloc > 64<<20 {
		t.Errorf("%d MB are live, want at most 64", memory.HeapAlloc>>20)
	}
}
