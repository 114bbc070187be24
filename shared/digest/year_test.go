package digest

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// A year's cases, counted one by one, are what its months' digests add up to: in whatever order those come, beside the
// editions that others followed and the digests of other years.
func TestYearIsTheSumOfItsMonths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases := rapid.SliceOfNDistinct(someCase(), 0, 80, func(c Case) string { return c.Number }).Draw(t, "cases")
		digests := make([]Digest, 14) // from December of the year before to January of the next
		for i := range digests {
			digests[i] = Digest{Month: Month("2026-12").Before(12 - i), Edition: 2, Whole: true}
		}
		var whole Tally
		for _, c := range cases {
			i := rapid.IntRange(0, 13).Draw(t, "month")
			c.FiledAt = c.FiledAt.AddDate(0, i-9, 0)
			digests[i].Tally.Add(c)
			if i > 0 && i < 13 {
				whole.Add(c)
			}
		}
		old := Digest{Month: "2026-05", Edition: 1, Whole: true, Tally: Tally{All: Figures{Received: 1000}, Reports: 1000}}
		y := YearOf(2026, rapid.Permutation(append(digests, old)).Draw(t, "order"))
		if got, want := text(t, y.Tally), text(t, whole); got != want {
			t.Fatalf("got  %s\nwant %s", got, want)
		}
		if got, want := text(t, y), text(t, YearOf(2026, append(digests, old))); got != want {
			t.Fatalf("in another order\ngot  %s\nwant %s", got, want)
		}
		if !y.Whole() || len(y.Standing(Missing)) > 0 {
			t.Fatalf("twelve whole months are not a whole year: %v", y.Standing(Final))
		}
	})
}

// month gives a digest of n complaints that were answered in time, and one that is overdue.
func monthOf(m Month, edition, n int) Digest {
	d := Digest{Month: m, Edition: edition, Whole: true, CutOff: m.End()}
	for i := range n + 1 {
		c := Case{Number: fmt.Sprintf("WX-%s-%d", m, i), Kind: "complaint", Section: "works", FiledAt: m.Start(), Timing: InTime, Days: i, Level: 5}
		if i == n {
			c.Timing, c.Level, c.State = Overdue, 0, "handling"
		}
		d.Tally.Add(c)
	}
	return d
}

// A month that is given out anew changes the year; what the year printed before was the sum then.
func TestNewEditionChangesTheYear(t *testing.T) {
	first := []Digest{monthOf("2026-03", 1, 4), monthOf("2026-04", 1, 5)}
	if got := YearOf(2026, first).Tally.All.Received; got != 11 {
		t.Fatalf("received %d, want 11", got)
	}
	y := YearOf(2026, append(first, monthOf("2026-03", 2, 7)))
	if got := y.Tally.All; got.Received != 14 || got.InTime != 12 {
		t.Errorf("with a new edition: %+v, want 14 received and 12 in time", got)
	}
	if y.Months[2].Edition != 2 || y.Months[3].Edition != 1 {
		t.Errorf("editions %d and %d, want 2 and 1", y.Months[2].Edition, y.Months[3].Edition)
	}
}

// Rates are of what was summed. The mean of the months' rates would be another, and two months too small to be given
// make a year that is not.
func TestYearsRatesAreOfTheSum(t *testing.T) {
	y := YearOf(2026, []Digest{monthOf("2026-01", 1, 3), monthOf("2026-02", 1, 95)})
	if rate := y.Tally.All.OnTime(); rate != (Rate{196, 100}) {
		t.Errorf("in time %v, want 98/100", rate)
	}
	if _, ok := y.Months[0].Tally.All.OnTime().Percent(); ok {
		t.Error("a rate of four cases is given")
	}
	median, ok := y.Tally.All.Quantile(.5)
	if want := 46; !ok || median != want { // 0, 0, 1, 1, 2, 2, 3 … 94: the 50th of 100; no mean of 1 and 47
		t.Errorf("median %d, %v, want %d", median, ok, want)
	}
	small := YearOf(2026, []Digest{monthOf("2026-01", 1, 3), monthOf("2026-02", 1, 3)}).Tally.All.OnTime()
	if percent, ok := small.Percent(); !ok || percent != 75 {
		t.Errorf("six of eight: %v, %v, want 75", percent, ok)
	}
}

// What is missing or was counted too early is named, and is compared with nothing.
func TestYearNamesWhatItLacks(t *testing.T) {
	running := monthOf("2026-03", 1, 5)
	running.Whole = false
	y := YearOf(2026, []Digest{monthOf("2025-02", 1, 9), monthOf("2025-03", 1, 9), monthOf("2026-01", 1, 1), monthOf("2026-02", 1, 5), running})
	if got := fmt.Sprint(y.Standing(Final), y.Standing(Running), len(y.Standing(Missing)), y.Whole()); got != "[2026-01 2026-02] [2026-03] 9 false" {
		t.Errorf("got %s", got)
	}
	if c := y.Compare; c == nil || fmt.Sprint(c.Months) != "[2026-02]" || c.Now.Received != 6 || c.Then.Received != 10 {
		t.Errorf("compared: %+v, want February alone", c)
	}
	if y := YearOf(2026, []Digest{monthOf("2025-12", 1, 9)}); y.Counted() || y.Compare != nil {
		t.Error("a year of which no month was counted has figures")
	}
}

// A case that is answered in a later month is told of once, and what the year leaves is what its last month does.
func TestYearCarries(t *testing.T) {
	first, second, third := monthOf("2026-01", 1, 5), monthOf("2026-02", 1, 5), monthOf("2026-03", 1, 5)
	first.Earlier = Earlier{Known: true, Open: 3, Answered: 2, Late: 1, Still: 1, Overdue: 1}
	second.Earlier = Earlier{Known: true, Open: 2, Answered: 1, Reopened: 1, Still: 2, Overdue: 1}
	third.Earlier = Earlier{Known: true, Open: 3, Answered: 3, Late: 2}
	want := Carried{Known: true, BegunIs: true, Begun: 3, Answered: 6, Late: 3, Reopened: 1, Left: 1, Overdue: 1, At: third.CutOff}
	if got := YearOf(2026, []Digest{third, first, second}).Carried; got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	first.Earlier = Earlier{}
	if got := YearOf(2026, []Digest{first, second}).Carried; !got.Known || got.BegunIs {
		t.Errorf("the desk's first month: got %+v, want all but what it began with", got)
	}
	third.Earlier = Earlier{}
	if got := YearOf(2026, []Digest{first, second, third}).Carried; got.Known {
		t.Errorf("a month that follows nothing: got %+v, want unknown", got)
	}
}

func TestParseYear(t *testing.T) {
	for text, ok := range map[string]bool{"2026": true, "1999": false, "+202": false, "26": false, "20260": false, "２０２６": false, "": false, "202x": false} {
		if year, err := ParseYear(text); (err == nil) != ok || ok && year != 2026 {
			t.Errorf("%q: got %d, %v", text, year, err)
		}
	}
	if all := MonthsOf(2026); len(all) != 12 || all[0] != "2026-01" || all[11] != "2026-12" {
		t.Errorf("got %v", all)
	}
}
