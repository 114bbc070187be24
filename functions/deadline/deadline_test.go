package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"

	"steledesk/events/golden"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

// bench is the function over the real table.
type bench struct {
	*deadlines
	t     *testing.T
	table *dynamo.Table
	cfg   aws.Config
	mu    sync.Mutex
	log   bytes.Buffer
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t}
	var name string
	b.cfg, name = dynamotest.Table(t)
	b.table = dynamo.Open(b.cfg, name)
	b.deadlines = &deadlines{table: b.table, offices: offices{}, log: slog.New(slog.NewJSONHandler(b, nil)), now: time.Now}
	return b
}

type offices struct{}

func (offices) Current(context.Context) (*office.Office, int, error) { return office.Default(), 0, nil }
func (offices) Settle()                                              {}

// Write takes the log of several goroutines.
func (b *bench) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.Write(p)
}

// file files a complaint at nine, under a number of its own.
func (b *bench) file(key string) string {
	b.t.Helper()
	f := visitortest.Complaint()
	f.Key = key
	return visitortest.File(b.t, visitortest.Desk(b.table), f).Number
}

func (b *bench) tick(at time.Time) (Swept, error) {
	return b.handle(b.t.Context(), events.CloudWatchEvent{Time: at})
}

// steps lists what the clock did to a ticket, and holds its chain to be whole.
func (b *bench) steps(number string) string {
	b.t.Helper()
	s, err := b.table.Ticket(b.t.Context(), number)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := ticket.Verify(s.Head, s.Records); err != nil {
		b.t.Error(err)
	}
	var out []string
	for _, r := range s.Records {
		e, err := r.Event()
		if err != nil {
			b.t.Fatal(err)
		}
		if e.By.Role == ticket.Clock {
			out = append(out, strings.TrimSpace(string(e.What)+" "+e.Data.Step))
		}
	}
	return strings.Join(out, ", ")
}

var twoDays = visitortest.Nine.Add(48 * time.Hour) // the complaint should have been signed the day before

func TestPayload(t *testing.T) {
	b := newBench(t)
	number := b.file("3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c01")
	var got Swept
	if err := json.Unmarshal(golden.Invoke(t, b.handle, golden.Payload(t, "deadline/wake")), &got); err != nil || got != (Swept{Done: 1}) {
		t.Errorf("got %+v, %v", got, err)
	}
	if got := b.steps(number); got != "reminded unsigned" {
		t.Errorf("got %s", got)
	}
}

// A tick does what is due, once, however often it comes, and leaves the rest alone.
func TestTicks(t *testing.T) {
	b := newBench(t)
	number := b.file("3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c01")
	for _, step := range []struct {
		at   time.Time
		want string
	}{
		{visitortest.Nine, ""},
		{twoDays.Add(-time.Hour), ""},
		{twoDays, "reminded unsigned"},
		{twoDays, "reminded unsigned"},
		{twoDays.Add(time.Hour), "reminded unsigned"},
		{visitortest.Nine.AddDate(0, 0, 7), "reminded unsigned, reminded last-day"},
		{visitortest.Nine.AddDate(0, 1, 0), "reminded unsigned, reminded last-day, escalated oversee"},
		{visitortest.Nine.AddDate(0, 2, 0), "reminded unsigned, reminded last-day, escalated oversee"},
	} {
		if _, err := b.tick(step.at); err != nil {
			t.Fatal(err)
		}
		if got := b.steps(number); got != step.want {
			t.Errorf("at %s: got %q, want %q", step.at, got, step.want)
		}
	}
}

// Answered and not objected to: the clock closes it, and looks again when the time of its record is over.
func TestSilence(t *testing.T) {
	b := newBench(t)
	number := b.file("3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c01")
	section := ticket.Actor{Role: ticket.SectionStaff, Login: "a", Section: "ticketing"}
	for _, c := range []ticket.Command{
		{Name: ticket.Sign, By: section}, {Name: ticket.Answer, By: section, Text: "x", Outcome: ticket.OutcomeSolved},
		{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "b", Section: "office"}},
	} {
		visitortest.Give(t, b.table, number, c, visitortest.Nine)
	}
	if _, err := b.tick(visitortest.Nine.AddDate(0, 1, 0)); err != nil {
		t.Fatal(err)
	}
	head, err := b.table.Head(t.Context(), number)
	if err != nil || head.State != ticket.Closed || !head.Alarm.Equal(head.ClosedAt.AddDate(10, 0, 0)) {
		t.Errorf("got %+v, %v", head, err)
	}
	if got := b.steps(number); got != "closed-silent" {
		t.Errorf("got %q", got)
	}
}

// Twenty ticks at once, as after an outage: each ticket is told of once.
func TestTicksBesideEachOther(t *testing.T) {
	b := newBench(t)
	var numbers []string
	for i := range 30 {
		numbers = append(numbers, b.file(fmt.Sprintf("3f8c1b52-7d0e-4a44-9a51-%012d", i)))
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := b.tick(twoDays); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, n := range numbers {
		if got := b.steps(n); got != "reminded unsigned" {
			t.Errorf("%s: %s", n, got)
		}
	}
}

// broken is a table with a ticket that always fails, or is always changed by others, and notes what is asked of it.
type broken struct {
	*dynamo.Table
	mu    sync.Mutex
	bad   string
	fail  error
	calls []string
}

func (f *broken) note(call string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, call)
}

func (f *broken) Due(ctx context.Context, shard int, now time.Time) iter.Seq2[string, error] {
	f.note("Due")
	return f.Table.Due(ctx, shard, now)
}

func (f *broken) Head(ctx context.Context, number string) (ticket.Head, error) {
	f.note("Head")
	return f.Table.Head(ctx, number)
}

func (f *broken) Append(ctx context.Context, version int, after ticket.Head, all []ticket.Event) error {
	f.note("Append")
	if after.Number == f.bad {
		return f.fail
	}
	return f.Table.Append(ctx, version, after, all)
}

func TestNothingDueIsFourQueries(t *testing.T) {
	b := newBench(t)
	b.file("3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c01")
	f := &broken{Table: b.table}
	b.deadlines.table = f
	if _, err := b.tick(visitortest.Nine); err != nil || !slices.Equal(f.calls, []string{"Due", "Due", "Due", "Due"}) {
		t.Errorf("calls %v, %v", f.calls, err)
	}
}

// One bad ticket, the first of all that are due, used to be the end of a sweep in programs of this kind.
func TestABadTicketHoldsNobodyUp(t *testing.T) {
	for name, fail := range map[string]error{"it fails": errors.New("item is too large"), "it is busy": visitor.ErrChanged} {
		b := newBench(t)
		f := &broken{Table: b.table, fail: fail}
		b.deadlines.table = f
		var numbers []string
		for i := range 12 {
			numbers = append(numbers, b.file(fmt.Sprintf("3f8c1b52-7d0e-4a44-9a51-%012d", i)))
		}
		f.bad = numbers[0]
		swept, err := b.tick(twoDays)
		if err == nil || swept.Failed != 1 || swept.Done != 11 || !strings.Contains(b.log.String(), f.bad) {
			t.Errorf("%s: got %+v, %v", name, swept, err)
		}
		f.bad = ""
		if swept, err = b.tick(twoDays.Add(5 * time.Minute)); err != nil || swept.Done != 1 {
			t.Errorf("%s: then %+v, %v", name, swept, err)
		}
		for _, n := range numbers {
			if got := b.steps(n); got != "reminded unsigned" {
				t.Errorf("%s: %s: %s", name, n, got)
			}
		}
	}
}

// A backlog that does not fit is left to the next tick, in one piece.
func TestBacklogIsLeftToTheNextTick(t *testing.T) {
	b := newBench(t)
	var numbers []string
	for i := range 20 {
		numbers = append(numbers, b.file(fmt.Sprintf("3f8c1b52-7d0e-4a44-9a51-%012d", i)))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	var mu sync.Mutex
	looked := 0
	b.now = func() time.Time { // the invocation ends after eight tickets
		mu.Lock()
		defer mu.Unlock()
		if looked++; looked > 8 {
			return time.Now().Add(time.Hour)
		}
		return time.Now()
	}
	swept, err := b.handle(ctx, events.CloudWatchEvent{Time: twoDays})
	if err != nil || !swept.More || swept.Done != 8 {
		t.Errorf("got %+v, %v", swept, err)
	}
	if swept, err = b.tick(twoDays); err != nil || swept.More || swept.Done != 12 {
		t.Errorf("then %+v, %v", swept, err)
	}
	for _, n := range numbers {
		if got := b.steps(n); got != "reminded unsigned" {
			t.Errorf("%s: %s", n, got)
		}
	}
}

// An alarm that rings too early, since the ladder was changed or the calendar ended, is moved and nothing is told.
func TestAlarmIsMoved(t *testing.T) {
	b := newBench(t)
	number := b.file("3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c01")
	before, err := b.table.Head(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.table.SetAlarm(t.Context(), before, visitortest.Nine); err != nil {
		t.Fatal(err)
	}
	if _, err := b.tick(visitortest.Nine.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	after, err := b.table.Head(t.Context(), number)
	if err != nil || !after.Alarm.Equal(before.Alarm) || after.Version != before.Version {
		t.Errorf("got %+v, %v; want the alarm at %s", after, err, before.Alarm)
	}
}

func TestEventWithoutTimeIsAnError(t *testing.T) {
	if _, err := newBench(t).tick(time.Time{}); err == nil {
		t.Error("a payload that is no schedule's was taken")
	}
}

// A complaint filed where the calendar ended had no deadline, and got none when the next year's notice came.
func TestTheCalendarArrives(t *testing.T) {
	b := newBench(t)
	desk := visitortest.Desk(b.table)
	lastDays := time.Date(2026, 12, 30, 9, 0, 0, 0, ticket.Zone)
	r, err := desk.File(t.Context(), "3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c01", visitor.Matter{Kind: ticket.Complaint, Text: "排队太久", Language: "zh"}, lastDays)
	if err != nil || !r.AnswerBy.IsZero() {
		t.Fatalf("got %+v, %v; want no date yet", r, err)
	}
	if _, err := b.tick(lastDays.AddDate(0, 0, 1)); err != nil || b.steps(r.Number) != "" {
		t.Fatalf("before the notice: %q, %v", b.steps(r.Number), err)
	}
	b.offices = noticed{}
	for range 2 {
		if _, err := b.tick(time.Date(2027, 1, 4, 8, 30, 0, 0, ticket.Zone)); err != nil {
			t.Fatal(err)
		}
	}
	head, err := b.table.Head(t.Context(), r.Number)
	if err != nil {
		t.Fatal(err)
	}
	if want := time.Date(2027, 1, 7, 23, 59, 59, 0, ticket.Zone); !head.Due.AnswerBy.Equal(want) {
		t.Errorf("to be answered by %s, want %s", head.Due.AnswerBy, want)
	}
	if got := b.steps(r.Number); !strings.HasPrefix(got, "dated") || strings.Count(got, "dated") != 1 {
		t.Errorf("the clock did %q", got)
	}
}

// noticed is the office once the holidays of 2027 are in its data.
type noticed struct{ offices }

func (noticed) Current(context.Context) (*office.Office, int, error) {
	o := *office.Default()
	o.Holidays = []office.Holidays{{Year: 2027, Off: []string{"2027-01-01..2027-01-03"}}}
	return &o, 1, nil
}
