package sources_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/infra/local/lambda"
	"steledesk/infra/local/sources"
)

const queueARN = "arn:aws:sqs:us-east-1:000000000000:steledesk-section-office"

func queueMapping() sources.QueueMapping {
	return sources.QueueMapping{Function: "notify", QueueURL: "http://127.0.0.1/q", QueueARN: queueARN, PartialFailures: true}
}

func newQueueSource(t *testing.T, f *function, q *queue, m sources.QueueMapping) *sources.Queue {
	t.Helper()
	made, err := sources.NewQueue(setup(f, nil), m, q)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// The golden file holds the event's shape as AWS sends it, field for field.
func TestQueueEventIsThatOfAWS(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, f := newQueue(), &function{}
		stop := start(t, newQueueSource(t, f, q, queueMapping()))
		q.send("m1", `{"v":1,"what":"filed","text":"碑"}`)
		time.Sleep(time.Second)
		stop()
		var got, golden any
		text, err := os.ReadFile("testdata/queue-event.json")
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(json.Unmarshal(f.events[0], &got), json.Unmarshal(text, &golden)); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, golden) {
			t.Errorf("got %s\nwant that of testdata/queue-event.json", f.events[0])
		}
		var event events.SQSEvent
		if err := json.Unmarshal(f.events[0], &event); err != nil || event.Records[0].Attributes["SentTimestamp"] != "1782864000000" {
			t.Errorf("the library reads %+v, %v", event, err)
		}
	})
}

func TestAnswersForMessages(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer lambda.Result // of the first invocation
		plain  bool          // without ReportBatchItemFailures
		again  []string      // the messages that come again when the visibility timeout has passed
	}{
		{"success", partial(), false, nil},
		{"nothing", lambda.Result{}, false, nil},
		{"null", lambda.Result{Payload: []byte("null")}, false, nil},
		{"one failed", partial("m2"), false, []string{"m2"}},
		{"some failed", partial("m3", "m1", "m3"), false, []string{"m1 m3"}},
		{"the function's error", failure(), false, []string{"m1 m2 m3"}},
		{"an unknown id", partial("m2", "m9"), false, []string{"m1 m2 m3"}},
		{"an empty id", partial(""), false, []string{"m1 m2 m3"}},
		{"a key misspelt", lambda.Result{Payload: []byte(`{"batchItemFailures":[{"itemId":"m1"}]}`)}, false, []string{"m1 m2 m3"}},
		{"no JSON", lambda.Result{Payload: []byte(`oops`)}, false, []string{"m1 m2 m3"}},
		{"a report that nobody asked for", partial("m2"), true, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := newQueue()
				f := &function{answer: func(call int, _ []string) lambda.Result {
					if call == 1 {
						return test.answer
					}
					return partial()
				}}
				m := queueMapping()
				m.PartialFailures = !test.plain
				for _, id := range []string{"m1", "m2", "m3"} {
					q.send(id, id)
				}
				stop := start(t, newQueueSource(t, f, q, m))
				time.Sleep(visibility - time.Second)
				want(t, "before the visibility timeout", f.seen(), []string{"m1 m2 m3"})
				time.Sleep(5 * time.Second)
				want(t, "after", f.seen(), append([]string{"m1 m2 m3"}, test.again...))
				if left := q.bodies(); len(left) != 0 {
					t.Errorf("left in the queue: %q", left)
				}
				stop()
			})
		})
	}
}

// A burst becomes one batch: the section's group is told once.
func TestMessagesAreGatheredForTheWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, f := newQueue(), &function{}
		m := queueMapping()
		m.BatchSize, m.Window = 25, 2500*time.Millisecond
		made := newQueueSource(t, f, q, m)
		stop := start(t, made)
		began := time.Now()
		for i := range 12 {
			q.send(fmt.Sprintf("a%02d", i), "x")
			time.Sleep(200 * time.Millisecond)
		}
		want(t, "before the window ends", len(f.seen()), 0)
		want(t, "held meanwhile, when nobody works", made.Status().Held > 0, true) // torture let time run then: all was told twice
		time.Sleep(time.Second)
		want(t, "held afterwards", made.Status().Held, 0)
		if got := f.seen(); len(got) != 1 || len(strings.Fields(got[0])) != 12 {
			t.Errorf("after %s: got %q, want one batch of 12", time.Since(began), got)
		}
		for i := range 30 {
			q.send(fmt.Sprintf("b%02d", i), "x")
		}
		synctest.Wait()
		if got := f.seen(); len(got) != 2 || len(strings.Fields(got[1])) != 25 {
			t.Errorf("a full batch: got %d, want 25 at once", len(strings.Fields(got[len(got)-1])))
		}
		stop()
	})
}

func TestNoMoreInvocationsThanAllowedAndNothingReceivedInVain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue()
		f := &function{block: make(chan struct{}), running: make(chan struct{}, 10)}
		m := queueMapping()
		m.BatchSize, m.MaxConcurrency = 1, 2
		for i := range 5 {
			q.send(fmt.Sprint("m", i), "x")
		}
		made := newQueueSource(t, f, q, m)
		stop := start(t, made)
		if got := made.Status(); got.Busy != 2 || got.Received != 2 {
			t.Errorf("got %+v, want 2 busy and 2 received", got)
		}
		close(f.block)
		time.Sleep(time.Second)
		stop()
		if got := made.Status(); got.Deleted != 5 || got.Busy != 0 {
			t.Errorf("got %+v, want 5 deleted", got)
		}
	})
}

func TestFilteredMessagesAreDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, f := newQueue(), &function{}
		m := queueMapping()
		m.Filters = []string{`{"body":{"what":["filed"]}}`, `{"body":["plain"]}`}
		made := newQueueSource(t, f, q, m)
		stop := start(t, made)
		for id, body := range map[string]string{"m1": `{"what":"filed"}`, "m2": `{"what":"rated"}`, "m3": `plain`, "m4": `"plain"`, "m5": `[{"what":"rated"}]`} {
			q.send(id, body)
		}
		time.Sleep(time.Minute)
		stop()
		got := strings.Fields(strings.Join(f.seen(), " "))
		slices.Sort(got)
		want(t, "carried", got, []string{"m1", "m3"})
		want(t, "left", q.bodies(), []string(nil))
		want(t, "held", made.Status().Held, 0)
	})
}

func TestStopGivesBackWhatWasNotInvokedWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, f := newQueue(), &function{}
		m := queueMapping()
		m.Window = 10 * time.Second
		stop := start(t, newQueueSource(t, f, q, m))
		q.send("m1", "x")
		synctest.Wait()
		stop()
		want(t, "calls", f.seen(), []string(nil))
		began := time.Now()
		stop = start(t, newQueueSource(t, f, q, queueMapping()))
		time.Sleep(time.Second)
		stop()
		want(t, "after the restart", f.seen(), []string{"m1"})
		if waited := time.Since(began); waited > 2*time.Second {
			t.Errorf("waited %s for the visibility timeout", waited)
		}
	})
}

func TestStopDuringAnInvocationKeepsTheMessageUnlessItSucceeds(t *testing.T) {
	for name, test := range map[string]struct {
		finishes time.Duration
		left     int
	}{"within its grace": {4 * time.Second, 0}, "after": {6 * time.Second, 1}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				q := newQueue()
				f := &function{block: make(chan struct{}), running: make(chan struct{}, 1)}
				q.send("m1", "x")
				stop := start(t, newQueueSource(t, f, q, queueMapping()))
				<-f.running
				time.AfterFunc(test.finishes, func() { close(f.block) })
				stop()
				if got := len(q.bodies()); got != test.left {
					t.Errorf("got %d messages left, want %d", got, test.left)
				}
				time.Sleep(10 * time.Second)
			})
		})
	}
}

// The queue's endpoint may restart or be slow to start: the source waits, without a busy loop.
func TestQueueThatFailsIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, f := newQueue(), &function{}
		q.failReceives, q.failDeletes = 5, 1
		q.send("m1", "x")
		made := newQueueSource(t, f, q, queueMapping())
		stop := start(t, made)
		time.Sleep(4500 * time.Millisecond)
		synctest.Wait()
		q.mu.Lock()
		receives := q.receives
		q.mu.Unlock()
		if receives > 5 {
			t.Errorf("%d receives in 5 s", receives)
		}
		time.Sleep(2 * visibility)
		stop()
		want(t, "delivered again because deleting failed", f.seen(), []string{"m1", "m1"})
		if got := made.Status(); got.Last == nil || !strings.Contains(got.Last.Text, "delete from") || got.Deleted != 1 {
			t.Errorf("status: got %+v", got)
		}
	})
}

func TestLargeMessagesAreSplitByLambdasLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, f := newQueue(), &function{}
		m := queueMapping()
		m.BatchSize, m.Window = 100, time.Second
		for i := range 10 {
			q.send(fmt.Sprint("m", i), strings.Repeat("\"", 600<<10)) // twice that in JSON
		}
		stop := start(t, newQueueSource(t, f, q, m))
		time.Sleep(3 * time.Second)
		stop()
		if got := len(f.seen()); got != 2 || len(q.bodies()) != 0 {
			t.Errorf("got %d batches and %d left, want 2 and none", got, len(q.bodies()))
		}
	})
}

func TestQueueMappingsThatCannotWork(t *testing.T) {
	_, err := sources.NewQueue(setup(&function{}, nil), sources.QueueMapping{
		Function: "f", QueueARN: "arn:aws:sqs:us-east-1:000000000000:q.fifo", BatchSize: 50, MaxConcurrency: 2000,
		Filters: []string{`{"body":[{"prefx":""}]}`},
	}, newQueue())
	for _, want := range []string{"BatchSize 50 needs a MaximumBatchingWindowInSeconds", "MaximumConcurrency 2000", "FIFO", `filter 1: body[0]: unknown operator "prefx"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v\nwant it to name %s", err, want)
		}
	}
}
