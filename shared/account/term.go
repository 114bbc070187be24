package account

import (
	"fmt"
	"strings"
	"time"

	"steledesk/shared/ticket"
)

// Term is a supervisor's time of office (聘期): whole days in China, both included. The zero Term has no end.
type Term struct {
	From  string `json:"from"` // 2026-01-01
	Until string `json:"until"`
}

// IsZero reports whether no term is set.
func (t Term) IsZero() bool { return t == Term{} }

// ParseTerm reads 2026-01-01..2027-12-31.
func ParseTerm(text string) (Term, error) {
	from, until, _ := strings.Cut(text, "..")
	t := Term{From: from, Until: until}
	if err := t.check(); err != nil {
		return Term{}, err
	}
	return t, nil
}

func (t Term) String() string { return t.From + ".." + t.Until }

func (t Term) check() error {
	from, errFrom := time.Parse(time.DateOnly, t.From)
	until, errUntil := time.Parse(time.DateOnly, t.Until)
	if errFrom != nil || errUntil != nil {
		return fmt.Errorf("term %q: want its first and its last day, such as 2026-01-01..2027-12-31", t)
	}
	if until.Before(from) {
		return fmt.Errorf("term %s: it ends before it begins", t)
	}
	return nil
}

// The places of an instant towards a term.
const (
	BeforeTerm = "before"
	InTerm     = "in"
	AfterTerm  = "after"
)

// At says where now is towards the term, by the day it is in China.
func (t Term) At(now time.Time) string {
	today := now.In(ticket.Zone).Format(time.DateOnly)
	switch {
	case t.IsZero():
		return InTerm
	case today < t.From:
		return BeforeTerm
	case today > t.Until:
		return AfterTerm
	}
	return InTerm
}

// endsWithin is how many days ahead the office is told that a term ends.
const endsWithin = 30

// EndsSoon reports whether the term is over within 30 days of now, or was over already.
func (t Term) EndsSoon(now time.Time) bool {
	return !t.IsZero() && t.Until <= now.In(ticket.Zone).AddDate(0, 0, endsWithin).Format(time.DateOnly)
}

// OutOfTerm is the error of a supervisor before or after their term.
type OutOfTerm struct{ Term Term }

func (o *OutOfTerm) Error() string { return "not in the term of office " + o.Term.String() }
