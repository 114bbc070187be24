package main

import (
	"steledesk/shared/outcome"
	"steledesk/shared/ticket"
)

// outcomes counts what the events that were carried come to. The desk's own trials are none.
func outcomes(carried []ticket.Event) outcome.Counts {
	c := outcome.Counts{}
	for _, e := range carried {
		if e.After.Canary {
			continue
		}
		for _, n := range outcomesOf(e) {
			c[n]++
		}
	}
	return c
}

func outcomesOf(e ticket.Event) []outcome.Name {
	switch e.What {
	case ticket.Filed:
		if e.After.State == ticket.Triage {
			return []outcome.Name{outcome.Filed}
		}
		return []outcome.Name{outcome.Filed, outcome.Routed}
	case ticket.AssignedTo, ticket.Transferred:
		return []outcome.Name{outcome.Routed}
	case ticket.Upheld:
		if e.After.State == ticket.Triage {
			return nil
		}
		return []outcome.Name{outcome.Routed}
	case ticket.AnswerGiven, ticket.Approved:
		return answered(e)
	case ticket.Reminded, ticket.Escalated:
		if late(e) {
			return []outcome.Name{outcome.Overdue}
		}
	}
	return nil
}

// answered judges an answer that its visitor got. One without a deadline is in time for nothing.
func answered(e ticket.Event) []outcome.Name {
	switch {
	case e.After.State != ticket.Answered || e.After.AnswerBy.IsZero():
		return nil
	case late(e):
		return []outcome.Name{outcome.AnsweredLate}
	}
	return []outcome.Name{outcome.AnsweredInTime}
}

func late(e ticket.Event) bool { return !e.After.AnswerBy.IsZero() && e.At.After(e.After.AnswerBy) }
