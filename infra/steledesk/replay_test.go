package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/shared/dynamo"
	"steledesk/shared/meeting"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
)

func (d *desk) queueURL(name string) *string {
	d.t.Helper()
	out, err := d.queues.GetQueueUrl(d.t.Context(), &sqs.GetQueueUrlInput{QueueName: aws.String(d.name + "-" + name)})
	if err != nil {
		d.t.Fatal(err)
	}
	return out.QueueUrl
}

func (d *desk) put(name, body string) string {
	d.t.Helper()
	out, err := d.queues.SendMessage(d.t.Context(), &sqs.SendMessageInput{QueueUrl: d.queueURL(name), MessageBody: &body})
	if err != nil {
		d.t.Fatal(err)
	}
	return *out.MessageId
}

// bodies takes all that is visible in a queue.
func (d *desk) bodies(name string) []string {
	d.t.Helper()
	var all []string
	for {
		out, err := d.queues.ReceiveMessage(d.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: d.queueURL(name), MaxNumberOfMessages: 10})
		if err != nil {
			d.t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return all
		}
		for _, m := range out.Messages {
			all = append(all, *m.Body)
			if _, err := d.queues.DeleteMessage(d.t.Context(), &sqs.DeleteMessageInput{QueueUrl: d.queueURL(name), ReceiptHandle: m.ReceiptHandle}); err != nil {
				d.t.Fatal(err)
			}
		}
	}
}

// told is the events that are in a section's queue, each once.
func (d *desk) told(section string) []string {
	d.t.Helper()
	ids := map[string]bool{}
	for _, body := range d.bodies("section-" + section) {
		m, err := queue.ParseMessage(body)
		if err != nil {
			d.t.Fatal(err)
		}
		ids[m.Event] = true
	}
	return slices.Sorted(maps.Keys(ids))
}

func (d *desk) events(numbers ...string) []ticket.Event {
	d.t.Helper()
	var all []ticket.Event
	for _, number := range numbers {
		stored, err := d.table.Ticket(d.t.Context(), number)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, r := range stored.Records {
			e, err := r.Event()
			if err != nil {
				d.t.Fatal(err)
			}
			all = append(all, e)
		}
	}
	return all
}

func message(t *testing.T, e ticket.Event) string {
	t.Helper()
	body, err := json.Marshal(queue.NewMessage(e))
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// kill makes a message of a section's queue a dead letter, as five failures do.
func (d *desk) kill(section, body string) {
	d.t.Helper()
	name := "section-" + section
	d.put(name, body)
	for range 6 { // five failures, and the look that finds that they were enough
		if _, err := d.queues.ReceiveMessage(d.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: d.queueURL(name)}); err != nil {
			d.t.Fatal(err)
		}
		queuesAhead.Add(int64(time.Hour))
	}
}

func (d *desk) streamARN() string {
	d.t.Helper()
	out, err := d.items.DescribeTable(d.t.Context(), &dynamodb.DescribeTableInput{TableName: &d.name})
	if err != nil {
		d.t.Fatal(err)
	}
	return aws.ToString(out.Table.LatestStreamArn)
}

// stream reads the table's stream from its beginning.
func (d *desk) stream() (shard string, records []streamtypes.Record) {
	d.t.Helper()
	client := dynamodbstreams.NewFromConfig(awstest.Config(d.url))
	arn := d.streamARN()
	described, err := client.DescribeStream(d.t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: &arn})
	if err != nil {
		d.t.Fatal(err)
	}
	shard = aws.ToString(described.StreamDescription.Shards[0].ShardId)
	at, err := client.GetShardIterator(d.t.Context(), &dynamodbstreams.GetShardIteratorInput{StreamArn: &arn, ShardId: &shard, ShardIteratorType: streamtypes.ShardIteratorTypeTrimHorizon})
	if err != nil {
		d.t.Fatal(err)
	}
	for next := at.ShardIterator; ; {
		out, err := client.GetRecords(d.t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: next})
		if err != nil {
			d.t.Fatal(err)
		}
		if len(out.Records) == 0 {
			return shard, records
		}
		records, next = append(records, out.Records...), out.NextShardIterator
	}
}

// failed is what Lambda sends when dispatch could not carry tickets that were filed one after the other.
func (d *desk) failed(numbers []string) string {
	d.t.Helper()
	shard, records := d.stream()
	records = slices.DeleteFunc(records, func(r streamtypes.Record) bool {
		return !slices.Contains(numbers, strings.TrimPrefix(textOf(r.Dynamodb.Keys, "pk"), "T#"))
	})
	return d.failure(shard, *records[0].Dynamodb.SequenceNumber, *records[len(records)-1].Dynamodb.SequenceNumber)
}

// stopAt kills the command at its n-th call, before or after the call was carried out.
func stopAt(n int, after bool, kill func()) func(service, action string, next http.Handler) http.Handler {
	var calls atomic.Int32
	return func(_, _ string, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			call := int(calls.Add(1))
			if call < n {
				next.ServeHTTP(w, r)
				return
			}
			if call == n && after {
				next.ServeHTTP(httptest.NewRecorder(), r)
			}
			kill()
			panic(http.ErrAbortHandler) // the connection breaks: nobody hears an answer
		})
	}
}

func setBody(r *http.Request, body string) {
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
}

// failure is what Lambda sends when dispatch could not carry the records from start to end.
func (d *desk) failure(shard, start, end string) string {
	return fmt.Sprintf(`{"requestContext":{"requestId":"1","functionArn":"arn:aws:lambda:us-east-1:000000000000:function:%s-dispatch",
		"condition":"RetryAttemptsExhausted","approximateInvokeCount":11},"version":"1.0","timestamp":"2026-11-23T01:00:00.000Z",
		"DDBStreamBatchInfo":{"shardId":%q,"startSequenceNumber":%q,"endSequenceNumber":%q,
		"approximateArrivalOfFirstRecord":"2026-11-23T01:00:00Z","approximateArrivalOfLastRecord":"2026-11-23T01:00:01Z",
		"batchSize":3,"streamArn":%q}}`, d.name, shard, start, end, d.streamARN())
}

func (d *desk) wantTold(section string, want ...string) {
	d.t.Helper()
	if got := d.told(section); !slices.Equal(got, want) {
		d.t.Errorf("section %s was told %v, want %v", section, got, want)
	}
}

// A dead letter goes back to the queue it came from, which need not be the ticket's section's.
func TestReplayDeadLetters(t *testing.T) {
	d := deploy(t)
	one, two := d.file(1, nil), d.file(2, nil)
	d.kill("office", message(t, d.events(one)[0]))
	d.kill("gardens", message(t, d.events(two)[0]))
	dry := d.want(exitOK, []string{"replay", "--dry-run"}, one+".1 filed -> office: would be sent", two+".1 filed -> gardens: would be sent", "2 messages would be sent, 0 left in place")
	if again := d.want(exitOK, []string{"replay", "--dry-run"}); strings.Count(again.out, "\n") != strings.Count(dry.out, "\n") {
		t.Errorf("a dry run hid messages: got %v", again)
	}
	d.want(exitOK, []string{"replay", "--max", "1"}, "1 message sent again, 0 left in place")
	d.want(exitOK, []string{"replay"}, "1 message sent again, 0 left in place")
	d.want(exitOK, []string{"replay"}, "0 messages sent again, 0 left in place")
	d.wantTold("office", one+".1")
	d.wantTold("gardens", two+".1")
}

// A message of papers that died was left in place as no section's message.
func TestReplayDeadPapers(t *testing.T) {
	d := deploy(t)
	body, err := json.Marshal(queue.NewPapers("2026-10", 1, d.now))
	if err != nil {
		t.Fatal(err)
	}
	d.kill("office", string(body))
	d.want(exitOK, []string{"replay"}, "papers-2026-10.1 papers-made -> office: sent", "1 message sent again, 0 left in place")
	if got := d.bodies("section-office"); len(got) != 1 || got[0] != string(body) {
		t.Errorf("got %v, want %s", got, body)
	}
	d.put("dead-letters", strings.Replace(string(body), ".1", ".7", 1))
	d.want(exitProblem, []string{"replay"}, "left in place: decode message of papers: event \"papers-2026-10.7\" is not edition 1 of 2026-10")
}

func TestReplayOrigin(t *testing.T) {
	d := deploy(t)
	one := d.file(1, nil)
	report := d.file(2, func(c *ticket.Command) { c.Kind, c.Category, c.Section = ticket.Report, "corruption", "discipline" })
	event := d.events(one)[0]
	d.put("dead-letters", message(t, event))
	d.want(exitOK, []string{"replay"}, one+".1 filed -> gardens: sent")
	d.put("dead-letters", message(t, event))
	d.want(exitOK, []string{"replay", "--to", "works"}, one+".1 filed -> works: sent")
	d.put("dead-letters", message(t, event))
	d.want(exitOK, []string{"replay", "--to", "cafe"}, "-> office (cafe has no queue): sent")
	d.put("dead-letters", message(t, d.events(report)[0]))
	d.want(exitOK, []string{"replay", "--to", "works"}, report+".1 filed -> discipline: sent")
	d.wantTold("gardens", one+".1")
	d.wantTold("works", one+".1")
	d.wantTold("office", one+".1")
	d.wantTold("discipline", report+".1")
}

// What cannot be read stays, is told of, is visible at once, and does not stop the rest.
func TestReplayLeavesPoison(t *testing.T) {
	d := deploy(t)
	number := d.file(1, nil)
	poison := []string{"not JSON", `{"v":2,"event":"x","ticket":"x","section":"x"}`}
	for _, body := range poison {
		d.put("dead-letters", body)
	}
	id := d.put("stream-failures", `{"DDBStreamBatchInfo":{"shardId":"s"}}`)
	d.put("stream-failures", strings.ReplaceAll(d.failure("s", "1", "2"), d.name, "another"))
	d.put("dead-letters", message(t, d.events(number)[0]))
	for range 2 {
		d.want(exitProblem, []string{"replay"}, "left in place: decode section message: invalid character", "left in place: decode section message: version 2, want 1",
			"stream failure "+id+": left in place: it has no DDBStreamBatchInfo", "left in place: it is about another table's stream", "4 left in place")
	}
	d.wantTold("gardens", number+".1")
	d.want(exitProblem, []string{"replay", "--settled", "no-such-id"}, "no message no-such-id is in "+d.name+"-dead-letters or "+d.name+"-stream-failures")
	d.want(exitOK, []string{"replay", "--settled", id}, "stream failure "+id+": deleted as settled")
	d.want(exitProblem, []string{"replay"}, "3 left in place")
	if got := d.bodies("dead-letters"); len(got) != 2 {
		t.Errorf("got %v", got)
	}
}

func TestReplayStreamFailures(t *testing.T) {
	d := deploy(t)
	one, two := d.file(1, nil), d.file(2, nil)
	d.sign(one)
	three := d.file(3, nil)
	shard, records := d.stream()
	last := *records[len(records)-1].Dynamodb.SequenceNumber
	first := slices.IndexFunc(records, func(r streamtypes.Record) bool { return textOf(r.Dynamodb.Keys, "pk") == "T#"+two })
	end := slices.IndexFunc(records, func(r streamtypes.Record) bool { return textOf(r.Dynamodb.Keys, "pk") == "T#"+three })
	d.put("stream-failures", d.failure(shard, *records[first].Dynamodb.SequenceNumber, *records[end-1].Dynamodb.SequenceNumber))
	d.want(exitOK, []string{"replay", "--dry-run"}, two+".1 filed -> gardens; "+one+".2 signed -> gardens: would be sent")
	d.want(exitOK, []string{"replay"}, two+".1 filed -> gardens; "+one+".2 signed -> gardens: sent")
	d.wantTold("gardens", slices.Sorted(slices.Values([]string{two + ".1", one + ".2"}))...)

	d.put("stream-failures", d.failure(shard, *records[0].Dynamodb.SequenceNumber, last))
	d.want(exitOK, []string{"replay"}, "1 message sent again")
	d.wantTold("gardens", slices.Sorted(slices.Values([]string{one + ".1", one + ".2", two + ".1", three + ".1"}))...)
}

// The news of a month's papers that failed with dispatch was passed over as "no events" and its message deleted: nobody
// was told of them.
func TestReplayTellsOfPapers(t *testing.T) {
	d := deploy(t)
	number := d.file(1, nil)
	e := meeting.Edition{Month: "2026-10", Number: 2, Hash: "h", At: d.now}
	if err := d.table.PutEdition(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	shard, records := d.stream()
	d.put("stream-failures", d.failure(shard, *records[0].Dynamodb.SequenceNumber, *records[len(records)-1].Dynamodb.SequenceNumber))
	d.want(exitOK, []string{"replay", "--dry-run"}, number+".1 filed -> gardens; papers-2026-10.2 -> office: would be sent")
	if got := d.bodies("section-office"); len(got) != 0 {
		t.Errorf("a dry run sent %v", got)
	}
	d.want(exitOK, []string{"replay"}, number+".1 filed -> gardens; papers-2026-10.2 -> office: sent")
	d.wantTold("gardens", number+".1")
	got := d.bodies("section-office")
	if len(got) != 1 {
		t.Fatalf("the office was told %v, want one message", got)
	}
	if p, is, err := queue.ParsePapers(got[0]); !is || err != nil || p.Month != e.Month || p.Edition != e.Number {
		t.Errorf("got %+v, %v, %v", p, is, err)
	}
}

// What was imported is no news of papers either when a stream failure is replayed: the office was told when they were made.
func TestReplayPassesOverImportedPapers(t *testing.T) {
	d := deploy(t)
	number := d.file(1, nil)
	edition := dynamo.Item{"pk": &types.AttributeValueMemberS{Value: "M#2026-10"}, "sk": &types.AttributeValueMemberS{Value: "ED#002"}}
	if err := d.table.Restore(t.Context(), []dynamo.Item{edition}); err != nil {
		t.Fatal(err)
	}
	shard, records := d.stream()
	d.put("stream-failures", d.failure(shard, *records[0].Dynamodb.SequenceNumber, *records[len(records)-1].Dynamodb.SequenceNumber))
	d.want(exitOK, []string{"replay"}, number+".1 filed -> gardens: sent")
	if got := d.bodies("section-office"); len(got) != 0 {
		t.Errorf("the office was told %v", got)
	}
}

// Events that were loaded are no news to anybody when a stream failure is replayed, as they are none to dispatch.
func TestReplayPassesOverLoadedEvents(t *testing.T) {
	d := deploy(t)
	number := d.file(1, nil)
	stored, err := d.table.Ticket(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	loaded := dynamo.Whole{Head: stored.Head, Events: d.events(number)}
	if _, err := d.items.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &d.name, Key: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "T#" + number}, "sk": &types.AttributeValueMemberS{Value: "E#000001"}}}); err != nil {
		t.Fatal(err)
	}
	if err := d.table.Load(t.Context(), []dynamo.Whole{loaded}); err != nil {
		t.Fatal(err)
	}
	shard, records := d.stream()
	last := *records[len(records)-1].Dynamodb.SequenceNumber
	d.put("stream-failures", d.failure(shard, *records[0].Dynamodb.SequenceNumber, last))
	d.want(exitOK, []string{"replay", "--dry-run"}, number+".1 filed -> gardens: would be sent") // once: the filing itself
}

// After 24 hours the records are gone: that is said, with the way out, and the message stays.
func TestReplayOfTrimmedRecords(t *testing.T) {
	d := deploy(t)
	one, two := d.file(1, nil), d.file(2, nil)
	d.sign(one)
	shard, records := d.stream()
	half := slices.IndexFunc(records, func(r streamtypes.Record) bool { return textOf(r.Dynamodb.Keys, "pk") == "T#"+two })
	for _, tt := range []struct {
		name, action, want string
		sent               []string
	}{
		{"place", "GetShardIterator", "some of these are gone", []string{two + ".1", one + ".2"}},
		{"shard", "*", "these are gone", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			id := d.put("stream-failures", d.failure(shard, *records[0].Dynamodb.SequenceNumber, *records[len(records)-1].Dynamodb.SequenceNumber))
			d.fail(trimmed(tt.action == "*", *records[half].Dynamodb.SequenceNumber))
			d.want(exitProblem, []string{"replay"}, "left in place: the stream keeps records for 24 hours, and "+tt.want,
				"they are of 2026-11-23T01:00:00Z to 2026-11-23T01:00:01Z", "steledesk replay --ticket NUMBER", "steledesk replay --settled "+id)
			d.fail(nil)
			d.wantTold("gardens", slices.Sorted(slices.Values(tt.sent))...)
			d.want(exitOK, []string{"replay", "--settled", id})
		})
	}
	d.want(exitOK, []string{"replay", "--ticket", one, "--dry-run"}, one+": 2 events would be sent")
	d.want(exitOK, []string{"replay", "--ticket", one}, one+": 2 events sent")
	d.wantTold("gardens", one+".1", one+".2")
	d.now = d.now.Add(61 * 24 * time.Hour)
	d.do(one, ticket.Command{Name: ticket.Message, By: ticket.Actor{Role: ticket.Visitor}, Text: "还没修好", Salt: "s"})
	d.want(exitOK, []string{"replay", "--ticket", one}, one+": 2 events left out: after 60 days", one+": 1 event sent")
	d.wantTold("gardens", one+".3")
}

// trimmed answers as AWS does when the records before oldest, or the whole shard, are no longer kept.
func trimmed(whole bool, oldest string) func(service, action string, next http.Handler) http.Handler {
	return func(service, action string, next http.Handler) http.Handler {
		if service != "streams" {
			return next
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			text, err := io.ReadAll(r.Body)
			if err != nil {
				panic(err)
			}
			body, code := string(text), ""
			setBody(r, body)
			switch {
			case whole:
				code = "ResourceNotFoundException"
			case action == "GetShardIterator" && strings.Contains(body, "AT_SEQUENCE_NUMBER"):
				code = "TrimmedDataAccessException"
			case action == "GetShardIterator": // the horizon, where the oldest record stands
				body = strings.Replace(body, `"TRIM_HORIZON"`, `"AT_SEQUENCE_NUMBER","SequenceNumber":"`+oldest+`"`, 1)
				setBody(r, body)
			}
			if code == "" {
				next.ServeHTTP(w, r)
				return
			}
			w.Header().Set("Content-Type", "application/x-amz-json-1.0")
			w.Header().Set("X-Amzn-Errortype", code)
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `{"__type":%q,"message":"gone"}`, code)
		})
	}
}

// A replay that is stopped at any of its calls, before or after the call was carried out, loses nothing, and the
// next one finishes the work. Guards against deleting before sending. It stops once at every call there is.
func TestReplayInterruptedLosesNothing(t *testing.T) {
	d := deploy(t)
	var numbers, want, dead []string
	for n := range 6 {
		numbers = append(numbers, d.file(n, nil))
	}
	for i, e := range d.events(numbers...) {
		want = append(want, e.ID())
		if i < 3 {
			dead = append(dead, message(t, e))
		}
	}
	slices.Sort(want)
	failures := []string{d.failed(numbers[3:5]), d.failed(numbers[5:])}
	for call, reached := 1, true; reached; call++ {
		for _, after := range []bool{false, true} {
			for _, body := range dead {
				d.put("dead-letters", body)
			}
			for _, body := range failures {
				d.put("stream-failures", body)
			}
			if reached = d.replayStopped(call, after); call == 1 && !reached {
				t.Fatal("no call was stopped")
			}
			d.want(exitOK, []string{"replay"})
			if got := d.told("gardens"); !slices.Equal(got, want) {
				t.Errorf("stopped at call %d (after it: %t): told %v, want %v", call, after, got, want)
			}
			if left := len(d.bodies("dead-letters")) + len(d.bodies("stream-failures")); left > 0 {
				t.Errorf("stopped at call %d (after it: %t): %d messages are left", call, after, left)
			}
		}
	}
}

// replayStopped kills a replay at a call, and lets the time pass for which it had hidden messages. It reports
// whether there was such a call.
func (d *desk) replayStopped(call int, after bool) bool {
	ctx, kill := context.WithCancel(d.t.Context())
	defer kill()
	d.fail(stopAt(call, after, kill))
	d.runContext(ctx, "replay")
	d.fail(nil)
	queuesAhead.Add(int64((hold + 1) * time.Second))
	return ctx.Err() != nil
}
