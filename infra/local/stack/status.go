package stack

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"steledesk/infra/local/console"
	"steledesk/infra/local/sources"
	"steledesk/infra/local/template"
)

// What the console shows at most, of each kind.
const (
	shownMessages = 20 // bot messages and mails
	shownQueued   = 5  // messages of one queue
	shownObjects  = 20
	shownLines    = 40
)

// Status is what goes on in the stack now, as the console shows it.
func (s *Stack) Status(ctx context.Context) console.Status {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	now := s.settings.Clock()
	status := console.Status{
		Now: now, Shifted: time.Until(now).Abs() > time.Second, Started: s.started,
		Stack: s.settings.Name, Region: s.settings.Region, Addresses: s.addresses(),
	}
	s.showFunctions(&status)
	s.showSources(&status)
	s.showSink(&status)
	for _, q := range s.model.Queues {
		s.showQueue(ctx, &status, q)
	}
	for _, t := range s.model.Tables {
		s.showTable(ctx, &status, t)
	}
	for _, b := range s.model.Buckets {
		s.showBucket(ctx, &status, b)
	}
	for _, d := range s.model.Declared {
		status.Declared = append(status.Declared, console.Declared{ID: d.ID, Type: d.Type, Name: d.Name})
	}
	return status
}

func (s *Stack) addresses() []console.Address {
	return []console.Address{
		{Chinese: "页面与接口", English: "Pages and API", URL: s.URL() + "/"},
		{Chinese: "AWS 接口", English: "AWS endpoint", URL: s.AWSEndpoint()},
	}
}

func (s *Stack) showFunctions(status *console.Status) {
	for _, f := range s.functions.Stats() {
		shown := console.Function{
			Name: f.Name, Invocations: f.Invocations, Errors: f.Errors, Timeouts: f.Timeouts, ColdStarts: f.ColdStarts,
			Waiting: f.Queued, Processes: f.Processes, LastError: f.LastError, LastErrorAt: f.LastErrorAt,
		}
		for _, line := range f.Lines[max(0, len(f.Lines)-shownLines):] {
			shown.Lines = append(shown.Lines, console.Line{At: line.Time, Text: line.Text})
		}
		status.Functions = append(status.Functions, shown)
	}
}

func (s *Stack) showSources(status *console.Status) {
	for _, stream := range s.events.streams {
		m := stream.Status()
		status.Mappings = append(status.Mappings, console.Mapping{
			Source: s.short(tableOf(m.StreamARN)) + " stream", Function: s.short(m.Function), Ready: ready(stream.Ready()), Batches: m.Batches,
			Records: m.Records, Failures: m.Failures, Dropped: m.Filtered, GivenUp: m.Discarded, LastError: failure(m.Last),
		})
	}
	for _, queue := range s.events.queues {
		m := queue.Status()
		status.Mappings = append(status.Mappings, console.Mapping{
			Source: s.short(tail(m.QueueARN, ":")), Function: s.short(m.Function), Ready: true, Batches: m.Batches,
			Records: m.Received, Failures: m.Failed, Dropped: m.Filtered, LastError: failure(m.Last),
		})
	}
	for _, schedule := range s.events.schedules {
		m := schedule.Status()
		status.Schedules = append(status.Schedules, console.Schedule{
			ID: m.Name, Function: s.short(m.Function), Expression: m.Expression, Next: m.NextTick, Runs: m.Ticks, LastError: failure(m.Last),
		})
	}
	if a := s.events.async.Status(); a.Last != nil {
		status.Problems = append(status.Problems, failure(a.Last))
	}
}

func ready(channel <-chan struct{}) bool {
	select {
	case <-channel:
		return true
	default:
		return false
	}
}

func failure(f *sources.Failure) string {
	if f == nil {
		return ""
	}
	return f.Text
}

// short leaves the stack's own name out.
func (s *Stack) short(name string) string { return strings.TrimPrefix(name, s.settings.Name+"-") }

// tableOf is the table in a stream's ARN.
func tableOf(streamARN string) string {
	name, _, _ := strings.Cut(tail(streamARN, "table/"), "/")
	return name
}

// tail is what follows the last mark in a text.
func tail(text, mark string) string { return text[strings.LastIndex(text, mark)+len(mark):] }

func (s *Stack) showQueue(ctx context.Context, status *console.Status, q template.Queue) {
	url := s.queueURLs[q.Name]
	got, err := s.clients.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameAll},
	})
	if err != nil {
		s.problem(status, "look at queue "+q.Name, err)
		return
	}
	shown := console.Queue{
		Name:     q.Name,
		Visible:  count(got.Attributes["ApproximateNumberOfMessages"]),
		InFlight: count(got.Attributes["ApproximateNumberOfMessagesNotVisible"]),
		Delayed:  count(got.Attributes["ApproximateNumberOfMessagesDelayed"]),
	}
	s.problem(status, "peek at queue "+q.Name, s.peek(ctx, &shown))
	status.Queues = append(status.Queues, shown)
}

// count reads a number that the service itself wrote.
func count(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// peek shows a queue's last messages and those that wait, without receiving them, which only own
// engines allow.
func (s *Stack) peek(ctx context.Context, shown *console.Queue) error {
	if s.engines == nil {
		return nil
	}
	waiting, err := s.engines.queues.Peek(ctx, shown.Name, shownQueued)
	if err != nil {
		return err
	}
	recent, err := s.engines.queues.Recent(ctx, shown.Name)
	if err != nil {
		return err
	}
	there := map[string]bool{}
	for i, m := range waiting {
		if i == 0 {
			shown.Oldest = m.Sent
		}
		there[m.ID] = true
		shown.Messages = append(shown.Messages, console.QueuedMessage{ID: m.ID, SentAt: m.Sent, Received: int(m.Receives), Body: m.Body})
	}
	if shown.Visible+shown.InFlight+shown.Delayed > len(waiting) {
		return nil // which of the recent ones still wait is not known
	}
	for _, m := range recent[:min(len(recent), shownQueued)] {
		if !there[m.ID] {
			shown.Messages = append(shown.Messages, console.QueuedMessage{ID: m.ID, SentAt: m.Sent, Taken: true, Body: m.Body})
		}
	}
	return nil
}

func (s *Stack) showTable(ctx context.Context, status *console.Status, t template.Table) {
	got, err := s.clients.tables.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: t.Create.TableName})
	if err == nil {
		status.Tables = append(status.Tables, console.Table{
			Name: aws.ToString(t.Create.TableName), Items: aws.ToInt64(got.Table.ItemCount), TTL: t.TTL,
		})
	}
	s.problem(status, "look at table "+aws.ToString(t.Create.TableName), err)
}

func (s *Stack) showBucket(ctx context.Context, status *console.Status, b template.Bucket) {
	got, err := s.clients.objects.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &b.Name, MaxKeys: aws.Int32(shownObjects)})
	if err == nil {
		shown := console.Bucket{Name: b.Name, More: aws.ToBool(got.IsTruncated)}
		for _, o := range got.Contents {
			shown.Objects = append(shown.Objects, console.Object{
				Key: aws.ToString(o.Key), Bytes: aws.ToInt64(o.Size), StoredAt: aws.ToTime(o.LastModified),
			})
		}
		status.Buckets = append(status.Buckets, shown)
	}
	s.problem(status, "look at bucket "+b.Name, err)
}

func (s *Stack) problem(status *console.Status, what string, err error) {
	if err != nil {
		status.Problems = append(status.Problems, fmt.Sprintf("%s: %v", what, err))
	}
}
