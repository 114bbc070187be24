package queue

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Failures names the messages of a batch that are to come again.
func Failures(ids []string) events.SQSEventResponse {
	r := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	for _, id := range ids {
		r.BatchItemFailures = append(r.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	return r
}

// Received counts how often a message was handed out, this time included.
func Received(m events.SQSMessage) int {
	n := 1
	_, _ = fmt.Sscan(m.Attributes["ApproximateReceiveCount"], &n)
	return n
}

// Sent is when a message was put into its queue, by the queue's clock; the zero time when it does not say.
func Sent(m events.SQSMessage) time.Time {
	ms, err := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// Name gives the name of the queue a message came from.
func Name(m events.SQSMessage) string {
	return m.EventSourceARN[strings.LastIndex(m.EventSourceARN, ":")+1:]
}

// Delayer puts a message that failed back for a while.
type Delayer struct{ client *sqs.Client }

// NewDelayer gives the delayer. It calls nothing.
func NewDelayer(cfg aws.Config) *Delayer { return &Delayer{client: sqs.NewFromConfig(cfg)} }

// Delay hides a message for wait. A failure does not matter: then it comes back when the queue's
// own visibility timeout ends.
func (d *Delayer) Delay(ctx context.Context, m events.SQSMessage, wait time.Duration) error {
	url, err := d.client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(Name(m))})
	if err != nil {
		return fmt.Errorf("find queue to delay a message: %w", err)
	}
	_, err = d.client.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{
		QueueUrl: url.QueueUrl, ReceiptHandle: &m.ReceiptHandle, VisibilityTimeout: int32(wait.Seconds()),
	})
	if err != nil {
		return fmt.Errorf("delay message: %w", err)
	}
	return nil
}

// How often a message is handed out before it is a dead letter: the template's maxReceiveCount.
const (
	// Tries is that of a section's queue.
	Tries = 5
	// DigestTries is that of the queue of digests: about a day, which is time to mend what is missing.
	DigestTries = 100
	// VisitorTries is that of visitors' queue: more than fit in the day that it keeps a message. A push service that
	// cannot be reached is no operator's business at night; what can never be told is handed out without a pause, and
	// gets there in a moment.
	VisitorTries = 150
)

// Backoff is how long a message waits after it failed for the n-th time: 15 s, 1 min, 4 min, then
// 15 min, a fifth more or less so that a crowd does not come back at once. After the last of its
// tries, about twenty minutes after the first, it waits no more: SQS makes it a dead letter, and
// somebody is told, as soon as it may be handed out again.
func Backoff(n int) time.Duration { return BackoffOf(n, Tries) }

// BackoffOf is Backoff in a queue with another number of tries.
func BackoffOf(n, tries int) time.Duration {
	if n >= tries {
		return 0
	}
	wait := min(15*time.Second<<(2*min(max(n-1, 0), Tries)), 15*time.Minute)
	return wait - wait/5 + rand.N(2*wait/5)
}
