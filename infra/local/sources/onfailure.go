package sources

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/uuid"
)

// failureMessage is what AWS sends to a stream mapping's on-failure queue: where the records stand, not what
// they hold.
//
// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
type failureMessage struct {
	RequestContext  requestContext   `json:"requestContext"`
	ResponseContext *responseContext `json:"responseContext,omitempty"`
	Version         string           `json:"version"`
	Timestamp       string           `json:"timestamp"`
	Batch           batchInfo        `json:"DDBStreamBatchInfo"`
}

type requestContext struct {
	RequestID              string `json:"requestId"`
	FunctionARN            string `json:"functionArn"`
	Condition              string `json:"condition"`
	ApproximateInvokeCount int    `json:"approximateInvokeCount"`
}

type responseContext struct {
	StatusCode      int    `json:"statusCode"`
	ExecutedVersion string `json:"executedVersion"`
	FunctionError   string `json:"functionError,omitempty"`
}

type batchInfo struct {
	ShardID     string `json:"shardId"`
	Start       string `json:"startSequenceNumber"`
	End         string `json:"endSequenceNumber"`
	FirstRecord string `json:"approximateArrivalOfFirstRecord"`
	LastRecord  string `json:"approximateArrivalOfLastRecord"`
	BatchSize   int    `json:"batchSize"`
	StreamARN   string `json:"streamArn"`
}

// tellFailure sends the message to the mapping's on-failure queue, if it has one.
func (s *Stream) tellFailure(ctx context.Context, message failureMessage) error {
	if s.mapping.OnFailure == "" {
		return nil
	}
	url, err := queueURL(ctx, s.sender, s.mapping.OnFailure)
	if err != nil {
		return err
	}
	body, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("encode failure: %w", err)
	}
	if _, err := s.sender.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String(string(body))}); err != nil {
		return fmt.Errorf("send failure to %s: %w", s.mapping.OnFailure, err)
	}
	return nil
}

// asyncFailure is what AWS sends to the on-failure destination of a function that is invoked asynchronously: the
// event itself, and what became of it.
//
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
type asyncFailure struct {
	Version         string          `json:"version"`
	Timestamp       string          `json:"timestamp"`
	RequestContext  requestContext  `json:"requestContext"`
	RequestPayload  json.RawMessage `json:"requestPayload"`
	ResponseContext responseContext `json:"responseContext"`
	ResponsePayload map[string]any  `json:"responsePayload"`
}

// giveUp tells the function's on-failure queue, if it has one, of an event that was tried often enough. It reports
// false when ctx ended first: then the event stays.
func (a *Async) giveUp(ctx context.Context, m AsyncMapping, event asyncEvent, why error) bool {
	if m.OnFailure == "" {
		return true
	}
	for n := 1; ; n++ {
		err := a.tellFailure(ctx, m, event, why)
		if err == nil {
			return true
		}
		a.failed(err)
		if !wait(ctx, backoff(n)) {
			return false
		}
	}
}

func (a *Async) tellFailure(ctx context.Context, m AsyncMapping, event asyncEvent, why error) error {
	body, err := json.Marshal(asyncFailure{
		Version: "1.0", Timestamp: a.Now().UTC().Format("2006-01-02T15:04:05.000Z"), RequestPayload: event.Payload,
		RequestContext: requestContext{
			RequestID: uuid.NewString(), FunctionARN: a.functionARN(m.Function) + ":$LATEST", Condition: "RetriesExhausted",
			ApproximateInvokeCount: m.Retries + 1,
		},
		ResponseContext: responseContext{StatusCode: 200, ExecutedVersion: "$LATEST", FunctionError: "Unhandled"},
		ResponsePayload: map[string]any{"errorMessage": why.Error()},
	})
	if err != nil {
		return fmt.Errorf("encode failure: %w", err)
	}
	url, err := queueURL(ctx, m.Sender, m.OnFailure)
	if err != nil {
		return err
	}
	if _, err := m.Sender.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String(string(body))}); err != nil {
		return fmt.Errorf("send failure to %s: %w", m.OnFailure, err)
	}
	return nil
}

// queueURL returns the URL of a queue given by its URL or ARN.
func queueURL(ctx context.Context, sender Sender, queue string) (string, error) {
	if !strings.HasPrefix(queue, "arn:") {
		return queue, nil
	}
	name := queue[strings.LastIndexByte(queue, ':')+1:]
	output, err := sender.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		return "", fmt.Errorf("find queue %s: %w", queue, err)
	}
	return aws.ToString(output.QueueUrl), nil
}
