package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"steledesk/shared/queue"
	"steledesk/shared/ticket"
)

// hold is for how many seconds a message is hidden while it is dealt with: after a kill it takes so
// long until the next run sees it.
const hold = 120

// take is the most messages SQS hands out at once.
const take = 10

// drain deals with each message of a queue once, and deletes those that were sent. What is not deleted is
// visible again when drain ends.
func (r *replay) drain(ctx context.Context, url, kind string, do handle) error {
	held := map[string]string{} // receipt handles of messages that are hidden, by message id
	defer r.release(ctx, url, held)
	seen := map[string]bool{}
	for r.max == 0 || r.taken < r.max {
		messages, err := r.receive(ctx, url)
		if err != nil {
			return err
		}
		for _, m := range messages {
			held[aws.ToString(m.MessageId)] = aws.ToString(m.ReceiptHandle)
		}
		messages = slices.DeleteFunc(messages, func(m types.Message) bool {
			return seen[aws.ToString(m.MessageId)] // left in place so long ago that it came again
		})
		if len(messages) == 0 {
			return nil
		}
		for _, m := range messages {
			id := aws.ToString(m.MessageId)
			seen[id] = true
			gone, err := r.settle(ctx, url, kind, m, do)
			if err != nil {
				return err
			}
			if gone {
				delete(held, id)
			}
		}
	}
	return nil
}

// settle deals with one message, and deletes it after what it stands for was sent.
func (r *replay) settle(ctx context.Context, url, kind string, m types.Message, do handle) (gone bool, err error) {
	sent, err := r.one(ctx, kind, m, do)
	if err != nil || !sent {
		return false, err
	}
	_, err = r.stack.queues.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle})
	if err != nil {
		return false, fmt.Errorf("delete message %s, which was sent (the next run sends it again, which is harmless): %w", aws.ToString(m.MessageId), err)
	}
	return true, nil
}

func (r *replay) receive(ctx context.Context, url string) ([]types.Message, error) {
	most := take
	if r.max > 0 {
		most = min(take, r.max-r.taken)
	}
	out, err := r.stack.queues.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: int32(most), VisibilityTimeout: hold,
		WaitTimeSeconds:             int32(r.env.patience / time.Second),
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		MessageAttributeNames:       []string{"All"},
	})
	if err != nil {
		return nil, fmt.Errorf("receive messages: %w", err)
	}
	return out.Messages, nil
}

// release makes messages visible again, also when the run was stopped. A failure matters little: they
// come back by themselves after hold.
func (r *replay) release(ctx context.Context, url string, held map[string]string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	var entries []types.ChangeMessageVisibilityBatchRequestEntry
	for _, receipt := range held {
		entries = append(entries, types.ChangeMessageVisibilityBatchRequestEntry{
			Id: aws.String(strconv.Itoa(len(entries))), ReceiptHandle: &receipt, VisibilityTimeout: 0,
		})
	}
	for start := 0; start < len(entries); start += take {
		_, err := r.stack.queues.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{
			QueueUrl: &url, Entries: entries[start:min(start+take, len(entries))],
		})
		if err != nil {
			fmt.Fprintf(r.env.err, "messages left in place are hidden for up to %d seconds: %v\n", hold, err)
			return
		}
	}
}

// deadLetter sends a section's message back to the queue it came from.
func (r *replay) deadLetter(ctx context.Context, m types.Message) (string, error) {
	message, err := parseLetter(aws.ToString(m.Body))
	if err != nil {
		return "", stays("%v", err)
	}
	section, err := r.origin(m, message)
	if err != nil {
		return "", err
	}
	url, where, err := r.sectionQueue(ctx, section)
	if err != nil {
		return "", err
	}
	what := fmt.Sprintf("%s %s -> %s", message.Event, message.What, where)
	if r.dry {
		return what, nil
	}
	_, err = r.stack.queues.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl: &url, MessageBody: m.Body, MessageAttributes: m.MessageAttributes,
	})
	if err != nil {
		return "", fmt.Errorf("send to section queue: %w", err)
	}
	return what, nil
}

// parseLetter reads what a section's queue carries: of a message of papers, the event and that the office is told.
func parseLetter(body string) (queue.Message, error) {
	p, is, err := queue.ParsePapers(body)
	if is {
		return queue.Message{Event: p.Event, What: p.What, Section: ticket.OfficeSection}, err
	}
	return queue.ParseMessage(body)
}

// origin is the section whose queue a dead letter comes from: SQS tells it, or the operator, or else the
// section of the ticket it is about. A section's letter about a 举报 goes to discipline, whatever any of them says.
func (r *replay) origin(m types.Message, message queue.Message) (string, error) {
	source := m.Attributes[string(types.MessageSystemAttributeNameDeadLetterQueueSourceArn)]
	name := source[strings.LastIndexByte(source, ':')+1:]
	section, known := strings.CutPrefix(name, r.stack.sectionPrefix())
	switch {
	case source != "" && !known: // of phones' queue a 举报 is no letter of a section's either
		return "", stays("it comes from the queue %s, which is no section's of this stack", name)
	case message.Kind.Confidential():
		return ticket.DisciplineSection, nil
	case known:
		return section, nil
	case r.to != "":
		return r.to, nil
	}
	return message.Section, nil
}

// sectionQueue finds a section's queue, or the office's when the section has none any more.
func (r *replay) sectionQueue(ctx context.Context, section string) (url, where string, err error) {
	url, err = r.stack.queueURL(ctx, r.stack.queueOf(section))
	if !noQueue(err) {
		return url, section, err
	}
	if section == ticket.OfficeSection || section == ticket.DisciplineSection {
		return "", "", stays("the queue %s does not exist; deploy with this section in SectionIds", r.stack.queueOf(section))
	}
	url, err = r.stack.queueURL(ctx, r.stack.queueOf(ticket.OfficeSection))
	return url, fmt.Sprintf("%s (%s has no queue)", ticket.OfficeSection, section), err
}
