package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/shared/channel"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/office"
	"steledesk/shared/queue"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

const botURL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0f1e2d3c"

// bench is the function over the real table, with everything else in a test's hand.
type bench struct {
	*notifier
	t     *testing.T
	table *dynamo.Table

	mu      sync.Mutex
	clock   time.Time
	waited  time.Duration
	sent    []string // "<channel>: <events> [repeat]"
	items   []channel.Item
	fail    func(channel.Channel) error
	delays  map[string]time.Duration
	log     bytes.Buffer
	delayed error
}

func newBench(t *testing.T, channels ...office.Channel) *bench {
	t.Helper()
	b := &bench{t: t, table: dynamo.Open(dynamotest.Table(t)), clock: visitortest.Nine, delays: map[string]time.Duration{}}
	o := office.Default()
	o.Channels = channels
	b.notifier = &notifier{
		prefix: "steledesk-section-", offices: offices{o, nil}, open: open(visitortest.Keys()), deliveries: b.table, sender: b,
		delayer: b, log: slog.New(slog.NewJSONHandler(&locked{b: b}, nil)), now: b.time, wait: b.pass,
	}
	return b
}

// bot is a chat group of a section.
func bot(id, section string) office.Channel {
	return office.Channel{ID: id, Section: section, Kind: office.WeCom, URL: botURL}
}

type offices struct {
	o   *office.Office
	err error
}

func (o offices) Current(context.Context) (*office.Office, int, error) { return o.o, 1, o.err }
func (offices) Settle()                                                {}

// locked lets several goroutines log.
type locked struct{ b *bench }

func (l *locked) Write(p []byte) (int, error) {
	l.b.mu.Lock()
	defer l.b.mu.Unlock()
	return l.b.log.Write(p)
}

func (b *bench) time() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.clock
}

func (b *bench) pass(_ context.Context, d time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clock, b.waited = b.clock.Add(d), b.waited+d
	return nil
}

// Send implements Sender.
func (b *bench) Send(_ context.Context, c channel.Channel, n channel.News) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail != nil {
		if err := b.fail(c); err != nil {
			return err
		}
	}
	var ids []string
	for _, i := range n.Items {
		ids = append(ids, i.Event)
	}
	slices.Sort(ids)
	said := c.ID + ": " + strings.Join(ids, " ")
	if n.Repeat {
		said += " repeat"
	}
	b.sent, b.items = append(b.sent, said), append(b.items, n.Items...)
	return nil
}

// Delay implements Delayer.
func (b *bench) Delay(_ context.Context, m events.SQSMessage, wait time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.delays[m.MessageId] = wait
	return b.delayed
}

// batch reads a payload's batch; ids renames its messages, as a second sending does.
func batch(t *testing.T, name string, ids ...string) events.SQSEvent {
	t.Helper()
	var e events.SQSEvent
	if err := json.Unmarshal(golden.Payload(t, "notify/"+name), &e); err != nil {
		t.Fatal(err)
	}
	for i, id := range ids {
		e.Records[i].MessageId = id
	}
	return e
}

// again calls the function and gives the ids of the messages that come again.
func (b *bench) again(ctx context.Context, e events.SQSEvent) []string {
	b.t.Helper()
	out, err := b.handle(ctx, e)
	if err != nil {
		b.t.Fatal(err)
	}
	var ids []string
	for _, f := range out.BatchItemFailures {
		ids = append(ids, f.ItemIdentifier)
	}
	return ids
}

// expect holds what was sent since the last time it was asked.
func (b *bench) expect(what string, want ...string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	slices.Sort(b.sent)
	slices.Sort(want)
	if !slices.Equal(b.sent, want) {
		b.t.Errorf("%s: sent %q, want %q", what, b.sent, want)
	}
	b.sent = nil
}

const (
	complaint = "WX-K37G0A0H.1" // of notify/one
	firstID   = "059f36b4-87a3-44ab-83d2-661975830a01"
)

func TestPayloads(t *testing.T) {
	for name, want := range map[string][]string{
		"one":    {"group: " + complaint},
		"burst":  {"group: " + strings.Join(filings(t), " ")},
		"report": {"jijian: WX-SN2KCZZN.1"},
		"poison": {"group: " + complaint},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, bot("group", "ticketing"), bot("jijian", "discipline"))
			golden.Check(t, name, golden.Invoke(t, b.handle, golden.Payload(t, "notify/"+name)))
			b.expect("one batch is one message", want...)
		})
	}
}

// filings lists the filings of notify/burst.
func filings(t *testing.T) []string {
	t.Helper()
	var ids []string
	for _, r := range batch(t, "burst").Records {
		m, err := queue.ParseMessage(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		if m.Seq == 1 {
			ids = append(ids, m.Event)
		}
	}
	slices.Sort(ids)
	return ids
}

// Of a 举报 its channel hears that there is one: not what about, not where.
func TestReportHasNoCategoryAndNoSpot(t *testing.T) {
	b := newBench(t, bot("jijian", "discipline"))
	b.again(t.Context(), batch(t, "report"))
	if i := b.items[0]; i.Category+i.CategoryName+i.Spot+i.SpotName != "" || i.KindName != "举报" || i.Due.IsZero() {
		t.Errorf("got %+v", i)
	}
}

func TestItemsAreInTheChannelsLanguage(t *testing.T) {
	english := bot("group", "ticketing")
	english.Language = "en"
	b := newBench(t, english)
	b.again(t.Context(), batch(t, "one"))
	if i := b.items[0]; i.KindName != "Complaint" || i.CategoryName != "Queues" || i.SpotName != "Ticket Office at the Gate" {
		t.Errorf("got %+v", i)
	}
}

// What is overdue is told by the queue's clock, which a stack may have shifted, and not by the machine's.
func TestNewsCarriesTheQueuesTime(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	var got time.Time
	b.sender = sendFunc(func(_ context.Context, _ channel.Channel, n channel.News) error { got = n.Now; return nil })
	e := batch(t, "one")
	e.Records = append(e.Records, batch(t, "one", "earlier").Records...)
	e.Records[0].Attributes["SentTimestamp"] = "1798592400000"
	b.again(t.Context(), e)
	if want := time.UnixMilli(1798592400000); !got.Equal(want) {
		t.Errorf("news of %v, want that of the latest message, %v", got, want)
	}
}

// The queue hands out at least once, and the stream sends at least once: a section hears once.
func TestToldOnce(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	for i, e := range []events.SQSEvent{batch(t, "one"), batch(t, "one"), batch(t, "one", "another-id")} {
		if again := b.again(t.Context(), e); len(again) != 0 {
			t.Errorf("time %d: %v comes again", i+1, again)
		}
	}
	b.expect("three times the same event", "group: "+complaint)
	twice := batch(t, "burst")
	twice.Records = append(twice.Records, twice.Records...)
	for i := range twice.Records {
		twice.Records[i].MessageId = fmt.Sprint("id-", i)
	}
	if again := b.again(t.Context(), twice); len(again) != 0 {
		t.Errorf("%v comes again", again)
	}
	b.expect("each event twice in one batch", "group: "+strings.Join(slices.DeleteFunc(filings(t), func(id string) bool { return id == complaint }), " "))
}

// Two senders with the same event at the same time: one tells it, the other waits and finds it told.
func TestToldOnceByTwoAtOnce(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	inside, release := make(chan struct{}), make(chan struct{})
	b.sender = sendFunc(func(ctx context.Context, c channel.Channel, n channel.News) error {
		close(inside)
		<-release
		return b.Send(ctx, c, n)
	})
	first := make(chan []string)
	go func() { first <- b.again(t.Context(), batch(t, "one")) }()
	<-inside
	if again := b.again(t.Context(), batch(t, "one", "another-id")); !slices.Equal(again, []string{"another-id"}) {
		t.Errorf("while the first is at it: %v comes again, want the second message", again)
	}
	close(release)
	if again := <-first; len(again) != 0 {
		t.Errorf("the first: %v comes again", again)
	}
	if again := b.again(t.Context(), batch(t, "one", "another-id")); len(again) != 0 {
		t.Errorf("after the first: %v comes again", again)
	}
	b.expect("two at once", "group: "+complaint)
}

type sendFunc func(context.Context, channel.Channel, channel.News) error

func (f sendFunc) Send(ctx context.Context, c channel.Channel, n channel.News) error {
	return f(ctx, c, n)
}

// A sender that died in the middle leaves its claim. Its message comes again and is told, with a word that it may be
// a repeat, whether it died before the sending or after.
func TestDeadSendersNewsIsRepeated(t *testing.T) {
	for name, die := range map[string]func(*bench){
		"before sending": func(b *bench) {
			_, err := b.table.Claim(t.Context(), "group", []dynamo.Delivery{{Event: complaint, At: visitortest.Nine, Holder: firstID}}, b.time(), lease)
			if err != nil {
				t.Fatal(err)
			}
		},
		"after sending": func(b *bench) {
			b.deliveries = deaf{b.table}
			if again := b.again(t.Context(), batch(t, "one")); !slices.Equal(again, []string{firstID}) {
				t.Fatalf("what was not noted must come again: %v", again)
			}
			b.expect("the first time", "group: "+complaint)
			b.deliveries = b.table
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, bot("group", "ticketing"))
			die(b)
			if again := b.again(t.Context(), batch(t, "one", "another-id")); !slices.Equal(again, []string{"another-id"}) {
				t.Errorf("another message within the lease: %v comes again", again)
			}
			if again := b.again(t.Context(), batch(t, "one")); len(again) != 0 {
				t.Errorf("%v comes again", again)
			}
			b.expect("the message comes again", "group: "+complaint+" repeat")
			b.pass(t.Context(), 2*lease)
			b.again(t.Context(), batch(t, "one", "another-id"))
			b.expect("and is told by then")
		})
	}
	t.Run("the lease runs out", func(t *testing.T) {
		b := newBench(t, bot("group", "ticketing"))
		if _, err := b.table.Claim(t.Context(), "group", []dynamo.Delivery{{Event: complaint, At: visitortest.Nine, Holder: "gone"}}, b.time(), lease); err != nil {
			t.Fatal(err)
		}
		b.pass(t.Context(), lease+time.Millisecond)
		b.again(t.Context(), batch(t, "one"))
		b.expect("another message takes over", "group: "+complaint+" repeat")
	})
}

// deaf loses every note that somebody was told, as a process does that dies after sending.
type deaf struct{ *dynamo.Table }

func (deaf) Told(context.Context, string, []dynamo.Delivery, time.Time) error {
	return errors.New("connection reset")
}

// forgetful loses the first few notes that somebody was told, as a table does that is out of breath.
type forgetful struct {
	*dynamo.Table
	left int
}

func (f *forgetful) Told(ctx context.Context, channel string, all []dynamo.Delivery, now time.Time) error {
	if f.left--; f.left >= 0 {
		return errors.New("throttled")
	}
	return f.Table.Told(ctx, channel, all, now)
}

// What was told and cannot be noted at once is noted a moment later, and not told twice for it.
func TestANoteIsTriedAgain(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	b.deliveries = &forgetful{b.table, noteTries - 1}
	if again := b.again(t.Context(), batch(t, "one")); len(again) != 0 {
		t.Errorf("%v comes again", again)
	}
	b.expect("told", "group: "+complaint)
	b.again(t.Context(), batch(t, "one"))
	b.expect("and noted")
}

// A clock that leaps on by minutes ends no claim of a sender at work: its event came in two messages, one of them behind a
// leap, and was told twice.
func TestAClockThatLeapsEndsNoClaim(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	if _, err := b.table.Claim(t.Context(), "group", []dynamo.Delivery{{Event: complaint, At: visitortest.Nine, Holder: "at-work"}}, b.time(), lease); err != nil {
		t.Fatal(err)
	}
	b.pass(t.Context(), 6*time.Minute) // as far as a message is hidden
	if again := b.again(t.Context(), batch(t, "one")); !slices.Equal(again, []string{firstID}) {
		t.Errorf("%v comes again", again)
	}
	b.expect("nobody")
}

// Of two channels only the one that failed is told again.
func TestOnlyTheFailedChannelIsToldAgain(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"), bot("leaders", "ticketing"), bot("elsewhere", "gardens"))
	b.fail = func(c channel.Channel) error {
		if c.ID == "leaders" {
			return &channel.Error{Channel: c, Status: 503, Cause: errors.New("HTTP 503")}
		}
		return nil
	}
	if again := b.again(t.Context(), batch(t, "one")); !slices.Equal(again, []string{firstID}) {
		t.Errorf("%v comes again", again)
	}
	b.expect("the first time", "group: "+complaint)
	b.fail = nil
	if again := b.again(t.Context(), batch(t, "one")); len(again) != 0 {
		t.Errorf("%v comes again", again)
	}
	b.expect("the second time", "leaders: "+complaint)
}

// One channel whose address cannot be opened used to silence every section of the desk.
func TestChannelThatCannotBeOpened(t *testing.T) {
	broken := bot("broken", "ticketing")
	broken.URL = "sealed:1:AAAA"
	b := newBench(t, broken, bot("group", "ticketing"))
	if again := b.again(t.Context(), batch(t, "one")); !slices.Equal(again, []string{firstID}) {
		t.Errorf("%v comes again", again)
	}
	b.expect("the section's other channel", "group: "+complaint)
	if log := b.log.String(); !strings.Contains(log, `"level":"ERROR"`) || !strings.Contains(log, `"channel":"broken"`) {
		t.Errorf("log: %s", log)
	}
	foreign := broken
	foreign.Section = "gardens"
	b = newBench(t, foreign, bot("group", "ticketing"))
	if again := b.again(t.Context(), batch(t, "one")); len(again) != 0 {
		t.Errorf("another section's broken channel: %v comes again", again)
	}
	b.expect("another section's broken channel", "group: "+complaint)
}

// Sealed addresses, as the office file's are in the table, reach the sender readable.
func TestSealedAddressIsOpened(t *testing.T) {
	sealed := bot("group", "ticketing")
	sealed.URL = "sealed:" + visitortest.Keys().Seal(botURL, "channel/group")
	b := newBench(t, sealed)
	var got string
	b.sender = sendFunc(func(_ context.Context, c channel.Channel, _ channel.News) error { got = c.URL; return nil })
	b.again(t.Context(), batch(t, "one"))
	if got != botURL {
		t.Errorf("got %q", got)
	}
}

// What an error says of the channel decides when the message comes again and whether it is called a repeat.
func TestFailures(t *testing.T) {
	tests := []struct {
		name   string
		err    *channel.Error
		least  time.Duration // the pause
		repeat bool
	}{
		{"too many", &channel.Error{Reason: channel.ErrRate, Status: 200, Code: 130101, RetryAfter: 10 * time.Minute, Cause: errors.New("x")}, 10 * time.Minute, false},
		{"refused", &channel.Error{Reason: channel.ErrRefused, Status: 200, Code: 93000, Cause: errors.New("x")}, 12 * time.Second, false},
		{"an answer that is no answer", &channel.Error{Status: 502, Cause: errors.New("x")}, 12 * time.Second, false},
		{"no answer", &channel.Error{Cause: context.DeadlineExceeded}, 12 * time.Second, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := newBench(t, bot("group", "ticketing"))
			b.fail = func(c channel.Channel) error { test.err.Channel = c; return test.err }
			again := b.again(t.Context(), batch(t, "one"))
			if wait := b.delays[firstID]; !slices.Equal(again, []string{firstID}) || wait < test.least || wait > test.least+11*time.Second {
				t.Errorf("%v comes again after %s, want after %s or a little more", again, wait, test.least)
			}
			b.fail = nil
			if again := b.again(t.Context(), batch(t, "one", "another-id")); len(again) != 0 {
				t.Errorf("then: %v comes again", again)
			}
			want := "group: " + complaint
			if test.repeat {
				want += " repeat"
			}
			b.expect("then", want)
		})
	}
}

// A repeat that is refused stays a repeat: that the second try did not arrive says nothing of the first.
func TestRepeatStaysARepeat(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	for _, err := range []*channel.Error{{Cause: errors.New("timeout")}, {Reason: channel.ErrRefused, Status: 400, Cause: errors.New("x")}} {
		b.fail = func(c channel.Channel) error { err.Channel = c; return err }
		b.again(t.Context(), batch(t, "one"))
	}
	b.fail = nil
	b.again(t.Context(), batch(t, "one"))
	b.expect("the third time", "group: "+complaint+" repeat")
}

func TestNobodyToTell(t *testing.T) {
	b := newBench(t, bot("elsewhere", "gardens"))
	if again := b.again(t.Context(), batch(t, "one")); len(again) != 0 {
		t.Errorf("a section without a channel: %v comes again", again)
	}
	b.expect("a section without a channel")
}

// A pause that could not be set is no harm: the queue's own comes instead.
func TestDelayThatFails(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	b.delayed = errors.New("receipt is stale")
	if again := b.again(t.Context(), batch(t, "poison")); len(again) != 2 {
		t.Errorf("%v comes again, want the two that cannot be read", again)
	}
	b.expect("the message between them", "group: "+complaint)
}

func TestOfficeDataCannotBeRead(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	b.offices = offices{nil, errors.New("throttled")}
	if again := b.again(t.Context(), batch(t, "burst")); len(again) != 3 {
		t.Errorf("%v comes again, want the three that are news: the fourth is nobody's", again)
	}
}

// Attached to a queue that is no section's, it used to take the messages and tell nobody.
func TestQueueOfNoSectionIsAnError(t *testing.T) {
	b := newBench(t, bot("group", "ticketing"))
	e := batch(t, "one")
	e.Records[0].EventSourceARN = "arn:aws:sqs:us-east-1:000000000000:steledesk-dead-letters"
	if _, err := b.handle(t.Context(), e); err == nil || !strings.Contains(err.Error(), "steledesk-dead-letters") {
		t.Errorf("got %v", err)
	}
	if out, err := b.handle(t.Context(), events.SQSEvent{}); err != nil || out.BatchItemFailures == nil {
		t.Errorf("an empty batch: got %+v, %v", out, err)
	}
}
