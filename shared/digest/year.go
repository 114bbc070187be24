package digest

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Year is what the months of a calendar year came to: the sum of the newest digest of each. Every count is the sum of
// the months', and rates and days are read from what was summed, never from the months' own. So each month counts as
// it was at its own cut-off: what was answered after that is said in Carried.
type Year struct {
	Year    int
	Months  []MonthOfYear // January to December
	Tally   Tally
	Carried Carried
	Compare *Comparison // nil: no month of it was counted to its end in the year before, too
	Broken  int         // tickets of the year whose chain of events does not hold
}

// Standing is how far a month was counted.
type Standing string

// The standings.
const (
	Final   Standing = "final"   // to its end
	Running Standing = "running" // before it was over
	Missing Standing = "missing" // not yet, or it was before the desk was
)

// MonthOfYear is what one month gave to its year.
type MonthOfYear struct {
	Month    Month
	Standing Standing
	Edition  int // of its digest; 0: missing
	Office   int // version of the office data it was counted with
	CutOff   time.Time
	Root     string
	Tally    Tally
}

// Carried is what became of cases after the month they were filed in: what the year began with and what it left.
// Feedback, decisions and 举报 are not among them.
type Carried struct {
	Known    bool // every month but the first followed the one before it; else only Begun may be said
	BegunIs  bool // what the year began with is known, too
	Begun    int  // open when the first month began
	Answered int  // answered in a later month than they were filed in
	Late     int  // of those, late
	Reopened int  // were answered, and were opened again in a later month
	Left     int  // open at the last cut-off, whenever they were filed
	Overdue  int  // of those, overdue
	At       time.Time
}

// Comparison sets the months that were counted to their end in two years running beside one another.
type Comparison struct {
	Months    []Month // of this year
	Now, Then Figures
}

// ParseYear reads a year written yyyy.
func ParseYear(text string) (int, error) {
	year, err := strconv.Atoi(text)
	if err != nil || len(text) != 4 || year < 2000 {
		return 0, fmt.Errorf("year %q is not written like 2026", text)
	}
	return year, nil
}

// MonthsOf lists the months of a year.
func MonthsOf(year int) []Month {
	all := make([]Month, 12)
	for i := range all {
		all[i] = Month(fmt.Sprintf("%04d-%02d", year, i+1))
	}
	return all
}

// YearOf sums digests of a year up, and compares it with those of the year before. They may come in any order and
// include editions that others followed, and other years': the newest edition of each month counts.
func YearOf(year int, digests []Digest) Year {
	newest := newestOf(digests)
	y := Year{Year: year}
	for _, m := range MonthsOf(year) {
		d, counted := newest[m]
		if !counted {
			y.Months = append(y.Months, MonthOfYear{Month: m, Standing: Missing})
			continue
		}
		of := MonthOfYear{Month: m, Standing: Running, Edition: d.Edition, Office: d.Office, CutOff: d.CutOff, Root: d.Root, Tally: d.Tally}
		if d.Whole {
			of.Standing = Final
		}
		y.Months = append(y.Months, of)
		y.Tally.Merge(d.Tally)
		y.Broken += d.Broken
		y.Carried.add(d)
	}
	y.Compare = compare(year, newest)
	return y
}

func newestOf(digests []Digest) map[Month]Digest {
	newest := map[Month]Digest{}
	for _, d := range digests {
		if was, has := newest[d.Month]; !has || was.Edition < d.Edition {
			newest[d.Month] = d
		}
	}
	return newest
}

// add goes on with the next month that was counted.
func (c *Carried) add(d Digest) {
	e := d.Earlier
	if c.At.IsZero() {
		c.Known, c.BegunIs, c.Begun = true, e.Known, e.Open
	} else {
		c.Known = c.Known && e.Known
	}
	c.Answered += e.Answered
	c.Late += e.Late
	c.Reopened += e.Reopened
	c.Left, c.Overdue, c.At = d.Tally.All.Open()+e.Still, d.Tally.All.Overdue+e.Overdue, d.CutOff
}

func compare(year int, newest map[Month]Digest) *Comparison {
	var c Comparison
	for _, m := range MonthsOf(year) {
		now, then := newest[m], newest[m.Before(12)]
		if !now.Whole || !then.Whole {
			continue
		}
		c.Months = append(c.Months, m)
		c.Now, c.Then = c.Now.Plus(now.Tally.All), c.Then.Plus(then.Tally.All)
	}
	if len(c.Months) == 0 {
		return nil
	}
	return &c
}

// Counted reports whether any month of the year was.
func (y Year) Counted() bool {
	return slices.ContainsFunc(y.Months, func(m MonthOfYear) bool { return m.Standing != Missing })
}

// Standing lists the months that stand so.
func (y Year) Standing(s Standing) []Month {
	var all []Month
	for _, m := range y.Months {
		if m.Standing == s {
			all = append(all, m.Month)
		}
	}
	return all
}

// Whole reports whether every month was counted to its end.
func (y Year) Whole() bool { return len(y.Standing(Final)) == len(y.Months) }

// CutOff is until when the year was counted: the last cut-off of its months.
func (y Year) CutOff() time.Time { return y.Carried.At }

// Matters lists up to n categories at spots with the most matters, the most first. Few in a year are none to name.
func (t *Tally) Matters(n int) []Count {
	return most(slices.DeleteFunc(slices.Clone(t.Places), func(c Count) bool { return c.Category == "" || c.N < MinCases }), n)
}
