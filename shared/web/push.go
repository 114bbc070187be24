package web

import "steledesk/shared/ticket"

// Push is where a page offers to have the phone told of a ticket's news.
type Push struct {
	Frame
	Key    string // the desk's public key; empty: nothing is offered
	Number string
}

func (p Push) scripts() []string {
	if p.Key == "" {
		return nil
	}
	return []string{"push.js"}
}

// Push is the receipt's.
func (p ReceiptPage) Push() Push { return Push{p.Frame, p.PushKey, p.Receipt.Number} }

// Push is the ticket's, while there is news to come.
func (p TicketPage) Push() Push {
	key := p.PushKey
	if !p.View.Head.State.Open() && !p.Can(ticket.Reopen) {
		key = ""
	}
	return Push{p.Frame, key, p.View.Head.Number}
}

// Scripts are the modules that say what a form lacks, send photos and have a phone told of news.
func (p TicketPage) Scripts() []string {
	scripts := []string{"asks.js"}
	if p.Speaks() {
		scripts = append(scripts, "said.js")
	}
	return append(scripts, p.Push().scripts()...)
}

// Speaks reports whether the visitor can write to the section, with photos.
func (p TicketPage) Speaks() bool { return p.Can(ticket.Message) || p.Can(ticket.Supply) }
