package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"steledesk/shared/channel"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// ending is an invocation that ends at a time of the test's clock.
type ending struct {
	context.Context
	at time.Time
}

func (e ending) Deadline() (time.Time, bool) { return e.at, true }

func invocation(t *testing.T, lasts time.Duration) context.Context {
	return ending{t.Context(), visitortest.Nine.Add(lasts)}
}

// A bot takes a message every few seconds: the second waits for its turn.
func TestTurnsAreWaitedFor(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	b.again(invocation(t, time.Minute), batch(t, "one"))
	b.again(invocation(t, time.Minute), batch(t, "burst"))
	gap := channel.Channel{Kind: channel.WeCom}.Gap()
	if b.waited < gap || b.waited > gap+time.Second {
		t.Errorf("waited %s, want about %s", b.waited, gap)
	}
	b.expect("both", "group: "+complaint, "group: "+strings.Join(slices.DeleteFunc(filings(t), func(s string) bool { return s == complaint }), " "))
}

// Without a turn in its time the function gives the news back, untold: the next one must not call it a repeat. The
// error used to say "too many messages", whatever had gone wrong.
func TestNoTurnInTime(t *testing.T) {
	busy := func(b *bench) {
		if _, err := b.table.TakeTurn(t.Context(), "group", b.time(), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	down := func(b *bench) { b.deliveries = turnless{b.table} }
	late := func(b *bench) { b.clock = b.clock.Add(50 * time.Second) } // ten seconds are left: a channel may take as many
	for name, trouble := range map[string]func(*bench){"no turn": busy, "the table is down": down, "late": late} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, bot("group", "ticketing"))
			trouble(b)
			if again := b.again(invocation(t, time.Minute), batch(t, "one")); !slices.Equal(again, []string{firstID}) {
				t.Errorf("%v comes again", again)
			}
			b.expect("in the first invocation")
			if log := b.log.String(); !strings.Contains(log, "wait for the turn of") || strings.Contains(log, "too many") {
				t.Errorf("log: %s", log)
			}
			b.deliveries = b.table
			b.pass(t.Context(), 2*time.Minute)
			b.again(invocation(t, 4*time.Minute), batch(t, "one"))
			b.expect("in the next one", "group: "+complaint)
		})
	}
}

// turnless cannot give turns.
type turnless struct{ *dynamo.Table }

func (turnless) TakeTurn(context.Context, string, time.Time, time.Duration) (time.Duration, error) {
	return 0, errors.New("table is down")
}

// The claim itself may fail: nothing is sent, everything comes again.
func TestClaimThatFails(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	b.deliveries = claimless{b.table}
	if again := b.again(t.Context(), batch(t, "one")); !slices.Equal(again, []string{firstID}) {
		t.Errorf("%v comes again", again)
	}
	b.expect("nothing is told unclaimed")
}

type claimless struct{ *dynamo.Table }

func (claimless) Claim(context.Context, string, []dynamo.Delivery, time.Time, time.Duration) (dynamo.Claimed, error) {
	return dynamo.Claimed{}, errors.New("table is down")
}

// At every full and half hour Feishu refuses the whole world: messages wait until that is over.
func TestFeishuAvoidsTheFullHour(t *testing.T) {
	c := bot("group", "ticketing")
	c.Kind = office.Feishu
	b := newBench(t, c)
	b.again(invocation(t, time.Minute), batch(t, "one"))
	if want := channel.Avoid(visitortest.Nine); b.waited != want || want == 0 {
		t.Errorf("waited %s, want %s", b.waited, want)
	}
	b.expect("after the crowd", "group: "+complaint)
}

// Which section hears what: what a section does itself is no news to it.
func TestNews(t *testing.T) {
	m := func(what ticket.What, kind ticket.Kind, section string, state ticket.State) queue.Message {
		return queue.Message{What: what, Kind: kind, Section: section, State: state}
	}
	tests := []struct {
		name    string
		message queue.Message
		told    string // the sections of office, ticketing, gardens, discipline that are
	}{
		{"filed", m(ticket.Filed, ticket.Complaint, "ticketing", ticket.Assigned), "office ticketing"},
		{"to be assigned", m(ticket.Filed, ticket.Complaint, "office", ticket.Triage), "office"},
		{"signed", m(ticket.Signed, ticket.Complaint, "ticketing", ticket.Handling), ""},
		{"noted", m(ticket.Noted, ticket.Complaint, "ticketing", ticket.Handling), ""},
		{"transferred", m(ticket.Transferred, ticket.Complaint, "gardens", ticket.Assigned), "office ticketing gardens discipline"},
		{"reminded, wherever the ladder says", m(ticket.Reminded, ticket.Complaint, "ticketing", ticket.Handling), "office ticketing gardens discipline"},
		{"a report escalated", m(ticket.Escalated, ticket.Report, "discipline", ticket.Handling), "discipline"},
		{"sent back", m(ticket.ReturnAsked, ticket.Complaint, "ticketing", ticket.Returned), "office"},
		{"answered, to be approved", m(ticket.AnswerGiven, ticket.Complaint, "ticketing", ticket.Review), "office"},
		{"answered", m(ticket.AnswerGiven, ticket.Enquiry, "ticketing", ticket.Answered), ""},
		{"a report filed", m(ticket.Filed, ticket.Report, "discipline", ticket.Assigned), "discipline"},
		{"a report transferred", m(ticket.Transferred, ticket.Report, "discipline", ticket.Assigned), "discipline"},
		{"a report answered by discipline itself", m(ticket.AnswerGiven, ticket.Report, "discipline", ticket.Answered), ""},
	}
	for _, test := range tests {
		var told []string
		for _, section := range []string{"office", "ticketing", "gardens", "discipline"} {
			if tells(test.message, section) {
				told = append(told, section)
			}
		}
		if got := strings.Join(told, " "); got != test.told {
			t.Errorf("%s: tells %q, want %q", test.name, got, test.told)
		}
	}
	for what := range news {
		if !channel.Known(string(what)) {
			t.Errorf("no channel can tell %s", what)
		}
	}
}

// Through the real sender and a bot that answers as WeCom does: errors and log hold no address, no key.
func TestLogHoldsNoAddress(t *testing.T) {
	replies := []string{`{"errcode":45009,"errmsg":"api freq out of limit key=0f1e2d3c"}`, `{"errcode":93000,"errmsg":"invalid webhook url"}`, "", `{"errcode":0,"errmsg":"ok"}`}
	var bodies []string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		bodies = append(bodies, string(body))
		reply := replies[0]
		replies = replies[1:]
		if reply == "" {
			panic(http.ErrAbortHandler) // the connection breaks in the middle
		}
		_, _ = io.WriteString(w, reply)
	}))
	defer server.Close()
	c := bot("group", "ticketing")
	c.URL = server.URL + "/cgi-bin/webhook/send?key=0f1e2d3c"
	b := newBench(t, c)
	b.sender = &channel.Sender{Hosts: []string{server.URL}, HTTP: server.Client(), Now: b.time}
	for i, want := range []int{1, 1, 1, 0, 0} {
		b.pass(t.Context(), time.Hour)
		if again := b.again(t.Context(), batch(t, "one")); len(again) != want {
			t.Errorf("time %d: %v comes again", i+1, again)
		}
	}
	if len(bodies) != 4 || strings.Contains(bodies[1], "可能已经发过") || !strings.Contains(bodies[3], "可能已经发过") {
		t.Errorf("sent %d times: %q; want the last, after a broken connection, to say that it may be a repeat", len(bodies), bodies)
	}
	for _, secret := range []string{"0f1e2d3c", server.URL, "cgi-bin", "127.0.0.1"} {
		if strings.Contains(b.log.String(), secret) {
			t.Errorf("%q is in the log: %s", secret, b.log.String())
		}
	}
}

// A section without a queue is served from the office's: the office's group is told instead.
func TestOfficeServesSectionsWithoutQueue(t *testing.T) {
	b := newBench(t, bot("office-group", "office"))
	e := batch(t, "one")
	e.Records[0].EventSourceARN = "arn:aws:sqs:us-east-1:000000000000:steledesk-section-office"
	b.again(t.Context(), e)
	b.expect("in the office's queue", "office-group: "+complaint)
}

// The pause grows with each time a message was received.
func TestPausesGrow(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	b.fail = func(c channel.Channel) error { return &channel.Error{Channel: c, Status: 500, Cause: errors.New("x")} }
	last := time.Duration(0)
	for _, count := range []string{"1", "2", "3", "4"} {
		e := batch(t, "one")
		e.Records[0].Attributes["ApproximateReceiveCount"] = count
		b.again(t.Context(), e)
		if wait := b.delays[firstID]; wait <= last || wait > 20*time.Minute {
			t.Errorf("received %s times: %s after %s", count, wait, last)
		} else {
			last = wait
		}
	}
	b.fail = func(c channel.Channel) error {
		return &channel.Error{Channel: c, Reason: channel.ErrRate, Status: 200, RetryAfter: 10 * time.Minute, Cause: errors.New("x")}
	}
	e := batch(t, "one")
	e.Records[0].Attributes["ApproximateReceiveCount"] = "5"
	b.again(t.Context(), e)
	if wait, delayed := b.delays[firstID]; !delayed || wait != 0 {
		t.Errorf("after the last try: %s, want 0: it is a dead letter, and its alarm may not wait", wait)
	}
}

var _ Delayer = (*queue.Delayer)(nil)

// Items never name what a message does not: an office that dropped a category still tells its old tickets.
func TestUnknownIdsAreToldAsTheyAre(t *testing.T) {
	m := queue.Message{Event: "WX-K37G0A0H.1", What: ticket.Filed, Kind: ticket.Complaint, Category: "gone", Spot: "XX1"}
	if i := item(m, office.Default(), "zh"); i.CategoryName != "gone" || i.SpotName != "XX1" || !i.Due.IsZero() {
		t.Errorf("got %+v", i)
	}
}
