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

type delayed struct{ waits []time.Duration }

func (d *delayed) Delay(_ context.Context, _ events.SQSMessage, wait time.Duration) error {
	d.waits = append(d.waits, wait)
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
	p := &phones{t: t, table: dynamo.Open(cfg, name), clock: visitortest.Nine}
	p.teller = &teller{
		phones: p.table, deliveries: p.table, keys: visitortest.Keys(), sender: &p.service, delayer: &p.delayed,
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

// tell hands over the payload and gives how many messages are to come again.
func (p *phones) tell() int {
	p.t.Helper()
	var got events.SQSEventResponse
	if err := json.Unmarshal(golden.Invoke(p.t, p.handle, golden.Payload(p.t, "push/news")), &got); err != nil {
		p.t.Fatal(err)
	}
	return len(got.BatchItemFailures)
}

func (p *phones) left() int {
	p.t.Helper()
	all, err := p.table.Phones(p.t.Context(), number)
	if err != nil {
		p.t.Fatal(err)
	}
	return len(all)
}

// A message that comes again, which queues are free to do, tells nobody twice; one that is none is given up and said.
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
	if log := p.log.String(); !strings.Contains(log, `"msg":"message given up"`) {
		t.Errorf("the poison is not said: %s", log)
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
		if name == "busy" && p.delayed.waits[0] != 20*time.Minute {
			t.Errorf("it asked for 20 minutes and got %v", p.delayed.waits)
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
