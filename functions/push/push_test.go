package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/push"
	"steledesk/shared/queue"
	"steledesk/shared/seal"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

const number = "WX-K37G0A0H" // of the payloads

// service is a push service, by its addresses.
type service struct {
	mu    sync.Mutex
	heard []string
	fails map[string]error
}

func (s *service) Send(_ context.Context, to visitor.Subscription, number string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, to.Endpoint+" "+number+" "+to.Language)
	return s.fails[to.Endpoint]
}

// delayed is how long each message waits, by its id.
type delayed map[string]time.Duration

func (d delayed) Delay(_ context.Context, m events.SQSMessage, wait time.Duration) error {
	d[m.MessageId] = wait
	return nil
}

// phones is the function over a table with a ticket's phones.
type phones struct {
	*teller
	t       *testing.T
	table   *dynamo.Table
	service service
	delayed delayed
	log     bytes.Buffer
	clock   time.Time
}

func open(t *testing.T, subscribed ...string) *phones {
	t.Helper()
	cfg, name := dynamotest.Table(t)
	p := &phones{t: t, table: dynamo.Open(cfg, name), clock: visitortest.Nine, delayed: delayed{}}
	p.teller = &teller{
		phones: p.table, deliveries: p.table, keys: visitortest.Keys(), sender: &p.service, delayer: p.delayed, stack: name,
		log: slog.New(slog.NewJSONHandler(&p.log, nil)), now: func() time.Time { return p.clock },
	}
	for i, endpoint := range subscribed {
		p.subscribe(endpoint, visitortest.Nine.Add(time.Duration(i)*time.Second))
	}
	return p
}

func (p *phones) subscribe(endpoint string, at time.Time) {
	p.t.Helper()
	s := visitor.Subscription{Endpoint: endpoint, Language: "ja"}
	text, err := json.Marshal(s)
	if err != nil {
		p.t.Fatal(err)
	}
	if err := p.table.Subscribe(p.t.Context(), number, s.Place(), visitortest.Keys().Seal(string(text), number+"/push"), at); err != nil {
		p.t.Fatal(err)
	}
}

// news is the payload's batch: of a ticket, and one that cannot be read.
func news(t *testing.T) events.SQSEvent {
	t.Helper()
	var e events.SQSEvent
	if err := json.Unmarshal(golden.Payload(t, "push/news"), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

// tell hands over the payload and gives how many messages of a ticket's news are to come again: beside the one that
// cannot be read, which always does.
func (p *phones) tell() int {
	p.t.Helper()
	got, err := p.handle(p.t.Context(), news(p.t))
	if err != nil || len(got.BatchItemFailures) == 0 {
		p.t.Fatalf("what cannot be read was taken: %+v, %v", got, err)
	}
	return len(got.BatchItemFailures) - 1
}

func (p *phones) left() int {
	p.t.Helper()
	all, err := p.table.Phones(p.t.Context(), number, visitortest.Nine)
	if err != nil {
		p.t.Fatal(err)
	}
	return len(all)
}

// A message that comes again, which queues are free to do, tells nobody twice.
func TestEachPhoneIsToldOnce(t *testing.T) {
	p := open(t, "one", "two")
	for range 3 {
		if again := p.tell(); again != 0 {
			t.Errorf("%d messages come again", again)
		}
	}
	if len(p.service.heard) != 2 || !strings.Contains(strings.Join(p.service.heard, ","), "two "+number+" ja") {
		t.Errorf("heard %q", p.service.heard)
	}
}

// What cannot be read used to be deleted. It goes to the dead letters now, without a pause that gains nothing, and is
// said once and counted once on its way. What may yet be told keeps its pauses for as long as its queue keeps it.
func TestWhatCannotBeReadBecomesADeadLetter(t *testing.T) {
	p := open(t, "one")
	p.service.fails = map[string]error{"one": &push.Later{Status: 503}}
	e := news(t)
	for received, want := range map[string][2]int{"1": {1, 0}, "2": {0, 0}, fmt.Sprint(queue.VisitorTries): {0, 2}} {
		p.log.Reset()
		for i := range e.Records {
			e.Records[i].Attributes = map[string]string{"ApproximateReceiveCount": received}
		}
		got, err := p.handle(t.Context(), e)
		if err != nil || len(got.BatchItemFailures) != 2 {
			t.Fatalf("received %s times: %+v, %v", received, got, err)
		}
		if said := strings.Count(p.log.String(), "becomes a dead letter"); said != want[0] {
			t.Errorf("received %s times: said %d times, log %s", received, said, p.log.String())
		}
		if counted := strings.Contains(p.log.String(), `"GivenUp":2`); counted != (want[1] == 2) || !counted && strings.Contains(p.log.String(), "GivenUp") {
			t.Errorf("received %s times: counted %v, log %s", received, counted, p.log.String())
		}
		if wait := p.delayed[e.Records[1].MessageId]; wait != 0 {
			t.Errorf("received %s times: what cannot be read waits %s", received, wait)
		}
		if wait := p.delayed[e.Records[0].MessageId]; (wait == 0) != (want[1] == 2) {
			t.Errorf("received %s times: what may yet be told waits %s", received, wait)
		}
	}
}

// Every line about a message says of which ticket, but the one about what cannot be read.
func TestLinesNameTheirTickets(t *testing.T) {
	for name, err := range map[string]error{"told": nil, "gone": push.ErrGone, "refused": push.ErrRefused, "away": &push.Later{Status: 503}} {
		p := open(t, "one")
		p.service.fails = map[string]error{"one": err}
		p.tell()
		for line := range strings.Lines(p.log.String()) {
			if !strings.Contains(line, "becomes a dead letter") && !strings.Contains(line, number) {
				t.Errorf("%s: no ticket in %s", name, line)
			}
		}
	}
}

// What becomes of a subscription and of its message, by what the push service says. One phone's trouble is no other's.
func TestWhatThePushServiceSays(t *testing.T) {
	for name, test := range map[string]struct {
		err         error
		again, left int // after the first try
		heard       int // after a second one
	}{
		"gone":        {push.ErrGone, 0, 1, 2},
		"refused":     {push.ErrRefused, 0, 2, 3},
		"busy":        {&push.Later{Status: 429, After: 20 * time.Minute}, 1, 2, 3},
		"away":        {&push.Later{Status: 503}, 1, 2, 3},
		"no answer":   {fmt.Errorf("x: %w", push.ErrUnanswered), 1, 2, 3},
		"odd":         {errors.New("odd"), 1, 2, 3},
		"in good use": {nil, 0, 2, 2},
	} {
		p := open(t, "good", "bad")
		p.service.fails = map[string]error{"bad": test.err}
		if again := p.tell(); again != test.again || p.left() != test.left {
			t.Errorf("%s: %d come again and %d phones are left, want %d and %d", name, again, p.left(), test.again, test.left)
		}
		if wait := p.delayed[news(t).Records[0].MessageId]; name == "busy" && wait != 20*time.Minute {
			t.Errorf("it asked for 20 minutes and got %v", wait)
		}
		p.service.fails = nil
		if again := p.tell(); again != 0 || len(p.service.heard) != test.heard {
			t.Errorf("%s: again %d, heard %q", name, again, p.service.heard)
		}
	}
}

// A ticket is heard by five phones at the most, those that came last; one that is sealed with a lost key goes.
func TestPhonesOfATicket(t *testing.T) {
	p := open(t, "1", "2", "3", "4", "5", "6", "7", "7")
	if p.left() != 5 {
		t.Errorf("%d phones", p.left())
	}
	p.tell()
	for _, old := range []string{"1 ", "2 "} {
		if strings.Contains(strings.Join(p.service.heard, ","), old) {
			t.Errorf("phone %s was told", old)
		}
	}
	if len(p.service.heard) != 5 {
		t.Errorf("heard %q", p.service.heard)
	}
	lost := open(t)
	if err := lost.table.Subscribe(t.Context(), number, "place", "9:AAAA", visitortest.Nine); err != nil {
		t.Fatal(err)
	}
	if again := lost.tell(); again != 0 || lost.left() != 0 {
		t.Errorf("again %d, left %d", again, lost.left())
	}
}

// While the store of the keys failed, a phone whose key this process had not heard of lost its subscription for good.
func TestAPhoneIsKeptWhileTheKeysCannotBeRead(t *testing.T) {
	p := open(t)
	if err := p.table.Subscribe(t.Context(), number, "place", "9:AAAA", visitortest.Nine); err != nil {
		t.Fatal(err)
	}
	failing := error(nil)
	keys, err := seal.Open(t.Context(), seal.Source{
		Read: func(context.Context) ([]byte, error) { return visitortest.Secret(), failing }, Clock: func() time.Time { return p.clock }, Told: func(error) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.keys, failing = keys, errors.New("throttled")
	if again := p.tell(); again != 1 || p.left() != 1 {
		t.Errorf("while they cannot be read: again %d, left %d", again, p.left())
	}
	failing, p.clock = nil, p.clock.Add(time.Minute)
	if again := p.tell(); again != 0 || p.left() != 0 {
		t.Errorf("when there is no such key: again %d, left %d", again, p.left())
	}
}
