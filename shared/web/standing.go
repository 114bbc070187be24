package web

import (
	"time"

	"steledesk/shared/ticket"
)

// Standing says in whole sentences who has the matter, since when, and by when they answer.
func (p TicketPage) Standing() []string {
	h := p.View.Head
	switch {
	case h.State == ticket.Waiting:
		return []string{p.T("page.stands.waiting", p.Section()), p.T("page.answer.held")}
	case h.State == ticket.Triage, h.State == ticket.Returned:
		return []string{p.T("page.stands.triage"), p.due()}
	case h.State.Open():
		return []string{p.taken(), p.due()}
	case h.State == ticket.Withdrawn:
		return []string{p.T("page.stands.withdrawn")}
	}
	if e := p.Answer(); e != nil {
		return []string{p.T("page.stands.answered", p.Section(), p.Moment(e.At))}
	}
	return nil
}

// taken says whether the section that has the matter has signed for it.
func (p TicketPage) taken() string {
	for i := len(p.View.Events) - 1; i >= 0; i-- {
		switch e := p.View.Events[i]; e.What {
		case ticket.Signed:
			return p.T("page.stands.signed", p.Section(), p.Moment(e.At))
		case ticket.AssignedTo, ticket.Transferred, ticket.Reopened, ticket.Filed:
			return p.T("page.stands.assigned", p.Section())
		}
	}
	return p.T("page.stands.assigned", p.Section())
}

func (p TicketPage) due() string {
	by := p.View.Head.Due.AnswerBy
	if by.IsZero() {
		return p.T("page.answer.none")
	}
	return p.T("page.stands.due", p.Until(by))
}

// Lateness says by how much the answer is late and what can be done; empty while it is not.
func (p TicketPage) Lateness() string {
	if !p.Late() {
		return ""
	}
	const day = 24 * time.Hour
	switch days := int(p.Now.Sub(p.View.Head.Due.AnswerBy) / day); days {
	case 0:
		return p.T("page.late.hours")
	case 1:
		return p.T("page.late.day")
	default:
		return p.T("page.late.days", days)
	}
}

// Disappointed reports whether the visitor has just said that the answer did not do, and can have the matter handled again.
func (p TicketPage) Disappointed() bool {
	h := p.View.Head
	return p.Done == "rating" && h.Satisfaction > 0 && (h.Solved == ticket.SolvedNo || h.Satisfaction < 3) && p.Can(ticket.Reopen)
}
