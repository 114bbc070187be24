package digest

import (
	"cmp"
	"slices"

	"steledesk/shared/ticket"
)

// Bounds of what a tally remembers, however many cases there are.
const (
	MaxWaits    = 10  // the worst waits that are named
	MaxFeedback = 300 // supervisors' feedback that is listed
	Repeated    = 3   // matters of one category at one spot that make a repeated matter
)

// Place is a category at a spot.
type Place struct {
	Spot     string `json:"spot,omitempty"`
	Category string `json:"category,omitempty"`
}

// Wait is a case that took, or takes, long.
type Wait struct {
	Number   string      `json:"number"`
	Kind     ticket.Kind `json:"kind"`
	Category string      `json:"category,omitempty"`
	Spot     string      `json:"spot,omitempty"`
	Section  string      `json:"section"`
	Timing   Timing      `json:"timing"`
	Days     int         `json:"days"` // working days
}

// Matter is feedback, or a decision, and where it stands.
type Matter struct {
	Number  string       `json:"number"`
	Section string       `json:"section"`
	State   ticket.State `json:"state"`
	Timing  Timing       `json:"timing"`
	Days    int          `json:"days"`
}

// Tally adds cases up. Its size follows from the office's sections, categories and spots, not from how many cases there
// are. The zero Tally is empty. Tallies made side by side are brought together with Merge, in any order.
type Tally struct {
	All        Figures                 `json:"all"` // without 举报, feedback and decisions
	Reports    int                     `json:"reports"`
	Kinds      map[ticket.Kind]Figures `json:"kinds"`
	Sections   map[string]Figures      `json:"sections"`
	Categories map[string]Figures      `json:"categories"`
	Spots      map[string]Figures      `json:"spots"`
	Days       map[string]int          `json:"days"` // received on each day, 2026-10-01
	Places     []Count                 `json:"places"`
	Praise     map[string]int          `json:"praise"` // by section
	Outcomes   map[ticket.Outcome]int  `json:"outcomes"`
	Levels     [5]int                  `json:"levels"` // ratings 1 … 5
	Waits      []Wait                  `json:"waits"`
	Feedback   []Matter                `json:"feedback"`
	MoreFeed   int                     `json:"moreFeedback,omitempty"` // feedback beyond those listed
}

// Count is how many matters a place had.
type Count struct {
	Place
	N int `json:"n"`
}

// Add counts a case of the month.
func (t *Tally) Add(c Case) {
	switch {
	case c.Kind.Confidential():
		t.Reports++
		return
	case c.Kind == ticket.Resolution: // reported with its meeting
		return
	case c.Kind == ticket.Feedback:
		t.addFeedback(c)
		addTo(&t.Kinds, c.Kind, c)
		return
	}
	t.All.Add(c)
	addTo(&t.Kinds, c.Kind, c)
	t.addSection(c)
	addTo(&t.Categories, c.Category, c)
	addTo(&t.Spots, c.Spot, c)
	bump(&t.Days, c.FiledAt.In(ticket.Zone).Format("2006-01-02"), 1)
	if c.Outcome != "" {
		bump(&t.Outcomes, c.Outcome, 1)
	}
	if c.Level > 0 {
		t.Levels[c.Level-1]++
	}
	if c.Kind == ticket.Praise {
		bump(&t.Praise, c.Section, 1)
		return
	}
	t.addPlace(Count{Place{Spot: c.Spot, Category: c.Category}, 1})
	t.addWait(c)
}

func addTo[K comparable](m *map[K]Figures, key K, c Case) {
	if *m == nil {
		*m = map[K]Figures{}
	}
	f := (*m)[key]
	f.Add(c)
	(*m)[key] = f
}

// addSection counts a case with the section that has it; only that it was sent back is counted with those who did that.
func (t *Tally) addSection(c Case) {
	by := c.ReturnedBy
	c.Returns = 0
	addTo(&t.Sections, c.Section, c)
	for _, section := range by {
		f := t.Sections[section]
		f.Returned++
		t.Sections[section] = f
	}
}

func bump[K comparable](m *map[K]int, key K, n int) {
	if *m == nil {
		*m = map[K]int{}
	}
	(*m)[key] += n
}

// addPlace keeps places sorted, so that tallies are the same in whatever order cases came.
func (t *Tally) addPlace(c Count) {
	if c.Spot == "" {
		return
	}
	i, found := slices.BinarySearchFunc(t.Places, c, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Spot, b.Spot), cmp.Compare(a.Category, b.Category))
	})
	if found {
		t.Places[i].N += c.N
		return
	}
	t.Places = slices.Insert(t.Places, i, c)
}

func (t *Tally) addWait(c Case) {
	if c.Uncount || c.Timing == Withdrawn {
		return
	}
	t.keepWaits([]Wait{{c.Number, c.Kind, c.Category, c.Spot, c.Section, c.Timing, c.Days}})
}

func (t *Tally) keepWaits(more []Wait) {
	if len(t.Waits) == MaxWaits && len(more) == 1 && longer(t.Waits[MaxWaits-1], more[0]) < 0 {
		return
	}
	t.Waits = append(t.Waits, more...)
	slices.SortFunc(t.Waits, longer)
	t.Waits = t.Waits[:min(len(t.Waits), MaxWaits)]
}

// longer orders waits, the longest first.
func longer(a, b Wait) int {
	return cmp.Or(cmp.Compare(b.Days, a.Days), cmp.Compare(a.Number, b.Number))
}

func (t *Tally) addFeedback(c Case) {
	t.keepFeedback([]Matter{c.matter()}, 0)
}

func (c Case) matter() Matter { return Matter{c.Number, c.Section, c.State, c.Timing, c.Days} }

func (t *Tally) keepFeedback(more []Matter, beyond int) {
	var cut int
	t.Feedback, cut = listed(t.Feedback, more)
	t.MoreFeed += beyond + cut
}

// listed adds to a list that is kept in the order of numbers and no longer than MaxFeedback, and says how many it cut.
func listed(all, more []Matter) (list []Matter, cut int) {
	all = append(all, more...)
	slices.SortFunc(all, func(a, b Matter) int { return cmp.Compare(a.Number, b.Number) })
	n := min(len(all), MaxFeedback)
	return all[:n], len(all) - n
}

// Merge adds what another tally counted.
func (t *Tally) Merge(o Tally) {
	t.All = t.All.Plus(o.All)
	t.Reports += o.Reports
	mergeFigures(&t.Kinds, o.Kinds)
	mergeFigures(&t.Sections, o.Sections)
	mergeFigures(&t.Categories, o.Categories)
	mergeFigures(&t.Spots, o.Spots)
	mergeCounts(&t.Days, o.Days)
	mergeCounts(&t.Praise, o.Praise)
	mergeCounts(&t.Outcomes, o.Outcomes)
	for i, n := range o.Levels {
		t.Levels[i] += n
	}
	for _, c := range o.Places {
		t.addPlace(c)
	}
	t.keepWaits(slices.Clone(o.Waits))
	t.keepFeedback(o.Feedback, o.MoreFeed)
}

func mergeFigures[K comparable](into *map[K]Figures, from map[K]Figures) {
	for key, f := range from {
		if *into == nil {
			*into = map[K]Figures{}
		}
		(*into)[key] = (*into)[key].Plus(f)
	}
}

func mergeCounts[K comparable](into *map[K]int, from map[K]int) {
	for key, n := range from {
		bump(into, key, n)
	}
}
