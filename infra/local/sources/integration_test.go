package sources_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	ddb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/dynamodb"
	"steledesk/infra/local/lambda"
	"steledesk/infra/local/sources"
	"steledesk/infra/local/sqs"
)

// world is the real thing around the sources: engines, SDK clients and a function that runs as a process.
type world struct {
	setup   sources.Setup
	table   *ddb.Client
	streams *dynamodbstreams.Client
	queues  *awssqs.Client
	host    *lambda.Host
	notes   string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{notes: filepath.Join(dir, "notes")}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	quiet := slog.New(slog.DiscardHandler)
	engine, err := dynamodb.Start(t.Context(), dynamodb.Options{Folder: filepath.Join(dir, "dynamodb"), Modules: "../node_modules", Logger: quiet})
	must(err)
	t.Cleanup(func() { must(engine.Close()) })
	tables := httptest.NewServer(engine.Proxy())
	t.Cleanup(tables.Close)
	queueing, err := sqs.Open(filepath.Join(dir, "sqs.sqlite"), sqs.Options{Logger: quiet})
	must(err)
	t.Cleanup(func() { must(queueing.Close()) })
	queues := httptest.NewServer(queueing)
	t.Cleanup(queues.Close)
	w.table = ddb.NewFromConfig(awstest.Config(tables.URL))
	w.streams = dynamodbstreams.NewFromConfig(awstest.Config(tables.URL))
	w.queues = awssqs.NewFromConfig(awstest.Config(queues.URL))

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	w.host = lambda.NewHost(listener, lambda.Options{})
	t.Cleanup(func() { must(w.host.Close()) })
	must(w.host.Add(lambda.Function{Name: "f", Binary: buildFunction(t, dir), Timeout: 10 * time.Second, Env: []string{"NOTES=" + w.notes}}))
	checkpoints, err := sources.NewFileCheckpoints(filepath.Join(dir, "checkpoints"))
	must(err)
	w.setup = sources.Setup{Invoker: w.host, Checkpoints: checkpoints, Poll: 10 * time.Millisecond}
	return w
}

func buildFunction(t *testing.T, dir string) string {
	t.Helper()
	binary := filepath.Join(dir, "bootstrap")
	build := exec.Command("go", "build", "-tags", "lambda.norpc", "-o", binary, "./testdata/function")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the test function: %v\n%s", err, out)
	}
	return binary
}

// noted returns what the function has dealt with, in order.
func (w *world) noted() []string {
	text, _ := os.ReadFile(w.notes) // not there before the first note
	return strings.Fields(string(text))
}

func (w *world) makeTable(t *testing.T) (streamARN string) {
	t.Helper()
	made, err := w.table.CreateTable(t.Context(), &ddb.CreateTableInput{
		TableName: aws.String("desk"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("pk"), AttributeType: "S"}, {AttributeName: aws.String("sk"), AttributeType: "S"},
		},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("pk"), KeyType: "HASH"}, {AttributeName: aws.String("sk"), KeyType: "RANGE"},
		},
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewAndOldImages},
	})
	if err != nil {
		t.Fatal(err)
	}
	return *made.TableDescription.LatestStreamArn
}

func (w *world) put(t *testing.T, keys ...string) {
	t.Helper()
	for _, sk := range keys {
		_, err := w.table.PutItem(t.Context(), &ddb.PutItemInput{TableName: aws.String("desk"), Item: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "T#1"}, "sk": &types.AttributeValueMemberS{Value: sk},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) makeQueue(t *testing.T, name string, attributes map[string]string) (url string) {
	t.Helper()
	made, err := w.queues.CreateQueue(t.Context(), &awssqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		t.Fatal(err)
	}
	return *made.QueueUrl
}

// receive waits for one message of a queue.
func (w *world) receive(t *testing.T, url string) string {
	t.Helper()
	got, err := w.queues.ReceiveMessage(t.Context(), &awssqs.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 10})
	if err != nil || len(got.Messages) != 1 {
		t.Fatalf("receive from %s: got %+v, %v, want one message", url, got, err)
	}
	return *got.Messages[0].Body
}

// run runs a source beside the test; the returned function stops it and waits.
func run(t *testing.T, s source) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	return func() {
		t.Helper()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

func TestRealStreamToRealFunction(t *testing.T) {
	w := newWorld(t)
	arn := w.makeTable(t)
	failures := w.makeQueue(t, "stream-failures", nil)
	open := func() *sources.Stream {
		s, err := sources.NewStream(w.setup, sources.StreamMapping{
			Function: "f", StreamARN: arn, StartingPosition: "TRIM_HORIZON", BatchSize: 10, MaxRetries: 1, Bisect: true, PartialFailures: true,
			OnFailure: "arn:aws:sqs:us-east-1:000000000000:stream-failures",
			Filters:   []string{`{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"E#"}]}}}}`},
		}, w.streams, w.queues)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	var all []string
	for i := range 40 {
		all = append(all, fmt.Sprintf("E#%02d", i))
	}
	all[7], all[23] = "E#panic", "E#poison"
	w.put(t, "HEAD", "CONTACT")
	w.put(t, all...)
	first := open()
	stop := run(t, first)
	select {
	case <-first.Ready():
	case <-time.After(10 * time.Second):
		t.Fatalf("never ready: %+v", first.Status())
	}
	eventually(t, "all are dealt with", func() bool { return first.Status().Records == 40 })
	stop()
	if got := first.Status(); got.Discarded != 1 || got.Filtered != 2 {
		t.Errorf("status: got %+v, want 1 discarded and 2 filtered", got)
	}
	got := slices.Compact(slices.Sorted(slices.Values(w.noted())))
	want(t, "noted", got, slices.Sorted(slices.Values(all)))

	var told struct {
		DDBStreamBatchInfo struct {
			BatchSize int    `json:"batchSize"`
			StreamARN string `json:"streamArn"`
		}
	}
	if body := w.receive(t, failures); json.Unmarshal([]byte(body), &told) != nil || told.DDBStreamBatchInfo.BatchSize != 1 || told.DDBStreamBatchInfo.StreamARN != arn {
		t.Errorf("on-failure message: got %s", body)
	}

	before := len(w.noted())
	w.put(t, "E#later")
	second := open()
	stop = run(t, second)
	eventually(t, "the later one is carried", func() bool { return second.Status().Records == 1 })
	stop()
	want(t, "after the restart", w.noted()[before:], []string{"E#later"})
}

func TestRealQueueToRealFunction(t *testing.T) {
	w := newWorld(t)
	dead := w.makeQueue(t, "dead-letters", nil)
	url := w.makeQueue(t, "work", map[string]string{
		"VisibilityTimeout": "1",
		"RedrivePolicy":     `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead-letters","maxReceiveCount":"2"}`,
	})
	var all []string
	for i := range 25 {
		all = append(all, fmt.Sprintf("m%02d", i))
	}
	all[3], all[20] = "panic", "poison"
	for chunk := range slices.Chunk(all, 10) {
		var entries []sqstypes.SendMessageBatchRequestEntry
		for _, body := range chunk {
			entries = append(entries, sqstypes.SendMessageBatchRequestEntry{Id: &body, MessageBody: &body})
		}
		if _, err := w.queues.SendMessageBatch(t.Context(), &awssqs.SendMessageBatchInput{QueueUrl: &url, Entries: entries}); err != nil {
			t.Fatal(err)
		}
	}
	q, err := sources.NewQueue(w.setup, sources.QueueMapping{
		Function: "f", QueueURL: url, QueueARN: "arn:aws:sqs:us-east-1:000000000000:work", PartialFailures: true, MaxConcurrency: 3,
	}, w.queues)
	if err != nil {
		t.Fatal(err)
	}
	stop := run(t, q)
	eventually(t, "all but the poison are dealt with", func() bool { return q.Status().Deleted == 24 })
	if got := w.receive(t, dead); got != "poison" {
		t.Errorf("dead letter: got %q, want the poison", got)
	}
	stop()
	got := slices.Compact(slices.Sorted(slices.Values(w.noted())))
	want(t, "noted", got, slices.Sorted(slices.Values(all)))
}
