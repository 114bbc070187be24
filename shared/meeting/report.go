package meeting

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/digest"
	"steledesk/shared/personal"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// reach is how many months back decisions are looked for: twice a supervisor's term.
const reach = 48

// width is how many reads go side by side.
const width = 16

// Report gives a digest what became of decisions: those of the meetings over earlier months that were made before
// cutOff, and were not settled when month began. One that was settled since is told of once more, as settled; one
// that came back counts as not settled. It is Maker.Decisions.
func (o *Office) Report(ctx context.Context, month digest.Month, cutOff time.Time) ([]digest.Decision, error) {
	rules, _, err := o.Offices.Current(ctx)
	if err != nil {
		return nil, err
	}
	all, err := o.since(ctx, month)
	if err != nil {
		return nil, err
	}
	told := make([]*digest.Decision, len(all))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(width)
	for i, r := range all {
		g.Go(func() error {
			s, err := o.Decisions.Ticket(ctx, r.Ticket)
			if err != nil {
				return err
			}
			events, err := s.Events()
			if err != nil || !current(events, month.Start(), cutOff) {
				return err
			}
			d, err := Stands(r, events, cutOff, rules)
			told[i] = &d
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	out := []digest.Decision{}
	for _, d := range told {
		if d != nil {
			out = append(out, *d)
		}
	}
	return out, nil
}

// since lists the decisions of the meetings over the months before month, the oldest first.
func (o *Office) since(ctx context.Context, month digest.Month) ([]Resolved, error) {
	byMonth := make([][]Resolved, reach)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(width)
	for i := range byMonth {
		g.Go(func() (err error) {
			byMonth[i], err = o.Decisions.DecisionsOf(ctx, month.Before(reach-i))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return slices.Concat(byMonth...), nil
}

// before gives the events that happened before a moment.
func before(events []ticket.Event, at time.Time) []ticket.Event {
	n := slices.IndexFunc(events, func(e ticket.Event) bool { return !e.At.Before(at) })
	if n < 0 {
		return events
	}
	return events[:n]
}

// current reports whether a decision that was made before to was not settled at from, or was sent back since.
func current(events []ticket.Event, from, to time.Time) bool {
	then, now := before(events, from), before(events, to)
	back := slices.ContainsFunc(now[len(then):], func(e ticket.Event) bool { return e.What == ticket.Reopened })
	return len(now) > 0 && (!settled(then) || back)
}

// settled reports whether nothing is owed to the meeting any more: the office took the section's answer for good, or
// gave the matter up. The next meeting may see it otherwise and send it back.
func settled(events []ticket.Event) bool {
	return len(events) > 0 && !ticket.Fold(events).State.Open()
}

// Stands gives a decision as its events up to a moment say. digest.ErrLater when it was not made then.
func Stands(r Resolved, events []ticket.Event, at time.Time, rules digest.Rules) (digest.Decision, error) {
	c, err := digest.CaseOf(events, at, rules)
	if err != nil {
		return digest.Decision{}, err
	}
	d := digest.Decision{
		Matter:  digest.Matter{Number: c.Number, Section: c.Section, State: c.State, Timing: c.Timing, Days: c.Days},
		Meeting: r.Month, AnswerBy: c.AnswerBy, Answer: personal.Mask(answerOf(before(events, at))), // supervisors read it, and it is printed
	}
	if w := events[0].Words; w != nil {
		d.Text = w.Text
	}
	return d, nil
}

// answerOf gives the words of the answer that stands, "" when there is none: a draft is the office's to read first, and
// what was sent back is none.
func answerOf(events []ticket.Event) string {
	answer, draft := "", ""
	for _, e := range events {
		switch {
		case e.What == ticket.AnswerGiven && e.Data.Draft:
			draft = wordsOf(e)
		case e.What == ticket.AnswerGiven, e.What == ticket.DeclinedBy, e.What == ticket.ReferredTo:
			answer = wordsOf(e)
		case e.What == ticket.Approved:
			answer = draft // what the office writes to it is a note of its own
		case e.What == ticket.Reopened:
			answer = ""
		}
	}
	return answer
}

func wordsOf(e ticket.Event) string {
	if e.Words == nil {
		return ""
	}
	return e.Words.Text
}

// Listed is a decision of a meeting as it stands.
type Listed struct {
	Resolved
	digest.Decision
	Again bool // it was sent back at least once
}

// List reads the decisions of one meeting as they stand at now.
func (o *Office) List(ctx context.Context, month digest.Month, now time.Time) ([]Listed, error) {
	all, err := o.Decisions.DecisionsOf(ctx, month)
	if err != nil {
		return nil, err
	}
	return o.standing(ctx, all, now)
}

// Open reads those decisions of earlier meetings that a digest told of, as they stand at now.
func (o *Office) Open(ctx context.Context, told []digest.Decision, now time.Time) ([]Listed, error) {
	all := make([]Resolved, len(told))
	for i, d := range told {
		all[i] = Resolved{Month: d.Meeting, Ticket: d.Number}
	}
	return o.standing(ctx, all, now)
}

func (o *Office) standing(ctx context.Context, all []Resolved, now time.Time) ([]Listed, error) {
	rules, _, err := o.Offices.Current(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(all))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(width)
	for i, r := range all {
		g.Go(func() error {
			s, err := o.Decisions.Ticket(ctx, r.Ticket)
			if err != nil {
				return err
			}
			out[i], err = listed(r, s, now, rules)
			return err
		})
	}
	return out, g.Wait()
}

func listed(r Resolved, s visitor.Stored, now time.Time, rules digest.Rules) (Listed, error) {
	events, err := s.Events()
	if err != nil {
		return Listed{}, err
	}
	d, err := Stands(r, events, now.Add(time.Millisecond), rules) // what was done at this moment has been done
	return Listed{Resolved: r, Decision: d, Again: s.Head.Round > 1}, err
}
