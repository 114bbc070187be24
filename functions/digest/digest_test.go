package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/shared/meeting"
	"steledesk/shared/queue"
)

// office is who makes digests and puts messages back, and remembers what it was asked.
type office struct {
	orders []meeting.Order
	waits  []time.Duration
	err    error
}

func (o *office) Make(_ context.Context, order meeting.Order) (meeting.Edition, bool, error) {
	o.orders = append(o.orders, order)
	return meeting.Edition{Number: 1}, true, o.err
}

func (o *office) Delay(_ context.Context, _ events.SQSMessage, wait time.Duration) error {
	o.waits = append(o.waits, wait)
	return nil
}

func (o *office) secretary() (*secretary, *bytes.Buffer) {
	var log bytes.Buffer
	return &secretary{maker: o, delayer: o, stack: "steledesk", now: time.Now, log: slog.New(slog.NewTextHandler(&log, nil))}, &log
}

// Each payload asks for one month, at the time of the event and not of the machine: a try an hour later counts the same.
func TestWhatIsAskedFor(t *testing.T) {
	for name, want := range map[string]string{
		"digest/monthly": "2026-11 at 2026-12-01T08:00:00+08:00 by \"\" for \"\"",
		"digest/again":   "2026-11 at 2026-12-01T08:00:00+08:00 by \"\" for \"\"",
		"digest/ordered": "2026-10 at 2026-11-23T09:00:00+08:00 by \"office\" for \"节假日有误\"",
	} {
		var o office
		s, _ := o.secretary()
		golden.Invoke(t, s.handle, golden.Payload(t, name))
		if len(o.orders) != 1 {
			t.Fatalf("%s: %d orders", name, len(o.orders))
		}
		got := o.orders[0]
		zone := time.FixedZone("CST", 8*60*60)
		if text := fmt.Sprintf("%s at %s by %q for %q", got.Month, got.Now.In(zone).Format(time.RFC3339), got.By, got.Reason); text != want {
			t.Errorf("%s: got %s, want %s", name, text, want)
		}
	}
}

// What failed comes again, a message in seconds or minutes: its queue alone would bring it after ninety.
func TestFailureComesAgain(t *testing.T) {
	for name, waits := range map[string]int{"digest/monthly": 0, "digest/ordered": 1} {
		o := office{err: errors.New("the table is away")}
		s, log := o.secretary()
		if _, err := s.handle(t.Context(), golden.Payload(t, name)); err == nil {
			t.Errorf("%s: it is not said that it failed", name)
		}
		if len(o.waits) != waits || !strings.Contains(log.String(), "the table is away") {
			t.Errorf("%s: put back %v, log %s", name, o.waits, log)
		}
	}
}

// order is an event with one message, handed out so often.
func order(t *testing.T, body string, received int) json.RawMessage {
	t.Helper()
	text, err := json.Marshal(events.SQSEvent{Records: []events.SQSMessage{{Body: body, Attributes: map[string]string{
		"SentTimestamp": "1795914000000", "ApproximateReceiveCount": strconv.Itoa(received),
	}}}})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// What can never be done used to be deleted. It fails now, so that it goes to the dead letters, and without a pause that
// gains nothing. A tick does when it was tried as a message.
func TestWhatCanNeverBeDoneBecomesADeadLetter(t *testing.T) {
	for name, payload := range map[string]json.RawMessage{
		"no JSON": order(t, "digest, please", 1), "another version": order(t, `{"v":2,"month":"2026-10"}`, 1), "no month": order(t, `{"v":1,"month":"October"}`, 1),
		"a tick that is none": order(t, `{"requestPayload":{"detail-type":"nothing"}}`, 1), "another's event": json.RawMessage(`{"detail-type":"nothing"}`),
	} {
		var o office
		s, log := o.secretary()
		if _, err := s.handle(t.Context(), payload); err == nil || len(o.orders) != 0 || !strings.Contains(log.String(), "level=ERROR") {
			t.Errorf("%s: %v, orders %v, log %s", name, err, o.orders, log)
		}
		if message := name != "another's event"; message != (len(o.waits) == 1) || message && o.waits[0] != 0 {
			t.Errorf("%s: put back %v", name, o.waits)
		}
	}
	o := office{err: meeting.ErrFuture}
	s, log := o.secretary()
	if _, err := s.handle(t.Context(), golden.Payload(t, "digest/ordered")); err == nil || len(o.waits) != 1 || o.waits[0] != 0 || !strings.Contains(log.String(), "has not begun") {
		t.Errorf("a month to come: %v, put back %v, log %s", err, o.waits, log)
	}
}

// The last try of a message is counted, and no other: what digest gave up used to be in no metric.
func TestGivenUpIsCounted(t *testing.T) {
	for _, body := range []string{"digest, please", `{"v":1,"month":"2026-10","by":"office"}`} {
		for received, want := range map[int]bool{1: false, queue.DigestTries - 1: false, queue.DigestTries: true} {
			o := office{err: errors.New("the table is away")}
			s, log := o.secretary()
			if _, err := s.handle(t.Context(), order(t, body, received)); err == nil {
				t.Errorf("%s: no error", body)
			}
			if got := strings.Contains(log.String(), "GivenUp=1"); got != want {
				t.Errorf("%s, received %d times: counted %v; log %s", body, received, got, log)
			}
		}
	}
}
