package main

import (
	"maps"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/outcome"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
)

// burst is one batch of a section's queue: what is news of it, and which messages must come again.
type burst struct {
	section  string
	sent     time.Time                // when the queue got the latest of it: the desk's time
	messages map[string]queue.Message // by event
	about    map[string]queue.Message // by message id: what can be read, news or not
	origin   map[string][]events.SQSMessage
	canaries []dynamo.Delivery        // of the desk's own trials: they got here, and nobody is told
	failed   map[string]error         // by message id
	pause    map[string]time.Duration // by message id, when a bot said how long
	counts   outcome.Counts
}

// papers is what of the office's burst the supervisors are told too. What fails of it is noted in b.
func (b *burst) papers() *burst {
	out := *b
	out.section, out.messages = office.Supervisors, map[string]queue.Message{}
	for id, m := range b.messages {
		if m.What == queue.PapersMade {
			out.messages[id] = m
		}
	}
	return &out
}

func (b *burst) deliveries() []dynamo.Delivery {
	out := make([]dynamo.Delivery, 0, len(b.messages))
	for id, m := range b.messages {
		out = append(out, dynamo.Delivery{Event: id, At: m.At, Holder: b.origin[id][0].MessageId})
	}
	return out
}

func (b *burst) fail(all []dynamo.Delivery, err error, pause time.Duration) {
	for _, d := range all {
		for _, r := range b.origin[d.Event] {
			b.failed[r.MessageId] = err
			b.pause[r.MessageId] = max(b.pause[r.MessageId], pause)
		}
	}
}

// failAll fails all news of a burst, for one channel or before there is any.
func (b *burst) failAll(err error) {
	b.counts[outcome.NotTold] += float64(len(b.messages))
	b.fail(b.deliveries(), err, 0)
}

// readable is what can be said of a message in the log: of one that is none, the ticket's number at the most.
func readable(m queue.Message, err error) queue.Message {
	if err == nil {
		return m
	}
	number, bad := ticket.ParseNumber(m.Ticket)
	if bad != nil || number != m.Ticket {
		return queue.Message{}
	}
	return queue.Message{Ticket: number}
}

// tickets names the tickets of deliveries.
func (b *burst) tickets(all []dynamo.Delivery) []string {
	of := map[string]queue.Message{}
	for _, d := range all {
		of[d.Event] = b.messages[d.Event]
	}
	return ticketsOf(of)
}

// ticketsOf names the tickets of messages; of papers, the month.
func ticketsOf(all map[string]queue.Message) []string {
	var numbers []string
	for m := range maps.Values(all) {
		if m.Ticket != "" {
			numbers = append(numbers, m.Ticket)
		}
	}
	return queue.Tickets(numbers)
}
