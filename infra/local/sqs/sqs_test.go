package sqs_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/sqs"
)

// clock is a clock that moves when told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Step(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// desk is a server under test with an SDK client.
type desk struct {
	*sdk.Client
	t      *testing.T
	server *sqs.Server
	clock  *clock
}

func start(t *testing.T) *desk {
	t.Helper()
	c := &clock{now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	server, err := sqs.Open(filepath.Join(t.TempDir(), "queues.sqlite"), sqs.Options{Clock: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		web.Close()
	})
	return &desk{Client: sdk.NewFromConfig(awstest.Config(web.URL)), t: t, server: server, clock: c}
}

func (d *desk) create(name string, attributes map[string]string) string {
	d.t.Helper()
	out, err := d.CreateQueue(d.t.Context(), &sdk.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		d.t.Fatal(err)
	}
	return *out.QueueUrl
}

func (d *desk) send(url, body string) {
	d.t.Helper()
	if _, err := d.SendMessage(d.t.Context(), &sdk.SendMessageInput{QueueUrl: &url, MessageBody: &body}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) receive(url string) []types.Message {
	d.t.Helper()
	out, err := d.ReceiveMessage(d.t.Context(), &sdk.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10,
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"}, MessageAttributeNames: []string{"All"}})
	if err != nil {
		d.t.Fatal(err)
	}
	return out.Messages
}

func (d *desk) count(url, which string) string {
	d.t.Helper()
	out, err := d.GetQueueAttributes(d.t.Context(), &sdk.GetQueueAttributesInput{QueueUrl: &url,
		AttributeNames: []types.QueueAttributeName{types.QueueAttributeName(which)}})
	if err != nil {
		d.t.Fatal(err)
	}
	return out.Attributes[which]
}

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return fmt.Sprint(err)
}

func TestMessageRoundTrip(t *testing.T) {
	d := start(t)
	url := d.create("q", nil)
	// The SDK compares the checksums of body and attributes itself: a wrong one fails the call.
	sent, err := d.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("您好 <&> \u2028 🙂"),
		MessageAttributes: map[string]types.MessageAttributeValue{
			"kind":  {DataType: aws.String("String"), StringValue: aws.String("投诉")},
			"count": {DataType: aws.String("Number.int"), StringValue: aws.String("7")},
			"blob":  {DataType: aws.String("Binary"), BinaryValue: []byte{0, 1, 255}},
		},
		MessageSystemAttributes: map[string]types.MessageSystemAttributeValue{
			"AWSTraceHeader": {DataType: aws.String("String"), StringValue: aws.String("Root=1-2-3")}}})
	if err != nil {
		t.Fatal(err)
	}
	if aws.ToString(sent.MD5OfMessageSystemAttributes) == "" {
		t.Error("no checksum of system attributes")
	}
	got := d.receive(url)
	if len(got) != 1 {
		t.Fatalf("received %d messages, want 1", len(got))
	}
	m := got[0]
	if *m.Body != "您好 <&> \u2028 🙂" || *m.MessageId != *sent.MessageId {
		t.Errorf("got %q id %s", *m.Body, *m.MessageId)
	}
	if v := m.MessageAttributes["blob"].BinaryValue; string(v) != "\x00\x01\xff" || *m.MessageAttributes["kind"].StringValue != "投诉" {
		t.Errorf("attributes %v", m.MessageAttributes)
	}
	at := fmt.Sprint(d.clock.Now().UnixMilli())
	for name, want := range map[string]string{"SentTimestamp": at, "ApproximateReceiveCount": "1",
		"ApproximateFirstReceiveTimestamp": at, "SenderId": "AIDALOCAL", "AWSTraceHeader": "Root=1-2-3"} {
		if got := m.Attributes[name]; got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if n := d.count(url, "ApproximateNumberOfMessagesNotVisible"); n != "1" {
		t.Errorf("in flight %s, want 1", n)
	}
	if _, err := d.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}); err != nil {
		t.Fatal(err)
	}
	// A delete may be repeated: its answer may have been lost.
	if _, err := d.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: m.ReceiptHandle}); err != nil {
		t.Error(err)
	}
}

func TestAttributeNamesChooseAttributes(t *testing.T) {
	d := start(t)
	url := d.create("q", map[string]string{"VisibilityTimeout": "0"})
	value := types.MessageAttributeValue{DataType: aws.String("String"), StringValue: aws.String("x")}
	if _, err := d.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("b"),
		MessageAttributes: map[string]types.MessageAttributeValue{"a.one": value, "a.two": value, "b": value}}); err != nil {
		t.Fatal(err)
	}
	for pattern, want := range map[string]int{"All": 3, ".*": 3, "a.*": 2, "b": 1, "c": 0} {
		out, err := d.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: &url, MessageAttributeNames: []string{pattern}})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(out.Messages[0].MessageAttributes); got != want {
			t.Errorf("%s: %d attributes, want %d", pattern, got, want)
		}
	}
}

// A consumer that took too long must not delete the message another one works on now.
func TestStaleReceiptIsRefused(t *testing.T) {
	d := start(t)
	url := d.create("q", map[string]string{"VisibilityTimeout": "30"})
	d.send(url, "a")
	first := d.receive(url)[0]
	d.clock.Step(30 * time.Second)
	second := d.receive(url)[0]
	if n := second.Attributes["ApproximateReceiveCount"]; n != "2" {
		t.Errorf("receive count %s, want 2", n)
	}
	_, err := d.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: first.ReceiptHandle})
	if got := code(err); got != "ReceiptHandleIsInvalid" {
		t.Errorf("delete with a stale receipt: %s", got)
	}
	_, err = d.ChangeMessageVisibility(t.Context(), &sdk.ChangeMessageVisibilityInput{QueueUrl: &url, ReceiptHandle: first.ReceiptHandle})
	if got := code(err); got != "ReceiptHandleIsInvalid" {
		t.Errorf("change visibility with a stale receipt: %s", got)
	}
	if _, err := d.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: second.ReceiptHandle}); err != nil {
		t.Error(err)
	}
}

func TestVisibility(t *testing.T) {
	d := start(t)
	url := d.create("q", map[string]string{"VisibilityTimeout": "30"})
	d.send(url, "a")
	m := d.receive(url)[0]
	change := func(seconds int32) error {
		_, err := d.ChangeMessageVisibility(t.Context(), &sdk.ChangeMessageVisibilityInput{QueueUrl: &url,
			ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: seconds})
		return err
	}
	if err := change(60); err != nil {
		t.Fatal(err)
	}
	d.clock.Step(45 * time.Second)
	if got := d.receive(url); len(got) != 0 {
		t.Error("a message whose time was prolonged was received again")
	}
	if err := change(0); err != nil {
		t.Fatal(err)
	}
	if got := code(change(10)); got != "AWS.SimpleQueueService.MessageNotInflight" {
		t.Errorf("change of a visible message: %s", got)
	}
	if got := d.receive(url); len(got) != 1 {
		t.Error("a message that was given back was not received")
	}
}

func TestDelay(t *testing.T) {
	d := start(t)
	url := d.create("q", map[string]string{"DelaySeconds": "5"})
	d.send(url, "a")
	if n := d.count(url, "ApproximateNumberOfMessagesDelayed"); n != "1" || len(d.receive(url)) != 0 {
		t.Errorf("delayed %s, want 1 and nothing received", n)
	}
	d.clock.Step(5 * time.Second)
	if got := d.receive(url); len(got) != 1 {
		t.Error("delayed message did not come")
	}
}

func TestRetention(t *testing.T) {
	d := start(t)
	url := d.create("q", map[string]string{"MessageRetentionPeriod": "60"})
	d.send(url, "old")
	d.clock.Step(59 * time.Second)
	d.send(url, "new")
	d.clock.Step(time.Second)
	if n := d.count(url, "ApproximateNumberOfMessages"); n != "1" {
		t.Errorf("%s messages, want 1", n)
	}
	if got := d.receive(url); len(got) != 1 || *got[0].Body != "new" {
		t.Errorf("received %v", got)
	}
}

func TestRedrive(t *testing.T) {
	d := start(t)
	dead := d.create("dead", nil)
	url := d.create("q", map[string]string{"VisibilityTimeout": "1",
		"RedrivePolicy": `{"deadLetterTargetArn":"` + d.server.ARN("dead") + `","maxReceiveCount":"2"}`})
	d.send(url, "poison")
	id := ""
	for range 2 {
		id = *d.receive(url)[0].MessageId
		d.clock.Step(time.Second)
	}
	if got := d.receive(url); len(got) != 0 {
		t.Fatal("received a third time")
	}
	got := d.receive(dead)
	if len(got) != 1 || *got[0].MessageId != id {
		t.Fatalf("dead letters %v, want message %s", got, id)
	}
	if source := got[0].Attributes["DeadLetterQueueSourceArn"]; source != d.server.ARN("q") {
		t.Errorf("source %q", source)
	}
	// With its dead-letter queue gone a queue keeps its messages.
	if _, err := d.DeleteQueue(t.Context(), &sdk.DeleteQueueInput{QueueUrl: &dead}); err != nil {
		t.Fatal(err)
	}
	d.send(url, "again")
	for range 4 {
		if got := d.receive(url); len(got) != 1 {
			t.Fatal("message lost with the dead-letter queue")
		}
		d.clock.Step(time.Second)
	}
}

func TestBatches(t *testing.T) {
	d := start(t)
	url := d.create("q", map[string]string{"MaximumMessageSize": "1024"})
	out, err := d.SendMessageBatch(t.Context(), &sdk.SendMessageBatchInput{QueueUrl: &url, Entries: []types.SendMessageBatchRequestEntry{
		{Id: aws.String("good"), MessageBody: aws.String("a")},
		{Id: aws.String("long"), MessageBody: aws.String(strings.Repeat("x", 1025))},
		{Id: aws.String("odd"), MessageBody: aws.String("a\x00b")},
		{Id: aws.String("late"), MessageBody: aws.String("b"), DelaySeconds: 901},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Successful) != 1 || *out.Successful[0].Id != "good" {
		t.Errorf("successful %v", out.Successful)
	}
	want := map[string]string{"long": "InvalidParameterValue", "odd": "InvalidMessageContents", "late": "InvalidParameterValue"}
	for _, f := range out.Failed {
		if want[*f.Id] != *f.Code || !f.SenderFault {
			t.Errorf("entry %s failed with %s, want %s", *f.Id, *f.Code, want[*f.Id])
		}
		delete(want, *f.Id)
	}
	if len(want) > 0 {
		t.Errorf("did not fail: %v", want)
	}
	m := d.receive(url)[0]
	hidden, err := d.ChangeMessageVisibilityBatch(t.Context(), &sdk.ChangeMessageVisibilityBatchInput{QueueUrl: &url,
		Entries: []types.ChangeMessageVisibilityBatchRequestEntry{
			{Id: aws.String("1"), ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 5},
			{Id: aws.String("2"), ReceiptHandle: aws.String("bm9uc2Vuc2U"), VisibilityTimeout: 5}}})
	if err != nil || len(hidden.Successful) != 1 || *hidden.Failed[0].Code != "ReceiptHandleIsInvalid" {
		t.Errorf("visibility batch: %+v, %v", hidden, err)
	}
	deleted, err := d.DeleteMessageBatch(t.Context(), &sdk.DeleteMessageBatchInput{QueueUrl: &url, Entries: []types.DeleteMessageBatchRequestEntry{
		{Id: aws.String("1"), ReceiptHandle: m.ReceiptHandle}, {Id: aws.String("2"), ReceiptHandle: aws.String("nonsense")}}})
	if err != nil || len(deleted.Successful) != 1 || *deleted.Failed[0].Id != "2" {
		t.Errorf("delete batch: %+v, %v", deleted, err)
	}
}

func TestBatchesRefusedAsAWhole(t *testing.T) {
	d := start(t)
	url := d.create("q", nil)
	entry := func(id, body string) types.SendMessageBatchRequestEntry {
		return types.SendMessageBatchRequestEntry{Id: &id, MessageBody: &body}
	}
	var eleven []types.SendMessageBatchRequestEntry
	for i := range 11 {
		eleven = append(eleven, entry(fmt.Sprint(i), "x"))
	}
	half := strings.Repeat("x", 1<<19+1)
	for want, entries := range map[string][]types.SendMessageBatchRequestEntry{
		"AWS.SimpleQueueService.EmptyBatchRequest":            {},
		"AWS.SimpleQueueService.TooManyEntriesInBatchRequest": eleven,
		"AWS.SimpleQueueService.BatchEntryIdsNotDistinct":     {entry("a", "x"), entry("a", "y")},
		"AWS.SimpleQueueService.InvalidBatchEntryId":          {entry("a b", "x")},
		"AWS.SimpleQueueService.BatchRequestTooLong":          {entry("a", half), entry("b", half)},
	} {
		_, err := d.SendMessageBatch(t.Context(), &sdk.SendMessageBatchInput{QueueUrl: &url, Entries: entries})
		if got := code(err); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// Twelve pollers wait at once, as the stack's do; a message wakes the one that gets it.
func TestLongPollWakesOnArrival(t *testing.T) {
	d := start(t)
	url := d.create("q", nil)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	got := make(chan string, 12)
	for range 12 {
		go func() {
			out, err := d.ReceiveMessage(ctx, &sdk.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 20})
			if err == nil && len(out.Messages) == 1 {
				got <- *out.Messages[0].Body
			}
		}()
	}
	for i := range 12 {
		d.send(url, fmt.Sprint(i))
	}
	seen := map[string]bool{}
	for range 12 {
		select {
		case body := <-got:
			seen[body] = true
		case <-ctx.Done():
			t.Fatalf("only %d of 12 pollers got a message", len(seen))
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d different messages, want 12", len(seen))
	}
}

func TestLongPollWakesWhenClockIsStepped(t *testing.T) {
	d := start(t)
	url := d.create("q", map[string]string{"DelaySeconds": "900"})
	d.send(url, "a")
	got := make(chan int, 1)
	go func() {
		out, err := d.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 20})
		if err == nil {
			got <- len(out.Messages)
		}
	}()
	d.clock.Step(900 * time.Second)
	d.server.Wake() // before the poll began, or while it waits: both must do
	select {
	case n := <-got:
		if n != 1 {
			t.Errorf("received %d messages, want 1", n)
		}
	case <-time.After(10 * time.Second):
		t.Error("the poll slept through the step of the clock")
	}
}

func TestCloseEndsLongPolls(t *testing.T) {
	d := start(t)
	url := d.create("q", nil)
	ended := make(chan error, 1)
	go func() {
		_, err := d.ReceiveMessage(context.Background(), &sdk.ReceiveMessageInput{QueueUrl: &url, WaitTimeSeconds: 20})
		ended <- err
	}()
	if err := d.server.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the poll outlived the server")
	}
}

// A person who opens the console is later than the consumer: what was taken is still shown.
func TestRecentMessagesAreRemembered(t *testing.T) {
	d := start(t)
	url := d.create("q", nil)
	for i := range 12 {
		d.send(url, fmt.Sprint("body ", i))
	}
	if _, err := d.PurgeQueue(t.Context(), &sdk.PurgeQueueInput{QueueUrl: &url}); err != nil {
		t.Fatal(err)
	}
	got, err := d.server.Recent(t.Context(), "q")
	if err != nil || len(got) != 10 || got[0].Body != "body 11" || got[9].Body != "body 2" {
		t.Errorf("got %+v, %v", got, err)
	}
}
