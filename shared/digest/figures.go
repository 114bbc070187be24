package digest

import (
	"math"
	"slices"

	"steledesk/shared/ticket"
)

// MinCases is the least number of cases of which a rate is given.
const MinCases = 5

// Rate is a share of cases. A half counts for a matter that was solved in part.
type Rate struct {
	Halves int `json:"halves"` // twice the cases that count
	Of     int `json:"of"`     // n
}

// Percent gives the rate in percent, to a tenth; ok is false when n is too small to be given.
func (r Rate) Percent() (percent float64, ok bool) {
	if r.Of < MinCases {
		return 0, false
	}
	return math.Round(float64(r.Halves)*500/float64(r.Of)) / 10, true
}

func (r *Rate) add(halves int) { r.Halves, r.Of = r.Halves+halves, r.Of+1 }

func (r Rate) plus(o Rate) Rate { return Rate{r.Halves + o.Halves, r.Of + o.Of} }

// Figures are what a number of cases came to.
type Figures struct {
	Received  int `json:"received"`
	InTime    int `json:"inTime"`
	Late      int `json:"late"`
	Overdue   int `json:"overdue"`
	Pending   int `json:"pending"`
	Undated   int `json:"undated"`
	Withdrawn int `json:"withdrawn"`

	Returned int `json:"returned"` // cases that were sent back at least once; so the next four
	Extended int `json:"extended"`
	Reopened int `json:"reopened"`
	Urged    int `json:"urged"`
	Overseen int `json:"overseen"`

	Response  Rate `json:"response"`  // 响应率: taken on by the time set for it
	Solved    Rate `json:"solved"`    // 解决率: solved, or in part, of those that were rated
	Satisfied Rate `json:"satisfied"` // 满意率: 3 of 5 or more, of those that were rated

	Days []int `json:"days,omitempty"` // how many were answered in 0, 1, 2 … working days
}

// longest bounds the days that are told apart: what took longer is counted with them.
const longest = 250

// Add counts a case.
func (f *Figures) Add(c Case) {
	f.Received++
	switch c.Timing {
	case InTime:
		f.InTime++
	case Late:
		f.Late++
	case Overdue:
		f.Overdue++
	case Pending:
		f.Pending++
	case Undated:
		f.Undated++
	case Withdrawn:
		f.Withdrawn++
	}
	for n, happened := range map[*int]int{
		&f.Returned: c.Returns, &f.Extended: c.Extended, &f.Reopened: c.Reopened, &f.Urged: c.Urged, &f.Overseen: c.Overseen,
	} {
		if happened > 0 {
			*n++
		}
	}
	f.rate(c)
	if (c.Timing == InTime || c.Timing == Late) && !c.Uncount {
		f.addDays(min(c.Days, longest), 1)
	}
}

func (f *Figures) rate(c Case) {
	if c.Awaited {
		f.Response.add(halves(c.Responded))
	}
	if c.Level == 0 {
		return
	}
	if c.Solved == ticket.SolvedPartly {
		f.Solved.add(1)
	} else {
		f.Solved.add(halves(c.Solved == ticket.SolvedYes))
	}
	if c.Kind != ticket.Enquiry && c.Kind != ticket.Praise {
		f.Satisfied.add(halves(c.Level >= 3))
	}
}

func halves(yes bool) int {
	if yes {
		return 2
	}
	return 0
}

func (f *Figures) addDays(days, n int) {
	for len(f.Days) <= days {
		f.Days = append(f.Days, 0)
	}
	f.Days[days] += n
}

// Plus gives the figures of both.
func (f Figures) Plus(o Figures) Figures {
	sum := f
	sum.Days = slices.Clone(f.Days)
	for days, n := range o.Days {
		sum.addDays(days, n)
	}
	for n, more := range map[*int]int{
		&sum.Received: o.Received, &sum.InTime: o.InTime, &sum.Late: o.Late, &sum.Overdue: o.Overdue, &sum.Pending: o.Pending,
		&sum.Undated: o.Undated, &sum.Withdrawn: o.Withdrawn, &sum.Returned: o.Returned, &sum.Extended: o.Extended,
		&sum.Reopened: o.Reopened, &sum.Urged: o.Urged, &sum.Overseen: o.Overseen,
	} {
		*n += more
	}
	sum.Response, sum.Solved, sum.Satisfied = f.Response.plus(o.Response), f.Solved.plus(o.Solved), f.Satisfied.plus(o.Satisfied)
	return sum
}

// Open is how many were still open at the cut-off.
func (f Figures) Open() int { return f.Overdue + f.Pending + f.Undated }

// Answerable is how many there were to answer: all but those their visitors took back.
func (f Figures) Answerable() int { return f.Received - f.Withdrawn }

// OnTime is the share answered in time of all there were to answer (按时办结率), open ones among them.
func (f Figures) OnTime() Rate { return Rate{Halves: 2 * f.InTime, Of: f.Answerable()} }

// Quantile gives the working days within which the share q (0 < q ≤ 1) of all cases there were to answer was answered.
// ok is false when so many are still open that nobody knows yet, or when there are fewer than MinCases.
func (f Figures) Quantile(q float64) (days int, ok bool) {
	all := f.Answerable()
	if all < MinCases {
		return 0, false
	}
	want, seen := int(math.Ceil(q*float64(all))), 0
	for days, n := range f.Days {
		if seen += n; seen >= want {
			return days, true
		}
	}
	return 0, false
}
