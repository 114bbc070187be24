package sources

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"steledesk/infra/local/sources/pattern"
)

const (
	receiveMost = 10 // messages of one ReceiveMessage or one batch call
	longPoll    = 20 // seconds
)

// A QueueClient takes from a queue; *sqs.Client is one.
type QueueClient interface {
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessageBatch(context.Context, *sqs.DeleteMessageBatchInput, ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error)
	ChangeMessageVisibilityBatch(context.Context, *sqs.ChangeMessageVisibilityBatchInput, ...func(*sqs.Options)) (*sqs.ChangeMessageVisibilityBatchOutput, error)
}

// A QueueMapping is an AWS::Lambda::EventSourceMapping of a queue.
type QueueMapping struct {
	Function        string
	QueueURL        string
	QueueARN        string
	BatchSize       int           // 10
	Window          time.Duration // how long to gather messages; over ten per batch it must be set
	PartialFailures bool          // ReportBatchItemFailures
	MaxConcurrency  int           // invocations at once; 5
	Filters         []string      // patterns; a message must match one, if there are any, or is deleted
}

// A Queue carries a queue's messages to a function. What the function has dealt with is deleted; all else comes
// back when the queue's visibility timeout has passed.
type Queue struct {
	Setup
	mapping QueueMapping
	client  QueueClient
	filters pattern.Any
	gauge   gauge[QueueStatus]
}

// QueueStatus are a queue mapping's counters since it started.
type QueueStatus struct {
	Function string   `json:"function"`
	QueueARN string   `json:"queueArn"`
	Received int64    `json:"received"`
	Filtered int64    `json:"filtered"` // not for this function, and deleted
	Batches  int64    `json:"batches"`  // invocations
	Deleted  int64    `json:"deleted"`  // dealt with
	Failed   int64    `json:"failed"`   // left to come back
	Busy     int      `json:"busy"`     // invocations now
	Held     int      `json:"held"`     // messages that were received and are not dealt with, also while a window is open
	Last     *Failure `json:"last,omitempty"`
}

// NewQueue checks the mapping.
func NewQueue(setup Setup, mapping QueueMapping, client QueueClient) (*Queue, error) {
	q := &Queue{Setup: setup.withDefaults(), mapping: mapping, client: client}
	setDefault(&q.mapping.BatchSize, receiveMost)
	setDefault(&q.mapping.MaxConcurrency, 5)
	q.gauge.status = QueueStatus{Function: mapping.Function, QueueARN: mapping.QueueARN}
	if err := q.check(); err != nil {
		return nil, fmt.Errorf("map queue to %s: %w", mapping.Function, err)
	}
	return q, nil
}

func (q *Queue) check() error {
	m := q.mapping
	var problems []error
	if m.BatchSize < 1 || m.BatchSize > 10000 {
		problems = append(problems, fmt.Errorf("BatchSize %d, want 1 to 10000", m.BatchSize))
	}
	if m.BatchSize > receiveMost && m.Window < time.Second {
		problems = append(problems, fmt.Errorf("BatchSize %d needs a MaximumBatchingWindowInSeconds of 1 at least", m.BatchSize))
	}
	if m.Window < 0 || m.Window > 5*time.Minute {
		problems = append(problems, fmt.Errorf("MaximumBatchingWindowInSeconds %s, want 0 to 300 s", m.Window))
	}
	if m.MaxConcurrency < 1 || m.MaxConcurrency > 1000 {
		problems = append(problems, fmt.Errorf("MaximumConcurrency %d, want 1 to 1000", m.MaxConcurrency))
	}
	if strings.HasSuffix(m.QueueARN, ".fifo") {
		problems = append(problems, errors.New("FIFO queues are not understood here"))
	}
	filters, err := compileFilters(m.Filters)
	if err != nil {
		problems = append(problems, err)
	}
	q.filters = filters
	return errors.Join(problems...)
}

// Status returns the counters.
func (q *Queue) Status() QueueStatus { return q.gauge.read() }

// Run carries messages until ctx ends. It returns nil then, after the invocations in flight have ended or their
// grace has passed; messages that were received and not yet invoked with are given back to the queue.
func (q *Queue) Run(ctx context.Context) error {
	inner, cancel := graceful(ctx, q.Grace)
	defer cancel()
	var working sync.WaitGroup
	defer working.Wait()
	slots := make(chan struct{}, q.mapping.MaxConcurrency)
	for {
		// A slot comes first: what is received while nobody can work on it only uses up its visibility.
		select {
		case slots <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		batch := q.gather(ctx, inner)
		if ctx.Err() != nil {
			q.giveBack(inner, batch)
			return nil
		}
		working.Go(func() {
			defer func() { <-slots }()
			q.handle(inner, batch)
		})
	}
}

// gather waits for messages, and then for more until the batch is full or its window has passed.
func (q *Queue) gather(ctx, inner context.Context) []types.Message {
	var batch []types.Message
	var window time.Time
	size := 0
	for ctx.Err() == nil {
		pause := longPoll * time.Second
		if len(batch) > 0 {
			pause = time.Until(window)
			if pause <= 0 || len(batch) >= q.mapping.BatchSize || size >= payloadLimit {
				break
			}
		}
		messages := q.receive(ctx, inner, min(receiveMost, q.mapping.BatchSize-len(batch)), pause)
		if len(batch) == 0 {
			window = time.Now().Add(q.mapping.Window)
		}
		for _, m := range messages {
			size += len(*m.Body)
		}
		batch = append(batch, messages...)
	}
	return batch
}

// receive polls for messages, at most for pause, and returns those that are for the function. Of a pause under
// a second, which ReceiveMessage cannot express, the poll comes at the end. After a failure it pauses too.
func (q *Queue) receive(ctx, inner context.Context, most int, pause time.Duration) []types.Message {
	seconds := min(int32(pause/time.Second), longPoll)
	if seconds == 0 && !wait(ctx, pause) {
		return nil
	}
	output, err := q.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl:                    &q.mapping.QueueURL,
		MaxNumberOfMessages:         int32(most),
		WaitTimeSeconds:             seconds,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
		MessageAttributeNames:       []string{"All"},
	})
	if err != nil {
		q.failed(ctx, fmt.Errorf("receive from %s: %w", q.mapping.QueueURL, err))
		wait(ctx, time.Second)
		return nil
	}
	q.gauge.update(func(status *QueueStatus) {
		status.Received += int64(len(output.Messages))
		status.Held += len(output.Messages)
	})
	return q.filter(inner, output.Messages)
}

// filter deletes the messages that are not for the function, as Lambda does.
func (q *Queue) filter(inner context.Context, messages []types.Message) []types.Message {
	if len(q.filters) == 0 {
		return messages
	}
	var wanted, others []types.Message
	for _, m := range messages {
		if q.filters.Match(q.filterDocument(m)) {
			wanted = append(wanted, m)
		} else {
			others = append(others, m)
		}
	}
	q.gauge.update(func(status *QueueStatus) { status.Filtered += int64(len(others)); status.Held -= len(others) })
	q.delete(inner, others)
	return wanted
}

// handle invokes the function with the messages, in as many batches as Lambda's payload limit makes necessary.
func (q *Queue) handle(inner context.Context, messages []types.Message) {
	for len(messages) > 0 {
		records, n := q.fitting(messages)
		q.invoke(inner, messages[:n], records)
		messages = messages[n:]
	}
}

// fitting encodes as many of the messages as one payload holds, at least one.
func (q *Queue) fitting(messages []types.Message) (records [][]byte, n int) {
	size := 0
	for _, m := range messages {
		record := q.encode(m)
		size += len(record) + 1
		if size > payloadLimit && n > 0 {
			break
		}
		records = append(records, record)
		n++
	}
	return records, n
}

// invoke runs the function once and deletes what it dealt with.
func (q *Queue) invoke(inner context.Context, batch []types.Message, records [][]byte) {
	q.gauge.update(func(status *QueueStatus) { status.Batches++; status.Busy++ })
	failed, err := q.try(inner, batch, records)
	q.gauge.update(func(status *QueueStatus) { status.Busy--; status.Failed += int64(len(failed)) })
	if err != nil {
		q.failed(inner, err)
	}
	done := slices.DeleteFunc(slices.Clone(batch), func(m types.Message) bool { return failed[*m.MessageId] })
	deleted := q.delete(inner, done)
	q.gauge.update(func(status *QueueStatus) {
		status.Held -= len(batch)
		if deleted {
			status.Deleted += int64(len(done))
		}
	})
}

// try returns the ids of the messages that failed, and why.
func (q *Queue) try(inner context.Context, batch []types.Message, records [][]byte) (map[string]bool, error) {
	all := make(map[string]bool, len(batch))
	for _, m := range batch {
		all[*m.MessageId] = true
	}
	result, err := q.Invoker.Invoke(inner, q.mapping.Function, envelope(records))
	switch {
	case err != nil:
		return all, fmt.Errorf("deliver %d messages: %w", len(batch), err)
	case result.Error != nil:
		return all, fmt.Errorf("deliver %d messages: %w", len(batch), result.Error)
	case !q.mapping.PartialFailures:
		return nil, nil
	}
	ids, ok := failedItems(result.Payload)
	if !ok {
		return all, fmt.Errorf("deliver messages: the answer %.200q names no messages, so the whole batch counts as failed", result.Payload)
	}
	failed := make(map[string]bool, len(ids))
	for _, id := range ids {
		if !all[id] {
			return all, fmt.Errorf("deliver messages: the answer names %.100q, which is no message id of the batch; the whole batch counts as failed", id)
		}
		failed[id] = true
	}
	if len(failed) > 0 {
		err = fmt.Errorf("deliver messages: the function reports %d of %d failed", len(failed), len(batch))
	}
	return failed, err
}

// delete removes messages and reports whether that worked for all. Those that stay come again, which the
// function must bear.
func (q *Queue) delete(inner context.Context, messages []types.Message) bool {
	ok := true
	for chunk := range slices.Chunk(messages, receiveMost) {
		entries := make([]types.DeleteMessageBatchRequestEntry, len(chunk))
		for i, m := range chunk {
			entries[i] = types.DeleteMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), ReceiptHandle: m.ReceiptHandle}
		}
		output, err := q.client.DeleteMessageBatch(inner, &sqs.DeleteMessageBatchInput{QueueUrl: &q.mapping.QueueURL, Entries: entries})
		if err == nil && len(output.Failed) > 0 {
			err = fmt.Errorf("%d refused, the first: %s", len(output.Failed), aws.ToString(output.Failed[0].Message))
		}
		if err != nil {
			q.failed(inner, fmt.Errorf("delete from %s: %w", q.mapping.QueueURL, err))
			ok = false
		}
	}
	return ok
}

// giveBack makes messages visible at once, so that a restart need not wait for their timeout.
func (q *Queue) giveBack(inner context.Context, messages []types.Message) {
	q.gauge.update(func(status *QueueStatus) { status.Held -= len(messages) })
	for chunk := range slices.Chunk(messages, receiveMost) {
		entries := make([]types.ChangeMessageVisibilityBatchRequestEntry, len(chunk))
		for i, m := range chunk {
			entries[i] = types.ChangeMessageVisibilityBatchRequestEntry{Id: aws.String(fmt.Sprint(i)), ReceiptHandle: m.ReceiptHandle}
		}
		_, err := q.client.ChangeMessageVisibilityBatch(inner, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &q.mapping.QueueURL, Entries: entries})
		if err != nil {
			q.failed(inner, fmt.Errorf("give back to %s: %w", q.mapping.QueueURL, err))
		}
	}
}

// failed logs and remembers a failure, unless the queue is being stopped.
func (q *Queue) failed(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	q.Logger.Error("queue: "+err.Error(), "function", q.mapping.Function)
	q.gauge.update(func(status *QueueStatus) { status.Last = &Failure{err.Error(), q.Now()} })
}
