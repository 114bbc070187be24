package digest

import (
	"cmp"
	"slices"
	"time"

	"steledesk/shared/ticket"
)

// Earlier is what became of the cases of earlier months that were not settled at the last cut-off.
type Earlier struct {
	Known    bool `json:"known"`    // the month before was counted; else nothing is known of earlier ones
	Open     int  `json:"open"`     // were open when the month began
	Answered int  `json:"answered"` // of those, answered since
	Late     int  `json:"late"`     // of those answered, late
	Reopened int  `json:"reopened"` // were answered, and were opened again since
	Still    int  `json:"still"`    // are open at the cut-off
	Overdue  int  `json:"overdue"`  // of those, overdue

	Waits []Wait `json:"waits,omitempty"` // of those still open, the longest

	// Feedback is supervisors' feedback of earlier months that was open when the month began, or was opened again since.
	Feedback []Matter `json:"feedback,omitempty"`
	MoreFeed int      `json:"moreFeedback,omitempty"` // feedback beyond those listed
}

// Decision is what a meeting decided, and what became of it.
type Decision struct {
	Matter
	Meeting  Month     `json:"meeting"` // the month whose digest the meeting had before it
	Text     string    `json:"text"`
	AnswerBy time.Time `json:"answerBy"`
	Answer   string    `json:"answer,omitempty"` // what the section says it did
}

// Past is what an earlier month's digest said, to compare with.
type Past struct {
	Month Month   `json:"month"`
	All   Figures `json:"all"`
}

// Digest is what a month came to. It holds no name, phone or word of a visitor.
type Digest struct {
	Month   Month     `json:"month"`
	CutOff  time.Time `json:"cutOff"`
	Whole   bool      `json:"whole"`            // the month was over: the figures are final
	Office  int       `json:"office"`           // version of the office data whose names and rules were used
	Edition int       `json:"edition"`          // from 1; a corrected one is another
	Reason  string    `json:"reason,omitempty"` // why it was made anew, as the office gave it
	Changes []Change  `json:"changes,omitempty"`
	More    int       `json:"moreChanges,omitempty"` // changes beyond those listed
	Tally   Tally     `json:"tally"`
	Earlier Earlier   `json:"earlier"`
	// Decisions are those of earlier meetings that were not settled when the last digest was made, or were since.
	Decisions []Decision `json:"decisions"`
	MonthAgo  *Past      `json:"monthAgo,omitempty"`
	YearAgo   *Past      `json:"yearAgo,omitempty"`
	Root      string     `json:"root"` // of the chains of the month's tickets, see Root
	Tickets   int        `json:"tickets"`
	Broken    int        `json:"broken,omitempty"` // tickets of the month whose chain of events does not hold
}

// AddEarlier counts a case of an earlier month: was is what it was at the last cut-off, is what it is now.
func (e *Earlier) AddEarlier(was, is Case) {
	switch {
	case is.Kind.Confidential() || is.Kind == ticket.Resolution:
		return
	case is.Kind == ticket.Feedback:
		e.addFeedback(was, is)
		return
	case was.State.Open():
		e.Open++
		if !is.State.Open() && is.Timing != Withdrawn {
			e.Answered++
			e.Late += one(is.Timing == Late)
		}
	case is.Reopened > was.Reopened || is.State.Open():
		e.Reopened++
	}
	if !is.State.Open() {
		return
	}
	e.Still++
	e.Overdue += one(is.Timing == Overdue)
	e.keep([]Wait{{is.Number, is.Kind, is.Category, is.Spot, is.Section, is.Timing, is.Days}})
}

func (e *Earlier) addFeedback(was, is Case) {
	if was.State.Open() || is.State.Open() || is.Reopened > was.Reopened {
		e.keepFeedback([]Matter{is.matter()}, 0)
	}
}

func (e *Earlier) keepFeedback(more []Matter, beyond int) {
	var cut int
	e.Feedback, cut = listed(e.Feedback, more)
	e.MoreFeed += beyond + cut
}

// Merge adds what was counted beside it.
func (e *Earlier) Merge(o Earlier) {
	e.Known = e.Known || o.Known
	for n, more := range map[*int]int{
		&e.Open: o.Open, &e.Answered: o.Answered, &e.Late: o.Late, &e.Reopened: o.Reopened, &e.Still: o.Still, &e.Overdue: o.Overdue,
	} {
		*n += more
	}
	e.keep(o.Waits)
	e.keepFeedback(o.Feedback, o.MoreFeed)
}

func (e *Earlier) keep(more []Wait) {
	e.Waits = append(e.Waits, more...)
	slices.SortFunc(e.Waits, longer)
	e.Waits = e.Waits[:min(len(e.Waits), MaxWaits)]
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// HotSpots lists up to n spots with the most matters, praise not among them, the most first.
func (t *Tally) HotSpots(n int) []Count {
	bySpot := map[string]int{}
	for _, c := range t.Places {
		bySpot[c.Spot] += c.N
	}
	var all []Count
	for spot, count := range bySpot {
		all = append(all, Count{Place{Spot: spot}, count})
	}
	return most(all, n)
}

// RepeatedMatters lists up to n places at which the same kind of thing was raised at least Repeated times.
func (t *Tally) RepeatedMatters(n int) []Count {
	return most(slices.DeleteFunc(slices.Clone(t.Places), func(c Count) bool { return c.N < Repeated || c.Category == "" }), n)
}

func most(all []Count, n int) []Count {
	slices.SortFunc(all, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Spot, b.Spot), cmp.Compare(a.Category, b.Category))
	})
	return all[:min(len(all), n)]
}
