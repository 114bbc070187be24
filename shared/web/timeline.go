package web

import (
	"errors"
	"slices"
	"time"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/workday"
)

// CommandForm is a form of a ticket's page, with what identifies the ticket.
type CommandForm struct {
	Page TicketPage
	Form Form
}

// Command gives the form of a command: as it came back, or empty.
func (p TicketPage) Command(name string) CommandForm {
	form := Form{Language: p.Language, Name: name}
	if p.Form.Name == name {
		form = p.Form
	}
	return CommandForm{Page: p, Form: form}
}

// Required reports whether the command's text must be there; a photo may stand for it.
func (c CommandForm) Required() bool { return !c.Optional() && !c.TakesPhotos() }

// Optional reports whether the command's text may be left out.
func (c CommandForm) Optional() bool { return c.Form.Name == "rating" || c.Form.Name == "withdraw" }

// Can reports whether the visitor can give a command now.
func (p TicketPage) Can(name ticket.Name) bool {
	h := p.View.Head
	switch {
	case !slices.Contains(p.View.Commands, name):
		return false
	case name == ticket.Rate:
		return h.Satisfaction == 0
	case name == ticket.Reopen:
		by, err := p.Office.ReopenBy(h.Kind, h.AnsweredAt)
		return h.Round <= ticket.MaxReopenings && (errors.Is(err, workday.ErrNoData) || !by.Before(p.Now))
	}
	return true
}

// Ended reports whether the visitor has had an answer, whatever it was.
func (p TicketPage) Ended() bool {
	return p.View.Head.State == ticket.Answered || p.View.Head.State == ticket.Closed || p.View.Head.State == ticket.Declined
}

// ReopenBy is until when the visitor may ask for the matter to be handled again. The zero time
// means that this cannot be said, or that the office does not let them.
func (p TicketPage) ReopenBy() time.Time {
	by, err := p.Office.ReopenBy(p.View.Head.Kind, p.View.Head.AnsweredAt)
	if err != nil { // the calendar does not reach
		return time.Time{}
	}
	return by
}

// Late reports whether the office owes the answer since its date.
func (p TicketPage) Late() bool {
	h := p.View.Head
	return h.State.Open() && h.State != ticket.Waiting && !h.Due.AnswerBy.IsZero() && p.Now.After(h.Due.AnswerBy)
}

// Question is what the section asks while the ticket waits for its visitor; nil otherwise.
func (p TicketPage) Question() *ticket.Event {
	if p.View.Head.State != ticket.Waiting {
		return nil
	}
	return p.last(ticket.Asked)
}

// Answer is the answer, or the reason that there is none; nil while the matter is open.
func (p TicketPage) Answer() *ticket.Event {
	if p.View.Head.State.Open() {
		return nil
	}
	return p.last(ticket.AnswerGiven, ticket.Approved, ticket.DeclinedBy, ticket.ReferredTo)
}

func (p TicketPage) last(what ...ticket.What) *ticket.Event {
	for i := len(p.View.Events) - 1; i >= 0; i-- {
		if e := &p.View.Events[i]; slices.Contains(what, e.What) && e.Words != nil {
			return e
		}
	}
	return nil
}

// Says tells an event.
func (p TicketPage) Says(e ticket.Event) string { return visitor.Says(e, p.Office, p.Language) }

// ByVisitor reports whether the visitor wrote an event.
func (p TicketPage) ByVisitor(e ticket.Event) bool { return e.By.Role == ticket.Visitor }

// NewDue is the date an event moved the answer to; empty when it moved none.
func (p TicketPage) NewDue(e ticket.Event) string {
	moves := e.What == ticket.Dated || e.What == ticket.Extended || e.What == ticket.Supplied || e.What == ticket.Reopened
	if !moves || e.Data.Due == nil || e.Data.Due.AnswerBy.IsZero() {
		return ""
	}
	return p.Until(e.Data.Due.AnswerBy)
}

// Section is the name of the section that has the matter.
func (p TicketPage) Section() string { return p.Office.SectionName(p.View.Head.Section, p.Language) }

// Category is the name of what it is about, or empty.
func (p TicketPage) Category() string {
	if p.View.Head.Category == "" {
		return ""
	}
	return p.Office.CategoryName(p.View.Head.Category, p.Language)
}

// Spot is the name of where it is, or empty.
func (p TicketPage) Spot() string {
	if p.View.Head.Spot == "" {
		return ""
	}
	return p.Office.SpotName(p.View.Head.Spot, p.Language)
}

// Levels lists how satisfied a visitor can be, the best first.
func (p TicketPage) Levels() []string { return []string{"5", "4", "3", "2", "1"} }

// Solutions lists the answers to whether it was solved.
func (p TicketPage) Solutions() []ticket.Solved {
	return []ticket.Solved{ticket.SolvedYes, ticket.SolvedPartly, ticket.SolvedNo}
}
