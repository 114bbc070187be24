// Package queue carries stored events to the sections' queues and takes them out again: the
// message, the sending, and the loop of a batch consumer.
package queue

import (
	"bytes"
	"encoding/json"
	"fmt"
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
}

// NewMessage tells of e. Of a 举报 it says that there is one, and nothing of what or where.
func NewMessage(e ticket.Event) Message {
	m := Message{
		V: MessageVersion, Event: e.ID(), Ticket: e.Ticket, Seq: e.Seq, What: e.What, Kind: e.After.Kind,
		Category: e.After.Category, Spot: e.After.Spot, Urgent: e.After.Urgent, Section: e.After.Section,
		State: e.After.State, At: e.At,
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
	d := json.NewDecoder(bytes.NewBufferString(body))
	if err := d.Decode(&m); err != nil {
		return m, fmt.Errorf("decode section message: %w", err)
	}
	switch {
	case m.V != MessageVersion:
		return m, fmt.Errorf("decode section message: version %d, want %d", m.V, MessageVersion)
	case m.Event == "" || m.Ticket == "" || m.Section == "":
		return m, fmt.Errorf("decode section message: event, ticket and section are required")
	}
	return m, nil
}
