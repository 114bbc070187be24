package queue_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/sqs"
	"steledesk/shared/office"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

const prefix = "steledesk-section-"

// desk is the sections' sender before a real SQS, which a test may put faults into.
type desk struct {
	*queue.Sections
	t      *testing.T
	client *sdk.Client
	cfg    aws.Config
	clock  func() time.Time

	mu        sync.Mutex
	fallbacks []string
	calls     map[string]int
	fault     func(w http.ResponseWriter, operation string, body []byte) bool // true: it answered
}

func start(t *testing.T, sections ...string) *desk {
	t.Helper()
	d := &desk{t: t, calls: map[string]int{}}
	d.clock = func() time.Time { return visitortest.Nine }
	server, err := sqs.Open(filepath.Join(t.TempDir(), "queues.sqlite"), sqs.Options{Clock: func() time.Time { return d.clock() }})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(d.faulty(server))
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
		web.Close()
	})
	d.cfg = awstest.Config(web.URL)
	d.client = sdk.NewFromConfig(d.cfg)
	d.Sections = queue.NewSections(d.cfg, prefix, func(ctx context.Context, s string) {
		if ctx != t.Context() { // of the call that found it, for the log
			t.Error("another context")
		}
		d.fallbacks = append(d.fallbacks, s)
	})
	for _, s := range sections {
		d.create(s)
	}
	d.calls = map[string]int{}
	return d
}

func (d *desk) create(section string) {
	d.t.Helper()
	if _, err := d.client.CreateQueue(d.t.Context(), &sdk.CreateQueueInput{QueueName: aws.String(prefix + section)}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) faulty(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		body, err := io.ReadAll(r.Body)
		if err != nil {
			d.t.Error(err)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		d.mu.Lock()
		d.calls[operation]++
		fault := d.fault
		d.mu.Unlock()
		if fault == nil || !fault(w, operation, body) {
			next.ServeHTTP(w, r)
		}
	})
}

// received empties a section's queue.
func (d *desk) received(section string) []queue.Message {
	d.t.Helper()
	url, err := d.client.GetQueueUrl(d.t.Context(), &sdk.GetQueueUrlInput{QueueName: aws.String(prefix + section)})
	if err != nil {
		d.t.Fatal(err)
	}
	var all []queue.Message
	for {
		out, err := d.client.ReceiveMessage(d.t.Context(), &sdk.ReceiveMessageInput{QueueUrl: url.QueueUrl, MaxNumberOfMessages: 10})
		if err != nil {
			d.t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			slices.SortFunc(all, func(a, b queue.Message) int { return strings.Compare(a.Event, b.Event) })
			return all
		}
		for _, m := range out.Messages {
			parsed, err := queue.ParseMessage(*m.Body)
			if err != nil {
				d.t.Error(err)
			}
			all = append(all, parsed)
		}
	}
}

// filed is a filing of the n-th ticket of a section.
func filed(t *testing.T, n int, section string, kind ticket.Kind) ticket.Event {
	t.Helper()
	_, events, err := ticket.Apply(ticket.Head{}, ticket.Command{
		Name: ticket.File, By: ticket.Actor{Role: ticket.Visitor}, Number: ticket.NewNumber("WX", uint64(n)), Kind: kind,
		Category: "queueing", Spot: "RK02", Section: section, Triage: section == ticket.OfficeSection, Text: "x", Salt: "s",
	}, ticket.Moment{Now: visitortest.Nine, Terms: office.Default()})
	if err != nil {
		t.Fatal(err)
	}
	return events[0]
}

func TestEachEventReachesItsSections(t *testing.T) {
	d := start(t, "office", "discipline", "ticketing", "gardens")
	moved := filed(t, 3, "gardens", ticket.Complaint)
	moved.Seq, moved.What, moved.Data.From = 2, ticket.Transferred, "ticketing"
	failed := d.Send(t.Context(), []ticket.Event{
		filed(t, 1, "ticketing", ticket.Complaint), filed(t, 2, "discipline", ticket.Report), moved,
		filed(t, 4, "office", ticket.Suggestion),
	})
	if len(failed) != 0 || len(d.fallbacks) != 0 {
		t.Fatalf("failed %v, fallbacks %v", failed, d.fallbacks)
	}
	for section, want := range map[string]int{"office": 1, "discipline": 1, "ticketing": 2, "gardens": 1} {
		if got := d.received(section); len(got) != want {
			t.Errorf("%s: got %v, want %d", section, got, want)
		}
	}
}

// Of a 举报 the queue says that there is one, and not what about or where.
func TestReportsSayNothing(t *testing.T) {
	d := start(t, "discipline")
	d.Send(t.Context(), []ticket.Event{filed(t, 1, "discipline", ticket.Report)})
	if got := d.received("discipline"); len(got) != 1 || got[0].Category != "" || got[0].Spot != "" || got[0].DueAt == nil {
		t.Errorf("got %+v", got)
	}
}

// SQS takes ten at a time; a burst of a section goes in as few calls as that allows, and its queue is looked up once.
func TestBatchesOfTen(t *testing.T) {
	d := start(t, "ticketing")
	var burst []ticket.Event
	for n := range 25 {
		burst = append(burst, filed(t, n, "ticketing", ticket.Complaint))
	}
	if failed := d.Send(t.Context(), burst); len(failed) != 0 {
		t.Fatal(failed)
	}
	if d.calls["SendMessageBatch"] != 3 || d.calls["GetQueueUrl"] != 1 {
		t.Errorf("calls %v, want 3 batches and 1 look-up", d.calls)
	}
	if got := d.received("ticketing"); len(got) != 25 {
		t.Errorf("%d messages, want 25", len(got))
	}
}

// A section newer than the last deployment is served from the office's queue, and the operator hears of it once a
// batch. Its look-up used to be made again for each event, and an event of both came twice.
func TestSectionWithoutQueue(t *testing.T) {
	d := start(t, "office")
	events := []ticket.Event{filed(t, 1, "boats", ticket.Complaint), filed(t, 2, "boats", ticket.Complaint)}
	events[1].After.Owner = ticket.OfficeSection // the office decides about it: both its queue and the fallback
	if failed := d.Send(t.Context(), events); len(failed) != 0 {
		t.Fatal(failed)
	}
	if got := d.received("office"); len(got) != 2 {
		t.Errorf("the office's queue has %v, want each event once", got)
	}
	if len(d.fallbacks) != 1 || d.fallbacks[0] != "boats" {
		t.Errorf("told %v, want boats once", d.fallbacks)
	}
	d.create("boats")
	if failed := d.Send(t.Context(), events[:1]); len(failed) != 0 {
		t.Fatal(failed)
	}
	if got := d.received("boats"); len(got) != 1 {
		t.Errorf("once it has a queue, it is used: got %v", got)
	}
}

// A 举报 waits rather than go anywhere else.
func TestDisciplineNeverFallsBack(t *testing.T) {
	d := start(t, "office")
	failed := d.Send(t.Context(), []ticket.Event{filed(t, 1, "discipline", ticket.Report)})
	if failed[0] == nil || len(d.received("office")) != 0 || len(d.fallbacks) != 0 {
		t.Errorf("got %v, fallbacks %v", failed, d.fallbacks)
	}
}

func TestOfficeWithoutQueueFails(t *testing.T) {
	d := start(t, "ticketing")
	failed := d.Send(t.Context(), []ticket.Event{filed(t, 1, "ticketing", ticket.Complaint), filed(t, 2, "office", ticket.Suggestion)})
	if failed[1] == nil || failed[0] != nil || len(d.received("ticketing")) != 1 {
		t.Errorf("got %v", failed)
	}
}

// An event that nobody would hear of is an error: it used to count as carried.
func TestEventOfNoSectionFails(t *testing.T) {
	d := start(t, "office")
	if failed := d.Send(t.Context(), []ticket.Event{{}, filed(t, 1, "office", ticket.Suggestion)}); failed[0] == nil || len(failed) != 1 {
		t.Errorf("got %v", failed)
	}
}

// What SQS does not take, and what it does not name at all, has not arrived; the rest has.
func TestPartialBatchFailure(t *testing.T) {
	d := start(t, "ticketing")
	d.fault = func(w http.ResponseWriter, operation string, body []byte) bool {
		if operation != "SendMessageBatch" {
			return false
		}
		var in struct {
			Entries []struct{ MessageBody string }
		}
		if err := json.Unmarshal(body, &in); err != nil || len(in.Entries) != 3 {
			t.Errorf("%d entries, %v", len(in.Entries), err)
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		answer := `{"Successful":[{"Id":"0","MessageId":"m","MD5OfMessageBody":"%s"}],"Failed":[{"Id":"1","Code":"InternalError","Message":"later","SenderFault":false}]}`
		fmt.Fprintf(w, answer, md5Of(in.Entries[0].MessageBody))
		return true
	}
	failed := d.Send(t.Context(), []ticket.Event{
		filed(t, 1, "ticketing", ticket.Complaint), filed(t, 2, "ticketing", ticket.Complaint), filed(t, 3, "ticketing", ticket.Complaint),
	})
	if failed[0] != nil || failed[1] == nil || failed[2] == nil || !strings.Contains(failed[1].Error(), "later") {
		t.Errorf("got %v; want the second refused and the third not named", failed)
	}
}

// A queue that was made anew has the same name and another address: after a failed call it is looked up again.
func TestFailedCallForgetsTheQueue(t *testing.T) {
	d := start(t, "ticketing")
	one := []ticket.Event{filed(t, 1, "ticketing", ticket.Complaint)}
	d.fault = func(w http.ResponseWriter, operation string, _ []byte) bool {
		if operation == "SendMessageBatch" {
			w.WriteHeader(http.StatusServiceUnavailable)
			return true
		}
		return false
	}
	if failed := d.Send(t.Context(), one); failed[0] == nil {
		t.Fatal("nothing failed")
	}
	d.mu.Lock()
	d.fault = nil
	d.mu.Unlock()
	if failed := d.Send(t.Context(), one); failed[0] != nil || d.calls["GetQueueUrl"] != 2 {
		t.Errorf("got %v, calls %v", failed, d.calls)
	}
}

// Nobody waits for another section's slow look-up.
func TestLookUpsDoNotHoldEachOther(t *testing.T) {
	d := start(t, "ticketing", "gardens")
	d.Send(t.Context(), []ticket.Event{filed(t, 1, "ticketing", ticket.Complaint)})
	held, release := make(chan struct{}), make(chan struct{})
	d.fault = func(_ http.ResponseWriter, operation string, body []byte) bool {
		if operation == "GetQueueUrl" && strings.Contains(string(body), "gardens") {
			close(held)
			<-release
		}
		return false
	}
	done := make(chan map[int]error)
	go func() { done <- d.Send(t.Context(), []ticket.Event{filed(t, 2, "gardens", ticket.Complaint)}) }()
	<-held
	if failed := d.Send(t.Context(), []ticket.Event{filed(t, 3, "ticketing", ticket.Complaint)}); len(failed) != 0 {
		t.Error(failed)
	}
	close(release)
	if failed := <-done; len(failed) != 0 {
		t.Error(failed)
	}
}

func TestDelayHidesAMessage(t *testing.T) {
	d := start(t, "ticketing")
	now := visitortest.Nine
	d.clock = func() time.Time { return now }
	d.Send(t.Context(), []ticket.Event{filed(t, 1, "ticketing", ticket.Complaint)})
	url, err := d.client.GetQueueUrl(t.Context(), &sdk.GetQueueUrlInput{QueueName: aws.String(prefix + "ticketing")})
	if err != nil {
		t.Fatal(err)
	}
	receive := func() []types.Message {
		out, err := d.client.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: url.QueueUrl, VisibilityTimeout: 360})
		if err != nil {
			t.Fatal(err)
		}
		return out.Messages
	}
	got := receive()
	record := events.SQSMessage{
		ReceiptHandle: *got[0].ReceiptHandle, EventSourceARN: "arn:aws-cn:sqs:cn-north-1:000000000000:" + prefix + "ticketing",
	}
	if err := queue.NewDelayer(d.cfg).Delay(t.Context(), record, 90*time.Second); err != nil {
		t.Fatal(err)
	}
	now = now.Add(89 * time.Second)
	if len(receive()) != 0 {
		t.Error("it came back early")
	}
	now = now.Add(2 * time.Second)
	if len(receive()) != 1 {
		t.Error("it did not come back")
	}
	record.EventSourceARN = "arn:aws:sqs:us-east-1:000000000000:gone"
	if err := queue.NewDelayer(d.cfg).Delay(t.Context(), record, time.Second); err == nil {
		t.Error("a queue that does not exist delayed something")
	}
}
