package demo

import (
	"time"

	"steledesk/shared/ticket"
)

// planVisitor plans what a ticket's visitor does next, if anything.
func (g *group) planVisitor(l *life, at time.Time) {
	l.visitor = act{}
	w := g.desk.words
	switch l.head.State {
	case ticket.Waiting:
		if g.r.IntN(4) > 0 {
			g.visit(l, g.later(at, 80), ticket.Supply, g.say(w.Supplies, l, at))
		}
	case ticket.Answered:
		g.planRating(l, at)
	case ticket.Closed, ticket.Declined:
		if l.head.Kind != ticket.Praise && g.chance(l, ticket.Reopen, 0.015) {
			g.visit(l, g.later(at, 200), ticket.Reopen, g.say(w.Reopens, l, at))
		}
	case ticket.Assigned, ticket.Handling:
		switch {
		case l.head.Kind == ticket.Resolution:
		case g.chance(l, ticket.Withdraw, 0.012):
			g.visit(l, g.later(at, 60), ticket.Withdraw, g.say(w.Withdrawals, l, at))
		case g.chance(l, ticket.Message, 0.05):
			g.visit(l, g.later(at, 70), ticket.Message, g.say(w.Messages, l, at))
		case !l.head.Anonymous && g.chance(l, ticket.DeleteContact, 0.004):
			g.visit(l, g.later(at, 50), ticket.DeleteContact, "")
		}
	}
}

// planRating plans how an answer is received: many say nothing, and some are not content.
func (g *group) planRating(l *life, at time.Time) {
	good := g.habits(l).good
	if l.head.Outcome == ticket.OutcomeSolved || l.head.Outcome == ticket.Adopted || l.head.Outcome == ticket.Thanked {
		good = 0.5 + good/2
	} else {
		good *= 0.75
	}
	content := g.r.Float64() < good
	switch {
	case l.head.Kind == ticket.Resolution:
	case !content && l.head.Kind != ticket.Praise && g.chance(l, ticket.Reopen, 0.16):
		g.visit(l, g.later(at, 90), ticket.Reopen, g.say(g.desk.words.Reopens, l, at))
	case g.chance(l, ticket.Rate, 0.35):
		words := g.desk.words.Discontented
		if content {
			words = g.desk.words.Contented
		}
		g.visit(l, g.later(at, 120), ticket.Rate, g.say(words, l, at))
		l.visitor.cmd.Solved, l.visitor.cmd.Level = g.opinion(content)
	}
}

func (g *group) opinion(content bool) (ticket.Solved, int) {
	switch {
	case content && g.r.IntN(5) > 0:
		return ticket.SolvedYes, 4 + g.r.IntN(2)
	case content:
		return ticket.SolvedPartly, 3 + g.r.IntN(2)
	case g.r.IntN(3) == 0:
		return ticket.SolvedPartly, 2 + g.r.IntN(2)
	}
	return ticket.SolvedNo, 1 + g.r.IntN(2)
}

func (g *group) visit(l *life, at time.Time, n ticket.Name, text string) {
	l.did[n] = true
	l.visitor = act{at, ticket.Command{Name: n, By: ticket.Actor{Role: ticket.Visitor}, Text: text}}
}

// later is within some hours, at a time people are awake.
func (g *group) later(at time.Time, hours int) time.Time {
	share := g.r.Float64()
	t := at.Add(10*time.Minute + time.Duration(share*share*float64(hours)*float64(time.Hour)))
	if t.Hour() < 7 {
		t = t.Add(time.Duration(7+g.r.IntN(3)) * time.Hour)
	}
	return t
}
