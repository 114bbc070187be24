package meeting

import (
	"cmp"
	"slices"

	"steledesk/shared/digest"
)

// Topic is why a matter should be talked about.
type Topic string

// The topics, in the order of an agenda.
const (
	LateDecisions Topic = "late-decisions" // N decisions of earlier meetings are overdue
	OpenDecisions Topic = "open-decisions" // N decisions of earlier meetings are not settled, and in time
	OpenFeedback  Topic = "open-feedback"  // N matters raised by supervisors are open
	RepeatedAt    Topic = "repeated"       // the category was raised N times at the spot
	SectionLate   Topic = "section-late"   // the section has N overdue matters
	SentBack      Topic = "sent-back"      // N matters were sent back by the section
	Reopened      Topic = "reopened"       // N matters of the section had to be handled again
)

// Point is a matter for discussion, as the figures suggest it.
type Point struct {
	Topic    Topic  `json:"topic"`
	N        int    `json:"n"`
	Section  string `json:"section,omitempty"`
	Category string `json:"category,omitempty"`
	Spot     string `json:"spot,omitempty"`
}

// Bounds of what is proposed: a meeting talks about few things well.
const (
	perTopic = 3
	often    = 3 // so many sent back or reopened matters of a section are worth a word
)

// Proposed lists what a digest gives a meeting to talk about, the most pressing first.
func Proposed(d digest.Digest) []Point {
	var all []Point
	late, open := 0, 0
	for _, r := range d.Decisions {
		switch {
		case r.Timing == digest.Overdue:
			late++
		case r.State.Open():
			open++
		}
	}
	all = count(all, LateDecisions, late)
	all = count(all, OpenDecisions, open)
	feedback := d.Tally.MoreFeed
	for _, f := range d.Tally.Feedback {
		if f.State.Open() {
			feedback++
		}
	}
	all = count(all, OpenFeedback, feedback)
	for _, c := range d.Tally.RepeatedMatters(perTopic) {
		all = append(all, Point{Topic: RepeatedAt, N: c.N, Category: c.Category, Spot: c.Spot})
	}
	all = append(all, worst(d.Tally.Sections, SectionLate, 1, func(f digest.Figures) int { return f.Overdue })...)
	all = append(all, worst(d.Tally.Sections, SentBack, often, func(f digest.Figures) int { return f.Returned })...)
	return append(all, worst(d.Tally.Sections, Reopened, often, func(f digest.Figures) int { return f.Reopened })...)
}

func count(all []Point, t Topic, n int) []Point {
	if n == 0 {
		return all
	}
	return append(all, Point{Topic: t, N: n})
}

// worst lists the few sections that have the most of something, and at least so many.
func worst(sections map[string]digest.Figures, t Topic, least int, of func(digest.Figures) int) []Point {
	var all []Point
	for id, f := range sections {
		if n := of(f); n >= least {
			all = append(all, Point{Topic: t, N: n, Section: id})
		}
	}
	slices.SortFunc(all, func(a, b Point) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Section, b.Section)) })
	return all[:min(len(all), perTopic)]
}
