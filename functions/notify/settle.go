package main

import (
	"context"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/outcome"
	"steledesk/shared/queue"
)

// settle puts failed messages back with a pause that grows, and names them to Lambda.
func (n *notifier) settle(ctx context.Context, b *burst, records []events.SQSMessage) events.SQSEventResponse {
	var again []string
	for _, r := range records {
		err, failed := b.failed[r.MessageId]
		if !failed {
			continue
		}
		again = append(again, r.MessageId)
		if queue.Received(r) >= queue.Tries {
			b.counts[outcome.GivenUp]++
		}
		n.delay(ctx, b, r, err)
	}
	outcome.Write(ctx, n.log, n.stack, n.now(), b.counts)
	return queue.Failures(again)
}

// delay puts one message back, and says why.
func (n *notifier) delay(ctx context.Context, b *burst, r events.SQSMessage, why error) {
	wait := queue.Backoff(queue.Received(r))
	if wait > 0 { // what a bot wishes is nothing to a dead letter
		wait = max(wait, b.pause[r.MessageId])
	}
	log := n.log.With("section", b.section, "messageId", r.MessageId)
	if m := b.about[r.MessageId]; m.Ticket != "" {
		log = log.With("ticket", m.Ticket, "seq", m.Seq)
	}
	log.WarnContext(ctx, "message comes again", "received", queue.Received(r), "wait", wait.String(), "error", why.Error())
	if err := n.delayer.Delay(ctx, r, wait); err != nil {
		log.ErrorContext(ctx, "message not delayed", "error", err.Error())
	}
}
