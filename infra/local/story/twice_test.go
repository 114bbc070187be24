package story

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"steledesk/infra/local/sink"
	"steledesk/infra/local/stack"
)

// Every queue message is sent twice, and every one that was done is handed out again.
func TestEverythingTwiceIsToldOnce(t *testing.T) {
	t.Parallel()
	var sent, kept atomic.Int32
	twice := func(service, action string, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch service + "." + action {
			case "sqs.SendMessageBatch":
				body, err := io.ReadAll(r.Body)
				if err != nil {
					panic(http.ErrAbortHandler)
				}
				again := r.Clone(r.Context())
				again.Body, r.Body = io.NopCloser(bytes.NewReader(body)), io.NopCloser(bytes.NewReader(body))
				next.ServeHTTP(httptest.NewRecorder(), again)
				sent.Add(1)
			case "sqs.DeleteMessageBatch":
				if kept.Add(1) <= 2 { // done, and handed out again after its visibility timeout
					w.Header().Set("Content-Type", "application/x-amz-json-1.0")
					fmt.Fprint(w, `{"Successful":[],"Failed":[]}`)
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
	d := open(t, func(s *stack.Settings) { s.Middleware = twice })
	var numbers []string
	for range 5 {
		numbers = append(numbers, d.file(rand.Text(), complaint).Number)
	}
	for _, n := range numbers {
		d.until("the section is told of "+n, func() bool { return len(d.heard("ticketing", n)) > 0 })
	}
	d.skip(7 * time.Minute)
	d.until("all is quiet", d.drained)
	for _, n := range numbers {
		if heard := d.heard("ticketing", n); len(heard) != 1 {
			t.Errorf("%s was told %d times", n, len(heard))
		}
	}
	if sent.Load() == 0 || kept.Load() < 2 {
		t.Errorf("nothing was doubled: %d sendings, %d deletions", sent.Load(), kept.Load())
	}
}

// The stream's records come twice: dispatch dies each time it has sent.
func TestStreamRecordsTwiceAreToldOnce(t *testing.T) {
	t.Parallel()
	f := &fault{}
	d := open(t, func(s *stack.Settings) { s.Middleware = f.middleware })
	f.kill = d.Kill
	for range 3 {
		d.Kill("dispatch")
		f.arm("dispatch", 2, true) // its first call finds the queue, its second sends
		d.fileAndHear(f)
		if f.struck() != "after dispatch's sqs.SendMessageBatch" {
			t.Fatalf("struck %q, want the sending", f.struck())
		}
	}
}

// A bot that is down for a minute: nothing is lost, nobody is told twice, nothing becomes a dead letter.
func TestAChannelFailsForAMinute(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	down := time.Now().Add(time.Duration(d.ahead.Load()) + time.Minute)
	d.Sink().Fail(func(string, string, int) sink.Verdict {
		if time.Now().Add(time.Duration(d.ahead.Load())).Before(down) {
			return sink.Verdict{Status: http.StatusBadGateway}
		}
		return sink.Verdict{}
	})
	var numbers []string
	for range 3 {
		numbers = append(numbers, d.file(rand.Text(), complaint).Number)
	}
	for _, n := range numbers {
		d.until("the section is told of "+n, func() bool { return len(d.heard("ticketing", n)) > 0 })
	}
	d.until("all is quiet", d.drained)
	for _, n := range numbers {
		if heard := d.heard("ticketing", n); len(heard) != 1 || strings.Contains(heard[0].Text, "可能已经发过") {
			t.Errorf("%s: heard %+v", n, heard)
		}
	}
	if d.queued("steledesk-dead-letters") != 0 {
		t.Error("a minute's outage made a dead letter")
	}
}

// A bot that never works: the message ends in the dead-letter queue and the ticket is safe.
func TestAChannelThatNeverWorks(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	d.Sink().Fail(func(string, string, int) sink.Verdict { return sink.Verdict{Status: http.StatusBadGateway} })
	r := d.file(rand.Text(), complaint)
	d.until("the message is a dead letter", func() bool { return d.queued("steledesk-dead-letters") == 1 })
	if heard := d.heard("ticketing", r.Number); len(heard) != 0 {
		t.Errorf("heard %+v", heard)
	}
	d.verify(r.Number)
}
