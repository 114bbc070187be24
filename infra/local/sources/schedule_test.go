package sources_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/infra/local/lambda"
	"steledesk/infra/local/sources"
)

// A schedule in a bubble: its ticks end up in a function, through the asynchronous invoker.
func runSchedule(t *testing.T, f *function, m *memory, mapping sources.ScheduleMapping, clock func() time.Time) (*sources.Schedule, func()) {
	t.Helper()
	set := setup(f, m)
	set.Now = clock
	async, err := sources.NewAsync(set, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	s, err := sources.NewSchedule(set, mapping, async)
	if err != nil {
		t.Fatal(err)
	}
	stopAsync, stopSchedule := start(t, async), start(t, s)
	return s, func() { stopSchedule(); stopAsync() }
}

// times reads when the function was told it is.
func times(t *testing.T, f *function) []string {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	all := []string{}
	for _, payload := range f.events {
		var event events.EventBridgeEvent
		if err := json.Unmarshal(payload, &event); err != nil {
			t.Fatal(err)
		}
		all = append(all, event.Time.Format(time.RFC3339))
	}
	return all
}

func deadline() sources.ScheduleMapping {
	return sources.ScheduleMapping{Name: "steledesk-deadline", Function: "deadline", Expression: "rate(5 minutes)"}
}

// A bubble's clock starts at 2000-01-01T00:00:00Z.
func TestScheduleTicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &function{}
		s, stop := runSchedule(t, f, &memory{}, deadline(), nil)
		time.Sleep(12 * time.Minute)
		stop()
		want(t, "ticks", times(t, f), []string{"2000-01-01T00:05:00Z", "2000-01-01T00:10:00Z"})
		if got := s.Status(); got.Ticks != 2 || got.NextTick.Format(time.TimeOnly) != "00:15:00" {
			t.Errorf("status: got %+v", got)
		}
	})
}

func TestScheduleMakesUpForOneMissedTick(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, m := &function{}, &memory{}
		_, stop := runSchedule(t, f, m, deadline(), nil)
		time.Sleep(6 * time.Minute)
		stop()
		time.Sleep(time.Hour)
		_, stop = runSchedule(t, f, m, deadline(), nil)
		time.Sleep(5 * time.Minute)
		stop()
		want(t, "ticks", times(t, f), []string{"2000-01-01T00:05:00Z", "2000-01-01T01:05:00Z", "2000-01-01T01:10:00Z"})
	})
}

// The demonstration clock is set forward by days, and back.
func TestScheduleFollowsAClockThatIsSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &function{}
		var ahead atomic.Int64 // seconds
		_, stop := runSchedule(t, f, &memory{}, deadline(), func() time.Time { return time.Now().Add(time.Duration(ahead.Load()) * time.Second) })
		time.Sleep(time.Minute + 300*time.Millisecond) // between two looks at the clock
		ahead.Store(72 * 3600)
		time.Sleep(2 * time.Second)
		want(t, "set forward", times(t, f), []string{"2000-01-04T00:00:00Z"})
		ahead.Store(0)
		time.Sleep(6 * time.Minute)
		stop()
		want(t, "set back", times(t, f), []string{"2000-01-04T00:00:00Z", "2000-01-01T00:06:03Z"})
	})
}

func TestScheduleEvents(t *testing.T) {
	for _, test := range []struct {
		name    string
		mapping sources.ScheduleMapping
		want    string // with ID in place of the event's id
	}{
		{"rule", sources.ScheduleMapping{Name: "r", Expression: "cron(1 0 * * ? *)"},
			`{"version":"0","id":"ID","detail-type":"Scheduled Event","source":"aws.events","account":"000000000000","time":"2000-01-01T00:01:00Z","region":"us-east-1","resources":["arn:aws:events:us-east-1:000000000000:rule/r"],"detail":{}}`},
		{"rule with input", sources.ScheduleMapping{Name: "r", Expression: "rate(1 minute)", Input: `{"at":"<aws.scheduler.scheduled-time>"}`},
			`{"at":"<aws.scheduler.scheduled-time>"}`},
		{"scheduler", sources.ScheduleMapping{Name: "s", Expression: "cron(1 8 * * ? *)", Timezone: "Asia/Shanghai", Scheduler: true},
			`{"version":"0","id":"ID","detail-type":"Scheduled Event","source":"aws.scheduler","account":"000000000000","time":"2000-01-01T00:01:00Z","region":"us-east-1","resources":["arn:aws:scheduler:us-east-1:000000000000:schedule/default/s"],"detail":"{}"}`},
		{"scheduler with input", sources.ScheduleMapping{Name: "s", Expression: "at(2000-01-01T00:01:00)", Scheduler: true, Input: `{"at":"<aws.scheduler.scheduled-time>","by":"<aws.scheduler.schedule-arn>"}`},
			`{"at":"2000-01-01T00:01:00Z","by":"arn:aws:scheduler:us-east-1:000000000000:schedule/default/s"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &function{}
				_, stop := runSchedule(t, f, &memory{}, test.mapping, nil)
				time.Sleep(90 * time.Second)
				stop()
				if len(f.events) != 1 {
					t.Fatalf("got %d events, want 1", len(f.events))
				}
				var got, golden map[string]any
				if err := json.Unmarshal(f.events[0], &got); err != nil {
					t.Fatal(err)
				}
				if err := json.Unmarshal([]byte(test.want), &golden); err != nil {
					t.Fatal(err)
				}
				if got["id"] != nil {
					got["id"] = "ID"
				}
				if !reflect.DeepEqual(got, golden) {
					t.Errorf("got  %s\nwant %s", f.events[0], test.want)
				}
			})
		})
	}
}

func TestSchedulesThatCannotWork(t *testing.T) {
	for text, mapping := range map[string]sources.ScheduleMapping{
		"write rate(5 minutes)":     {Expression: "rate(5 minute)"},
		"a rule knows neither":      {Expression: "cron(0 8 * * ? *)", Timezone: "Asia/Shanghai"},
		"knows neither time zones":  {Expression: "at(2026-07-01T08:00:00)"},
		"unknown time zone Nowhere": {Expression: "rate(1 day)", Timezone: "Nowhere", Scheduler: true},
		"is not JSON":               {Expression: "rate(1 day)", Input: "hello"},
	} {
		mapping.Name = "nightly"
		_, err := sources.NewSchedule(setup(&function{}, &memory{}), mapping, nil)
		if err == nil || !strings.Contains(err.Error(), text) || !strings.Contains(err.Error(), "schedule nightly") {
			t.Errorf("%+v: got %v, want %q", mapping, err, text)
		}
	}
}

func TestAsyncTriesThreeTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &function{answer: func(call int, _ []string) lambda.Result { return failure() }}
		async, err := sources.NewAsync(setup(f, nil), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		stop := start(t, async)
		if err := async.Invoke("photo", []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			sleep time.Duration
			calls int
		}{{59 * time.Second, 1}, {2 * time.Second, 2}, {118 * time.Second, 2}, {3 * time.Second, 3}, {time.Hour, 3}} {
			time.Sleep(step.sleep)
			if got := len(f.seen()); got != step.calls {
				t.Errorf("got %d calls, want %d", got, step.calls)
			}
		}
		stop()
		if got := async.Status(); got.GivenUp != 1 || got.Retries != 2 || got.Last == nil {
			t.Errorf("status: got %+v", got)
		}
	})
}

// Guards against a notification that kill -9 loses: the photo would never be cleaned.
func TestAsyncEventsSurviveARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		before, err := sources.NewAsync(setup(&function{}, nil), dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, payload := range []string{`{"n":1}`, `{"n":2}`} { // taken, and never run
			if err := before.Invoke("photo", []byte(payload)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Millisecond)
		}
		f := &function{}
		after, err := sources.NewAsync(setup(f, nil), dir)
		if err != nil {
			t.Fatal(err)
		}
		stop := start(t, after)
		stop()
		if len(f.events) != 2 {
			t.Fatalf("got %d events, want 2", len(f.events))
		}
		again, err := sources.NewAsync(setup(f, nil), dir)
		if err != nil {
			t.Fatal(err)
		}
		stop = start(t, again)
		stop()
		if len(f.events) != 2 {
			t.Errorf("what was dealt with came again: %d events", len(f.events))
		}
	})
}

// Guards against a photo that nobody hears of again: an event that failed as often as the function allows goes to its
// queue, whole, also when the queue is away at first.
func TestAsyncEventsThatFailGoToTheirQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &function{answer: func(int, []string) lambda.Result { return failure() }}
		async, err := sources.NewAsync(setup(f, nil), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		told := newQueue()
		told.failSends = 1
		async.Configure(sources.AsyncMapping{Function: "photo", Retries: 1, OnFailure: "arn:aws:sqs:us-east-1:000000000000:stream-failures", Sender: told})
		stop := start(t, async)
		if err := async.Invoke("photo", []byte(`{"n":1}`)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		stop()
		var message struct {
			RequestPayload struct{ N int }
			RequestContext struct {
				Condition              string
				ApproximateInvokeCount int
			}
		}
		if all := told.bodies(); len(f.events) != 2 || len(all) != 1 || json.Unmarshal([]byte(all[0]), &message) != nil {
			t.Fatalf("%d tries, told %q", len(f.events), told.bodies())
		}
		if message.RequestPayload.N != 1 || message.RequestContext.Condition != "RetriesExhausted" || message.RequestContext.ApproximateInvokeCount != 2 {
			t.Errorf("told %+v", message)
		}
	})
}

func TestBucketNotifications(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &function{}
		async, err := sources.NewAsync(setup(f, nil), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		bucket, err := sources.NewBucket(setup(f, nil), sources.BucketMapping{
			Function: "photo", Bucket: "photos", Events: []string{"s3:ObjectCreated:*"}, Prefix: "uploads/", Suffix: ".jpg",
		}, async)
		if err != nil {
			t.Fatal(err)
		}
		stop := start(t, async)
		at := time.Date(2026, 7, 1, 0, 0, 0, 5e6, time.UTC)
		for _, event := range []sources.ObjectEvent{
			{Bucket: "photos", Key: "uploads/碑 1+2.jpg", Name: "ObjectCreated:Post", Size: 3, ETag: "e", At: at, Source: "127.0.0.1"},
			{Bucket: "other", Key: "uploads/a.jpg", Name: "ObjectCreated:Put", At: at},
			{Bucket: "photos", Key: "clean/a.jpg", Name: "ObjectCreated:Put", At: at},
			{Bucket: "photos", Key: "uploads/a.png", Name: "ObjectCreated:Put", At: at},
			{Bucket: "photos", Key: "uploads/a.jpg", Name: "ObjectRemoved:Delete", At: at},
		} {
			if err := bucket.Notify(event); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		stop()
		if len(f.events) != 1 {
			t.Fatalf("got %d events, want 1", len(f.events))
		}
		var event events.S3Event
		if err := json.Unmarshal(f.events[0], &event); err != nil {
			t.Fatal(err)
		}
		r := event.Records[0]
		if r.EventName != "ObjectCreated:Post" || r.EventVersion != "2.1" || !r.EventTime.Equal(at) || r.S3.Bucket.Arn != "arn:aws:s3:::photos" ||
			r.S3.Object.Key != "uploads/%E7%A2%91+1%2B2.jpg" || r.S3.Object.URLDecodedKey != "uploads/碑 1+2.jpg" || r.S3.Object.Size != 3 {
			t.Errorf("got %s", f.events[0])
		}
	})
}

func TestBucketMappingsThatCannotWork(t *testing.T) {
	for text, names := range map[string][]string{"no Events": nil, `event "s3:TestEvent" is not understood`: {"s3:TestEvent"}} {
		_, err := sources.NewBucket(setup(&function{}, nil), sources.BucketMapping{Function: "f", Bucket: "b", Events: names}, nil)
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%v: got %v, want %q", names, err, text)
		}
	}
}
