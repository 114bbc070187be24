package main

import (
	"steledesk/shared/channel"
	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
)

// audience says which of the sections whose queue carries an event want to hear of it in their
// chat group. What a section does itself is no news to it.
type audience int

const (
	responsible audience = iota // the section that has the ticket
	former                      // the section it was taken from, and the one that has it now
	deciding                    // the office (for a 举报, discipline), which must decide
	named                       // whoever a step of the clock is for: the event goes to no other queue
)

// news is what is told. What is not in it stays in the queue for a section's own consumer.
var news = map[ticket.What]audience{
	ticket.Filed: responsible, ticket.AssignedTo: responsible, ticket.Transferred: former, ticket.Upheld: former,
	ticket.Denied: responsible, ticket.Rejected: responsible, ticket.Supplied: responsible, ticket.Messaged: responsible,
	ticket.WithdrawnBy: responsible, ticket.Urged: responsible, ticket.Overseen: responsible, ticket.Rated: responsible,
	ticket.ContactChanged: responsible, ticket.Reopened: responsible, ticket.Reminded: named, ticket.Escalated: named,
	queue.PapersMade: responsible, ticket.ReturnAsked: deciding, ticket.AnswerGiven: deciding,
}

// tells reports whether a message is news to the section whose queue it came from.
func tells(m queue.Message, section string) bool {
	who, is := news[m.What]
	switch {
	case !is:
		return false
	case who == deciding && m.State != ticket.Returned && m.State != ticket.Review:
		return false
	case m.Kind.Confidential():
		return section == ticket.DisciplineSection
	case who == former, who == named:
		return true
	case who == deciding:
		return section == ticket.OfficeSection
	}
	return section == m.Section || section == ticket.OfficeSection // the office serves sections without a queue
}

// parse reads a message of either schema. News of papers goes by its month, as that of a ticket goes by its number.
func parse(body string) (queue.Message, error) {
	p, is, err := queue.ParsePapers(body)
	if !is {
		return queue.ParseMessage(body)
	}
	return queue.Message{V: p.V, Event: p.Event, Ticket: string(p.Month), Seq: p.Edition, What: p.What, Section: ticket.OfficeSection, At: p.At}, err
}

// item names what a message says, in a channel's language.
func item(m queue.Message, o *office.Office, language string) channel.Item {
	i := channel.Item{
		Event: m.Event, Ticket: m.Ticket, Seq: m.Seq, What: string(m.What), State: string(m.State),
		Kind: string(m.Kind), KindName: phrase.In(language, "kind."+string(m.Kind)),
		Category: m.Category, CategoryName: o.CategoryName(m.Category, language),
		Spot: m.Spot, SpotName: o.SpotName(m.Spot, language),
		Urgent: m.Urgent, At: m.At,
	}
	if m.What == queue.PapersMade {
		i.KindName = phrase.In(language, "papers.kind", m.Seq)
	}
	if m.DueAt != nil {
		i.Due = *m.DueAt
	}
	return i
}
