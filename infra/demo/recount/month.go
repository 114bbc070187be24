package recount

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"maps"
	"math"
	"slices"
	"time"
)

// Rate is a share: half cases, of whole ones.
type Rate struct {
	Halves int `json:"halves"`
	Of     int `json:"of"`
}

// Figures, like the rest below, has the names of the digest's JSON.
type Figures struct {
	Received  int   `json:"received"`
	InTime    int   `json:"inTime"`
	Late      int   `json:"late"`
	Overdue   int   `json:"overdue"`
	Pending   int   `json:"pending"`
	Undated   int   `json:"undated"`
	Withdrawn int   `json:"withdrawn"`
	Returned  int   `json:"returned"`
	Extended  int   `json:"extended"`
	Reopened  int   `json:"reopened"`
	Urged     int   `json:"urged"`
	Overseen  int   `json:"overseen"`
	Response  Rate  `json:"response"`
	Solved    Rate  `json:"solved"`
	Satisfied Rate  `json:"satisfied"`
	Days      []int `json:"days,omitempty"`
}

// Wait is a case that took long.
type Wait struct {
	Number   string `json:"number"`
	Kind     string `json:"kind"`
	Category string `json:"category,omitempty"`
	Spot     string `json:"spot,omitempty"`
	Section  string `json:"section"`
	Timing   string `json:"timing"`
	Days     int    `json:"days"`
}

// Place is how many matters of a category there were at a spot.
type Place struct {
	Spot     string `json:"spot,omitempty"`
	Category string `json:"category,omitempty"`
	N        int    `json:"n"`
}

// Matter is feedback.
type Matter struct {
	Number  string `json:"number"`
	Section string `json:"section"`
	State   string `json:"state"`
	Timing  string `json:"timing"`
	Days    int    `json:"days"`
}

// Tally is what the cases of a month come to.
type Tally struct {
	All        Figures            `json:"all"`
	Reports    int                `json:"reports"`
	Kinds      map[string]Figures `json:"kinds"`
	Sections   map[string]Figures `json:"sections"`
	Categories map[string]Figures `json:"categories"`
	Spots      map[string]Figures `json:"spots"`
	Days       map[string]int     `json:"days"`
	Places     []Place            `json:"places"`
	Praise     map[string]int     `json:"praise"`
	Outcomes   map[string]int     `json:"outcomes"`
	Levels     [5]int             `json:"levels"`
	Waits      []Wait             `json:"waits"`
	Feedback   []Matter           `json:"feedback"`
}

// Earlier is what became of cases of earlier months.
type Earlier struct {
	Known    bool     `json:"known"`
	Open     int      `json:"open"`
	Answered int      `json:"answered"`
	Late     int      `json:"late"`
	Reopened int      `json:"reopened"`
	Still    int      `json:"still"`
	Overdue  int      `json:"overdue"`
	Waits    []Wait   `json:"waits,omitempty"`
	Feedback []Matter `json:"feedback,omitempty"`
}

// Month is what is counted of a month.
type Month struct {
	Tally     Tally      `json:"tally"`
	Earlier   Earlier    `json:"earlier"`
	Decisions []Decision `json:"decisions"`
	Root      string     `json:"root"`
	Tickets   int        `json:"tickets"`
}

// Month counts the month that begins at start. Months since first have been counted; first is the first of all.
func (d *Desk) Month(first, start time.Time) Month {
	end := start.AddDate(0, 1, 0)
	var cases []*one
	for _, number := range slices.Sorted(maps.Keys(d.tickets)) {
		if c := d.at(number, end); c != nil && !c.filed.Before(start) {
			cases = append(cases, c)
		}
	}
	return Month{Tally: tally(cases), Earlier: d.earlier(first, start), Decisions: d.Decisions(start), Root: root(cases), Tickets: len(cases)}
}

// in gives the cases that a table's line is about.
func in(cases []*one, is func(*one) bool) []*one {
	var some []*one
	for _, c := range cases {
		if is(c) {
			some = append(some, c)
		}
	}
	return some
}

func number(cases []*one, is func(*one) bool) int { return len(in(cases, is)) }

func tally(cases []*one) Tally {
	all := in(cases, func(c *one) bool { return c.kind != "report" && c.kind != "feedback" && c.kind != "resolution" })
	t := Tally{
		All: figures(all), Reports: number(cases, func(c *one) bool { return c.kind == "report" }),
		Kinds:      by(in(cases, func(c *one) bool { return c.kind != "report" && c.kind != "resolution" }), func(c *one) string { return c.kind }),
		Sections:   sections(all),
		Categories: by(all, func(c *one) string { return c.category }),
		Spots:      by(all, func(c *one) string { return c.spot }),
		Days:       counts(all, func(c *one) string { return c.filed.In(china).Format(time.DateOnly) }),
		Outcomes:   counts(in(all, func(c *one) bool { return c.outcome != "" }), func(c *one) string { return c.outcome }),
		Praise:     counts(in(all, func(c *one) bool { return c.kind == "praise" }), func(c *one) string { return c.section }),
	}
	for level := range t.Levels {
		t.Levels[level] = number(all, func(c *one) bool { return c.level == level+1 })
	}
	matters := in(all, func(c *one) bool { return c.kind != "praise" })
	t.Places = places(in(matters, func(c *one) bool { return c.spot != "" }))
	t.Waits = waits(in(matters, func(c *one) bool { return c.timing != "withdrawn" }))
	t.Feedback = feedback(in(cases, func(c *one) bool { return c.kind == "feedback" }))
	return t
}

func counts(cases []*one, of func(*one) string) map[string]int {
	var m map[string]int
	for _, c := range cases {
		if m == nil {
			m = map[string]int{}
		}
		m[of(c)]++
	}
	return m
}

func by(cases []*one, of func(*one) string) map[string]Figures {
	var m map[string]Figures
	for name := range counts(cases, of) {
		if m == nil {
			m = map[string]Figures{}
		}
		m[name] = figures(in(cases, func(c *one) bool { return of(c) == name }))
	}
	return m
}

// sections are the figures of each section; what was sent back is those who did that.
func sections(cases []*one) map[string]Figures {
	m := by(cases, func(c *one) string { return c.section })
	for name, f := range m {
		f.Returned = 0
		m[name] = f
	}
	for _, c := range cases {
		for _, section := range c.returnedBy {
			f := m[section]
			f.Returned++
			m[section] = f
		}
	}
	return m
}

func figures(cases []*one) Figures {
	timing := func(name string) int { return number(cases, func(c *one) bool { return c.timing == name }) }
	f := Figures{
		Received: len(cases), InTime: timing("in-time"), Late: timing("late"), Overdue: timing("overdue"), Pending: timing("pending"),
		Undated: timing("undated"), Withdrawn: timing("withdrawn"),
		Returned: number(cases, func(c *one) bool { return c.returned > 0 }), Extended: number(cases, func(c *one) bool { return c.extended > 0 }),
		Reopened: number(cases, func(c *one) bool { return c.reopened > 0 }), Urged: number(cases, func(c *one) bool { return c.urged > 0 }),
		Overseen: number(cases, func(c *one) bool { return c.overs > 0 }),
	}
	awaited := in(cases, func(c *one) bool { return c.awaited })
	f.Response = Rate{2 * number(awaited, func(c *one) bool { return c.responded }), len(awaited)}
	rated := in(cases, func(c *one) bool { return c.level > 0 })
	f.Solved = Rate{2*number(rated, func(c *one) bool { return c.solved == "yes" }) + number(rated, func(c *one) bool { return c.solved == "partly" }), len(rated)}
	asked := in(rated, func(c *one) bool { return c.kind != "enquiry" && c.kind != "praise" })
	f.Satisfied = Rate{2 * number(asked, func(c *one) bool { return c.level >= 3 }), len(asked)}
	if took := durations(cases); len(took) > 0 {
		f.Days = make([]int, slices.Max(took)+1)
		for _, n := range took {
			f.Days[n]++
		}
	}
	return f
}

// durations are the working days of the cases that were answered; more than a year of them is told no further.
func durations(cases []*one) []int {
	var took []int
	for _, c := range cases {
		if c.timing == "in-time" || c.timing == "late" {
			took = append(took, min(c.days, 250))
		}
	}
	return took
}

func places(cases []*one) []Place {
	var all []Place
	for key, n := range counts(cases, func(c *one) string { return c.spot + "\x00" + c.category }) {
		spot, category, _ := cut(key)
		all = append(all, Place{spot, category, n})
	}
	slices.SortFunc(all, func(a, b Place) int { return cmp.Or(cmp.Compare(a.Spot, b.Spot), cmp.Compare(a.Category, b.Category)) })
	return all
}

func cut(key string) (before, after string, found bool) {
	for i := range key {
		if key[i] == 0 {
			return key[:i], key[i+1:], true
		}
	}
	return key, "", false
}

func waits(cases []*one) []Wait {
	slices.SortFunc(cases, func(a, b *one) int { return cmp.Or(b.days-a.days, cmp.Compare(a.number, b.number)) })
	var all []Wait
	for _, c := range cases[:min(10, len(cases))] {
		all = append(all, Wait{c.number, c.kind, c.category, c.spot, c.section, c.timing, c.days})
	}
	return all
}

func feedback(cases []*one) []Matter {
	var all []Matter
	for _, c := range cases { // they come in the order of numbers
		all = append(all, Matter{c.number, c.section, c.state, c.timing, c.days})
	}
	return all
}

// earlier counts what became of the cases filed before the month.
func (d *Desk) earlier(first, start time.Time) Earlier {
	e := Earlier{Known: start.After(first)}
	var still, told []*one
	for _, number := range slices.Sorted(maps.Keys(d.tickets)) {
		was, is := d.at(number, start), d.at(number, start.AddDate(0, 1, 0))
		if was == nil || was.filed.Before(first) || was.settled || is.kind == "report" || is.kind == "resolution" {
			continue
		}
		again := is.reopened > was.reopened || !isOpen(was.state) && isOpen(is.state)
		if is.kind == "feedback" {
			if isOpen(was.state) || again {
				told = append(told, is)
			}
			continue
		}
		if isOpen(was.state) {
			e.Open++
			if is.timing == "in-time" || is.timing == "late" {
				e.Answered++
			}
			if is.timing == "late" {
				e.Late++
			}
		} else if again {
			e.Reopened++
		}
		if isOpen(is.state) {
			still = append(still, is)
		}
	}
	e.Still = len(still)
	e.Overdue = number(still, func(c *one) bool { return c.timing == "overdue" })
	e.Waits, e.Feedback = waits(still), feedback(told)
	return e
}

// root sums the month's chains up: SHA-256 over the sums of eight shards, each over the lines "number hash" of its tickets.
func root(cases []*one) string {
	var shards [8]string
	for _, c := range cases {
		h := fnv.New32a()
		_, _ = h.Write([]byte(c.number))
		shards[h.Sum32()%8] += c.number + " " + c.hash + "\n"
	}
	sums := ""
	for _, lines := range shards {
		sums += sum(lines) + "\n"
	}
	return sum(sums)
}

func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

// Printed is what is worked out of figures for the papers.
type Printed struct{ OnTime, Response, Solved, Satisfied, Median, Most string }

// Print works it out; a dash is nothing.
func (f Figures) Print() Printed {
	answerable := f.Received - f.Withdrawn
	return Printed{
		percent(2*f.InTime, answerable), percent(f.Response.Halves, f.Response.Of), percent(f.Solved.Halves, f.Solved.Of),
		percent(f.Satisfied.Halves, f.Satisfied.Of), quantile(f.Days, answerable, 50), quantile(f.Days, answerable, 90),
	}
}

func percent(halves, of int) string {
	if of < 5 {
		return "-"
	}
	return fmt.Sprintf("%.1f", math.Floor(float64(halves)*1000/float64(2*of)+0.5)/10)
}

// quantile lays all cases in a row, the open ones last, and takes the one at the share.
func quantile(days []int, all, share int) string {
	var row []string
	for n, cases := range days {
		for range cases {
			row = append(row, fmt.Sprint(n))
		}
	}
	place := (all*share + 99) / 100
	if all < 5 || place > len(row) {
		return "-"
	}
	return row[place-1]
}

// Hot lists the n spots with the most matters, as "spot 12".
func (t Tally) Hot(n int) []string {
	sums := map[string]int{}
	for _, p := range t.Places {
		sums[p.Spot] += p.N
	}
	var all []Place
	for spot, count := range sums {
		all = append(all, Place{Spot: spot, N: count})
	}
	return top(all, n)
}

// RepeatedMatters lists up to n places where one matter was raised three times or more, as "spot category 3".
func (t Tally) RepeatedMatters(n int) []string {
	var all []Place
	for _, p := range t.Places {
		if p.N >= 3 && p.Category != "" {
			all = append(all, p)
		}
	}
	return top(all, n)
}

func top(all []Place, n int) []string {
	slices.SortFunc(all, func(a, b Place) int {
		return cmp.Or(b.N-a.N, cmp.Compare(a.Spot, b.Spot), cmp.Compare(a.Category, b.Category))
	})
	var list []string
	for _, p := range all[:min(n, len(all))] {
		list = append(list, fmt.Sprintf("%s %s %d", p.Spot, p.Category, p.N))
	}
	return list
}
