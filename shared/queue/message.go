// Package queue carries stored events to the sections' queues and takes them out again: the
// message, the sending, and the loop of a batch consumer.
package queue

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"steledesk/shared/ticket"
)

// MessageVersion is the version of Message. A field may be added within a version; a field is
// never renamed, removed or given another meaning without a new one.
const MessageVersion = 1

// Message is one event of a ticket, as a section's queue carries it
// (events/section-message.v1.schema.json). It holds no personal data and nothing anybody wrote.
type Message struct {
	V        int          `json:"v"`
	Event    string       `json:"event"`
	Ticket   string       `json:"ticket"`
	Seq      int          `json:"seq"`
	What     ticket.What  `json:"what"`
	Kind     ticket.Kind  `json:"kind"`
	Category string       `json:"category,omitempty"`
	Spot     string       `json:"spot,omitempty"`
	Urgent   bool         `json:"urgent"`
	Section  string       `json:"section"`
	State    ticket.State `json:"state"`
	DueAt    *time.Time   `json:"dueAt"` // null: the ticket has no deadline yet
	At       time.Time    `json:"at"`
	Canary   bool         `json:"canary,omitempty"` // the desk tries itself: there is nothing to do
}

// NewMessage tells of e. Of a 举报 it says that there is one, and nothing of what or where.
func NewMessage(e ticket.Event) Message {
	m := Message{
		V: MessageVersion, Event: e.ID(), Ticket: e.Ticket, Seq: e.Seq, What: e.What, Kind: e.After.Kind,
		Category: e.After.Category, Spot: e.After.Spot, Urgent: e.After.Urgent, Section: e.After.Section,
		State: e.After.State, At: e.At, Canary: e.After.Canary,
	}
	if !e.After.AnswerBy.IsZero() {
		m.DueAt = &e.After.AnswerBy
	}
	if m.Kind.Confidential() {
		m.Category, m.Spot = "", ""
	}
	return m
}

// ParseMessage reads a message's body. What is no message of a version this program knows is an
// error that says why.
func ParseMessage(body string) (Message, error) {
	var m Message
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return m, fmt.Errorf("decode section message: %w", err)
	}
	if err := m.check(); err != nil {
		return m, fmt.Errorf("decode section message: %w", err)
	}
	return m, nil
}

// check says what of a message nobody could act on, so that it fails alone and not the burst it
// came in.
func (m Message) check() error {
	number, err := ticket.ParseNumber(m.Ticket)
	switch {
	case m.V != MessageVersion:
		return fmt.Errorf("version %d, want %d", m.V, MessageVersion)
	case err != nil || number != m.Ticket:
		return fmt.Errorf("ticket %q is no number", m.Ticket)
	case m.Event != ticket.Event{Ticket: m.Ticket, Seq: m.Seq}.ID():
		return fmt.Errorf("event %q is not number %d of ticket %s", m.Event, m.Seq, m.Ticket)
	case !m.Kind.Known():
		return fmt.Errorf("kind %q of %s is not known", m.Kind, m.Event)
	case !slices.Contains(ticket.States(), m.State):
		return fmt.Errorf("state %q of %s is not known", m.State, m.Event)
	case m.Section == "" || m.At.IsZero():
		return fmt.Errorf("section and at of %s are required", m.Event)
	}
	return nil
}
