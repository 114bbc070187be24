// Package suspicion weighs whether a filing may be one of a flood, and what to ask for then: a small proof of work
// of a browser with scripts, or a little waiting of one without. It never refuses for good, and it knows no
// addresses: behind one carrier's address there may be a crowd. It is pure.
package suspicion

import (
	"time"

	"steledesk/shared/office"
)

// Degree is how suspicious a filing is: None, or 1 to office.Degrees.
type Degree int

// None asks for nothing.
const None Degree = 0

// Signs is what is known of a filing beside its words. None of them proves anything: each can be an honest visitor's.
type Signs struct {
	AtSpot int // filings at its spot within the window, this one not among them
	InAll  int // filings everywhere within the window
	Same   int // how often the same text came within the window, under other keys

	Form   bool          // it came by the form, which says when it was opened
	Filled time.Duration // how long that was ago; negative: the form did not say
	Trap   bool          // a field that people do not see was filled in

	Grave bool // urgent, or a 举报: such a one is slowed at most to the first degree
}

// Degree weighs the signs against an office's limits, which are in force (office.Limits.InForce).
func (s Signs) Degree(l office.Limits) Degree {
	d := max(Flood(s.AtSpot, l.SpotFilings), Flood(s.InAll, l.AllFilings))
	if s.Same+1 >= l.SameTexts {
		d++
	}
	if s.Form && s.Filled < time.Duration(l.FormSeconds)*time.Second {
		d++
	}
	if s.Trap {
		d += 2
	}
	if s.Grave {
		return min(d, 1)
	}
	return min(d, office.Degrees)
}

// Flood gives the degree of a count against its budget: within it none, then one more at the budget, at twice and at
// four times of it.
func Flood(n, budget int) Degree {
	switch {
	case n < budget:
		return None
	case n < 2*budget:
		return 1
	case n < 4*budget:
		return 2
	}
	return office.Degrees
}
