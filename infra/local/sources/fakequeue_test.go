package sources_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"steledesk/infra/local/lambda"
)

const visibility = 30 * time.Second

// queue is a queue in memory with a visibility timeout, on the clock of a synctest bubble.
type queue struct {
	mu           sync.Mutex
	messages     []*queued
	arrived      chan struct{} // closed and made anew with each message
	failSends    int
	failReceives int
	failDeletes  int
	receives     int
}

type queued struct {
	id, body string
	handle   int // of the last receive
	hidden   time.Time
	count    int
}

func newQueue() *queue { return &queue{arrived: make(chan struct{})} }

func (q *queue) send(id, body string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.messages = append(q.messages, &queued{id: id, body: body})
	close(q.arrived)
	q.arrived = make(chan struct{})
}

func (q *queue) bodies() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	var all []string
	for _, m := range q.messages {
		all = append(all, m.body)
	}
	return all
}

func (q *queue) GetQueueUrl(_ context.Context, in *sqs.GetQueueUrlInput, _ ...func(*sqs.Options)) (*sqs.GetQueueUrlOutput, error) {
	return &sqs.GetQueueUrlOutput{QueueUrl: aws.String("http://127.0.0.1/" + *in.QueueName)}, nil
}

func (q *queue) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	if *in.QueueUrl != "http://127.0.0.1/stream-failures" {
		return nil, fmt.Errorf("no queue %s", *in.QueueUrl)
	}
	if q.failSends > 0 {
		q.failSends--
		return nil, errors.New("try again")
	}
	q.send("sent", *in.MessageBody)
	return &sqs.SendMessageOutput{}, nil
}

func (q *queue) ReceiveMessage(ctx context.Context, in *sqs.ReceiveMessageInput, _ ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error) {
	deadline := time.Now().Add(time.Duration(in.WaitTimeSeconds) * time.Second)
	for {
		q.mu.Lock()
		q.receives++
		if q.failReceives > 0 {
			q.failReceives--
			q.mu.Unlock()
			return nil, errors.New("try again")
		}
		found, wake := q.take(int(in.MaxNumberOfMessages)), q.arrived
		q.mu.Unlock()
		if left := time.Until(deadline); len(found) > 0 || left <= 0 {
			return &sqs.ReceiveMessageOutput{Messages: found}, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-wake:
		case <-time.After(time.Second): // something may have become visible again
		}
	}
}

func (q *queue) take(most int) []types.Message {
	var found []types.Message
	for _, m := range q.messages {
		if len(found) == most || time.Now().Before(m.hidden) {
			continue
		}
		m.hidden = time.Now().Add(visibility)
		m.handle++
		m.count++
		found = append(found, types.Message{
			MessageId: &m.id, Body: &m.body, MD5OfBody: aws.String("md5"),
			ReceiptHandle: aws.String(m.id + "/" + strconv.Itoa(m.handle)),
			Attributes: map[string]string{
				"ApproximateReceiveCount": strconv.Itoa(m.count), "SentTimestamp": "1782864000000", "SenderId": "local",
				"ApproximateFirstReceiveTimestamp": "1782864000001",
			},
		})
	}
	return found
}

func (q *queue) find(handle string) int {
	for i, m := range q.messages {
		if m.id+"/"+strconv.Itoa(m.handle) == handle {
			return i
		}
	}
	return -1
}

func (q *queue) DeleteMessageBatch(_ context.Context, in *sqs.DeleteMessageBatchInput, _ ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.failDeletes > 0 {
		q.failDeletes--
		return nil, errors.New("try again")
	}
	if len(in.Entries) == 0 || len(in.Entries) > 10 {
		return nil, fmt.Errorf("%d entries", len(in.Entries))
	}
	out := &sqs.DeleteMessageBatchOutput{}
	for _, entry := range in.Entries {
		if i := q.find(*entry.ReceiptHandle); i >= 0 {
			q.messages = append(q.messages[:i:i], q.messages[i+1:]...)
		} else {
			out.Failed = append(out.Failed, types.BatchResultErrorEntry{Id: entry.Id, Message: aws.String("stale receipt handle")})
		}
	}
	return out, nil
}

func (q *queue) ChangeMessageVisibilityBatch(_ context.Context, in *sqs.ChangeMessageVisibilityBatchInput, _ ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, entry := range in.Entries {
		if i := q.find(*entry.ReceiptHandle); i >= 0 {
			q.messages[i].hidden = time.Now().Add(time.Duration(entry.VisibilityTimeout) * time.Second)
		}
	}
	return &sqs.ChangeMessageVisibilityBatchOutput{}, nil
}

// closedHost runs no functions any more.
type closedHost struct {
	mu    sync.Mutex
	calls int
}

func (c *closedHost) Invoke(context.Context, string, []byte) (lambda.Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	return lambda.Result{}, fmt.Errorf("invoke: %w", lambda.ErrClosed)
}
