package meeting_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/s3"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/s3"
	"steledesk/shared/bucket"
	"steledesk/shared/digest"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/meeting"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

func at(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, ticket.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// desk is a table, a bucket and whoever makes digests of them.
type desk struct {
	*meeting.Maker
	t      *testing.T
	table  *dynamo.Table
	url    string // of the bucket's service
	office *office.Office

	mu     sync.Mutex
	broken []string
}

func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, office: office.Default()}
	cfg, name := dynamotest.Table(t)
	d.table = dynamo.Open(cfg, name)
	files, err := s3.Open(t.TempDir(), s3.Options{})
	if err == nil {
		err = files.CreateBucket("papers")
	}
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(files)
	t.Cleanup(web.Close)
	d.url = web.URL
	d.Maker = &meeting.Maker{
		Editions: d.table, Tickets: d.table, Files: bucket.OpenPapers(awstest.Config(web.URL), "papers"),
		Office: func(context.Context) (*office.Office, int, error) { return d.office, 7, nil },
		Decisions: func(context.Context, digest.Month, time.Time) ([]digest.Decision, error) {
			return nil, nil
		},
		Write: write, Shards: dynamo.MonthShards, Width: 3,
		Broken: func(_ context.Context, number string, _ error) {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.broken = append(d.broken, number)
		},
	}
	return d
}

// write is the plainest of papers: the figures that a test looks at, and the lines.
func write(_ context.Context, d meeting.Draft) ([]meeting.Paper, error) {
	var numbers []string
	for c, err := range d.Lines() {
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, c.Number)
	}
	slices.Sort(numbers)
	text := fmt.Sprintf("edition %d, %d received, lines %v", d.Digest.Edition, d.Digest.Tally.All.Received, numbers)
	return []meeting.Paper{{Name: "digest.html", Type: "text/html", Body: []byte(text)}}, nil
}

type step struct {
	at string
	c  ticket.Command
}

var (
	visitor = ticket.Actor{Role: ticket.Visitor}
	clerk   = ticket.Actor{Role: ticket.SectionStaff, Login: "ticketing", Section: "ticketing"}

	answered = ticket.Command{Name: ticket.Answer, By: clerk, Text: "已处理", Outcome: ticket.OutcomeSolved}
	signed   = ticket.Command{Name: ticket.Sign, By: clerk}
)

// life gives a ticket that was filed and went through steps.
func (d *desk) life(number string, kind ticket.Kind, filed time.Time, steps ...step) dynamo.Whole {
	d.t.Helper()
	section := "ticketing"
	if kind == ticket.Report {
		section = ticket.DisciplineSection
	}
	c := ticket.Command{Name: ticket.File, By: visitor, Number: number, Kind: kind, Category: "ticket-price", Spot: "BL01", Section: section, Text: "票价"}
	head, events, err := ticket.Apply(ticket.Head{}, c, ticket.Moment{Now: filed, Terms: &office.Tolerant{Terms: d.office}})
	for _, s := range steps {
		var more []ticket.Event
		if err == nil {
			head, more, err = ticket.Apply(head, s.c, ticket.Moment{Now: at(s.at), Terms: d.office})
			events = append(events, more...)
		}
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return dynamo.Whole{Head: head, Events: events}
}

// put stores such a ticket.
func (d *desk) put(number string, kind ticket.Kind, filed string, steps ...step) {
	d.t.Helper()
	if err := d.table.Load(d.t.Context(), []dynamo.Whole{d.life(number, kind, at(filed), steps...)}); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) make(month digest.Month, now string) (meeting.Edition, bool) {
	d.t.Helper()
	e, made, err := d.Make(d.t.Context(), meeting.Order{Month: month, Now: at(now)})
	if err != nil {
		d.t.Fatal(err)
	}
	return e, made
}

func (d *desk) read(e meeting.Edition, name string) string {
	d.t.Helper()
	body, err := d.Files.Get(d.t.Context(), e.Key(name))
	if err != nil {
		d.t.Fatal(err)
	}
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(body)
	if err != nil {
		d.t.Fatal(err)
	}
	return string(text)
}

// stored is the one edition there should be, as it was stored.
func (d *desk) stored(month digest.Month) meeting.Edition {
	d.t.Helper()
	all, err := d.table.Editions(d.t.Context(), month)
	if err != nil || len(all) != 1 || all[0].Number != 1 {
		d.t.Fatalf("got %d editions, %v; want edition 1 alone", len(all), err)
	}
	return all[0]
}

// september is a month with one of each: an enquiry answered in time, a complaint nobody looked at, a 举报.
func (d *desk) september() {
	d.put("WX-00000001", ticket.Enquiry, "2026-09-07 10:00", step{"2026-09-07 11:00", signed}, step{"2026-09-08 11:00", answered})
	d.put("WX-00000002", ticket.Complaint, "2026-09-18 10:00")
	d.put("WX-00000003", ticket.Report, "2026-09-19 10:00")
}

func TestFirstMonthEver(t *testing.T) {
	d := open(t)
	d.september()
	e, made := d.make("2026-09", "2026-10-01 08:00")
	f := e.Digest.Tally
	if !made || e.Number != 1 || !e.Digest.Whole || e.Digest.Tickets != 3 || e.Digest.Earlier.Known || e.Digest.MonthAgo != nil || e.Digest.Office != 7 {
		t.Errorf("got %+v", e)
	}
	if f.All.Received != 2 || f.All.InTime != 1 || f.All.Overdue != 1 || f.Reports != 1 {
		t.Errorf("figures %+v", f)
	}
	if got, want := d.read(e, "digest.html"), "edition 1, 2 received, lines [WX-00000001 WX-00000002]"; got != want {
		t.Errorf("paper %q, want %q: 举报 are in no line", got, want)
	}
	if got := d.read(e, "carry.jsonl"); strings.Contains(got, "WX-00000003") || !strings.Contains(got, "WX-00000002") {
		t.Errorf("left to the next month: %q", got)
	}
	if got := d.stored("2026-09"); got.Hash != e.Hash || !got.Digest.Same(e.Digest) || len(got.Papers) != 1 || got.Papers[0].Size == 0 {
		t.Errorf("stored %+v", got)
	}
}

// What was open when the month ended is followed until it is not, over more than one month.
func TestWhatWasLeftIsFollowed(t *testing.T) {
	d := open(t)
	d.september()
	d.put("WX-00000004", ticket.Enquiry, "2026-09-28 10:00", step{"2026-10-12 11:00", signed}, step{"2026-10-12 11:30", answered})
	d.make("2026-09", "2026-10-01 08:00")
	october, _ := d.make("2026-10", "2026-11-01 08:00")
	got, want := october.Digest.Earlier, digest.Earlier{Known: true, Open: 2, Answered: 1, Late: 1, Still: 1, Overdue: 1}
	if len(got.Waits) != 1 || got.Waits[0].Number != "WX-00000002" {
		t.Errorf("waits %+v", got.Waits)
	}
	got.Waits = nil
	if fmt.Sprint(got) != fmt.Sprint(want) || october.Digest.MonthAgo == nil || october.Digest.MonthAgo.All.Received != 3 {
		t.Errorf("got %+v, want %+v; month before %+v", got, want, october.Digest.MonthAgo)
	}
	november, _ := d.make("2026-11", "2026-12-01 08:00")
	if got := november.Digest.Earlier; got.Open != 1 || got.Still != 1 {
		t.Errorf("a month later %+v", got)
	}
	if left := d.read(november, "carry.jsonl"); left != "\"WX-00000002\"\n" {
		t.Errorf("still followed: %q", left)
	}
}

// A month that was missed, or of which there is a look only, is made first: else what it left would be lost to the next.
func TestMissedMonthIsMadeFirst(t *testing.T) {
	d := open(t)
	d.put("WX-00000009", ticket.Enquiry, "2026-08-31 10:00")
	d.september()
	d.make("2026-09", "2026-09-18 12:00")
	october, _ := d.make("2026-10", "2026-11-01 08:00")
	if got := october.Digest.Earlier; !got.Known || got.Open != 2 {
		t.Errorf("of earlier months: %+v", got)
	}
	for month, want := range map[digest.Month]int{"2026-07": 0, "2026-08": 1, "2026-09": 2, "2026-10": 1} {
		all, err := d.table.Editions(t.Context(), month)
		if err != nil || len(all) != want || want > 0 && !all[want-1].Digest.Whole {
			t.Errorf("%s: %d editions, %v, want %d", month, len(all), err, want)
		}
	}
}

// The schedule wakes the function at least once, and people press buttons twice.
func TestAgainMakesNoNewEdition(t *testing.T) {
	d := open(t)
	d.september()
	first, _ := d.make("2026-09", "2026-10-01 08:00")
	again, made := d.make("2026-09", "2026-10-05 08:00")
	if made || again.Hash != first.Hash {
		t.Errorf("made %v, %s", made, again.Hash)
	}
	d.stored("2026-09")
}

// Without what a month left the next one cannot be counted, which is said and not guessed. To ask for the month again
// mends it, and makes no new edition.
func TestLostCarryIsMended(t *testing.T) {
	d := open(t)
	d.september()
	e, _ := d.make("2026-09", "2026-10-01 08:00")
	lost := &sdk.DeleteObjectInput{Bucket: aws.String("papers"), Key: aws.String(e.Key("carry.jsonl"))}
	if _, err := sdk.NewFromConfig(awstest.Config(d.url)).DeleteObject(t.Context(), lost); err != nil {
		t.Fatal(err)
	}
	order := meeting.Order{Month: "2026-10", Now: at("2026-11-01 08:00")}
	if _, _, err := d.Make(t.Context(), order); !errors.Is(err, meeting.ErrNoFile) || !strings.Contains(err.Error(), "2026-09") {
		t.Fatalf("got %v", err)
	}
	if _, made := d.make("2026-09", "2026-11-01 08:05"); made {
		t.Error("mending made another edition")
	}
	if october, _ := d.make("2026-10", "2026-11-01 08:10"); october.Digest.Earlier.Open != 1 {
		t.Errorf("after it: %+v", october.Digest.Earlier)
	}
}

func TestTwoAtOnceLeaveOneEdition(t *testing.T) {
	d := open(t)
	d.september()
	var both sync.WaitGroup // papers are written before any edition is stored: both are past looking for one
	both.Add(2)
	d.Write = func(ctx context.Context, draft meeting.Draft) ([]meeting.Paper, error) {
		both.Done()
		both.Wait()
		return write(ctx, draft)
	}
	var editions [2]meeting.Edition
	var made [2]bool
	var wait sync.WaitGroup
	for i := range 2 {
		wait.Go(func() { editions[i], made[i] = d.make("2026-09", "2026-10-01 08:00") })
	}
	wait.Wait()
	if made[0] == made[1] || editions[0].Hash != editions[1].Hash {
		t.Errorf("made %v, hashes %s and %s", made, editions[0].Hash, editions[1].Hash)
	}
	d.stored("2026-09")
}

// dying is storage that dies at a call, before it is carried out or after.
type dying struct {
	meeting.Files
	meeting.Editions
	left  int
	after bool
}

var errKilled = errors.New("killed")

func (d *dying) call(do func() error) error {
	d.left--
	if d.left > 0 {
		return do()
	}
	if d.left == 0 && d.after {
		_ = do()
	}
	return errKilled
}

func (d *dying) Put(ctx context.Context, key, mediaType string, body io.ReadSeeker) error {
	return d.call(func() error { return d.Files.Put(ctx, key, mediaType, body) })
}

func (d *dying) PutEdition(ctx context.Context, e meeting.Edition) error {
	return d.call(func() error { return d.Editions.PutEdition(ctx, e) })
}

// Killed at any write, the digest leaves no edition or a whole one, and the next run leaves one.
func TestKilledInTheMiddle(t *testing.T) {
	for _, after := range []bool{false, true} {
		for at := 1; at <= 3; at++ { // what is left to the next month, the paper, the edition
			d := open(t)
			d.september()
			killed := &dying{Files: d.Files, Editions: d.Editions, left: at, after: after}
			mortal := *d.Maker
			mortal.Files, mortal.Editions = killed, killed
			if _, _, err := mortal.Make(t.Context(), meeting.Order{Month: "2026-09", Now: visitTime}); !errors.Is(err, errKilled) {
				t.Fatalf("at write %d: %v", at, err)
			}
			all, err := d.table.Editions(t.Context(), "2026-09")
			if err != nil || len(all) > 0 != (after && at == 3) {
				t.Errorf("killed at write %d, after %v: %d editions, %v", at, after, len(all), err)
			}
			for _, e := range all {
				d.read(e, "carry.jsonl")
			}
			if e, _ := d.make("2026-09", "2026-10-01 09:00"); d.read(e, "digest.html") == "" || d.stored("2026-09").Hash != e.Hash {
				t.Errorf("killed at write %d: the next run left %+v", at, e)
			}
		}
	}
}

var visitTime = at("2026-10-01 08:00")

// meddling is a table whose tickets are answered while they are read.
type meddling struct {
	*dynamo.Table
	meddle func(number string)
}

func (m meddling) Records(ctx context.Context, number string) ([]ticket.Record, error) {
	m.meddle(number)
	return m.Table.Records(ctx, number)
}

// What happens after the month is none of its figures, also when it happens while they are counted.
func TestTicketChangesUnderIt(t *testing.T) {
	d := open(t)
	d.september()
	quiet, _ := d.make("2026-09", "2026-10-01 08:00")
	d.Tickets = meddling{d.table, func(number string) {
		if number == "WX-00000002" {
			d.put("WX-00000002", ticket.Complaint, "2026-09-18 10:00", step{"2026-10-01 08:00", signed}, step{"2026-10-01 08:01", answered})
		}
	}}
	if e, made := d.make("2026-09", "2026-10-01 08:01"); made || e.Hash != quiet.Hash {
		t.Errorf("made %v: %v", made, e.Digest.Changes)
	}
}

// A calendar that was wrong makes another edition, which says what it gives otherwise; the first stays as it was.
func TestCorrectionIsAnotherEdition(t *testing.T) {
	d := open(t)
	d.put("WX-00000001", ticket.Enquiry, "2026-09-07 10:00", step{"2026-09-08 11:00", signed}, step{"2026-09-09 11:00", answered})
	first, _ := d.make("2026-09", "2026-10-01 08:00")
	d.office = office.Default()
	d.office.Holidays = append(d.office.Holidays, office.Holidays{Year: 2026, Off: []string{"2026-09-08"}})
	e, made, err := d.Make(t.Context(), meeting.Order{Month: "2026-09", Now: at("2026-10-09 10:00"), By: "office", Reason: "节假日有误"})
	if err != nil || !made || e.Number != 2 || e.By != "office" || e.Digest.Reason != "节假日有误" {
		t.Fatalf("made %v, %v, %+v", made, err, e)
	}
	if want := (digest.Change{Figure: "waits.WX-00000001", Was: "2", Is: "1"}); !slices.Contains(e.Digest.Changes, want) {
		t.Errorf("changes %v", e.Digest.Changes)
	}
	old, err := d.table.Edition(t.Context(), "2026-09", 1)
	if err != nil || old.Hash != first.Hash || !strings.HasPrefix(d.read(old, "digest.html"), "edition 1,") || !strings.HasPrefix(d.read(e, "digest.html"), "edition 2,") {
		t.Errorf("the first edition is %+v, %v", old, err)
	}
}

// Before a month is over its digest is a look at it; what is asked for late does not take back what came later.
func TestMonthThatStillRuns(t *testing.T) {
	d := open(t)
	d.september()
	if _, _, err := d.Make(t.Context(), meeting.Order{Month: "2026-09", Now: at("2026-08-31 23:59")}); !errors.Is(err, meeting.ErrFuture) {
		t.Errorf("before it began: %v", err)
	}
	part, _ := d.make("2026-09", "2026-09-18 12:00")
	if part.Digest.Whole || part.Digest.Tally.All.Received != 2 || part.Digest.Tally.All.Pending != 1 || part.Digest.Tickets != 2 {
		t.Errorf("in the middle: %+v", part.Digest)
	}
	whole, made := d.make("2026-09", "2026-10-01 08:00")
	if !made || whole.Number != 2 || !whole.Digest.Whole || len(whole.Digest.Changes) > 0 {
		t.Errorf("at its end: made %v, %+v", made, whole)
	}
	if late, made := d.make("2026-09", "2026-09-20 12:00"); made || late.Hash != whole.Hash {
		t.Errorf("asked for before and done after: made %v, edition %d", made, late.Number)
	}
}

func TestMonthWithNothing(t *testing.T) {
	d := open(t)
	e, made := d.make("2026-09", "2026-10-01 08:00")
	if !made || e.Digest.Tickets != 0 || e.Digest.Root == "" || d.read(e, "carry.jsonl") != "" {
		t.Errorf("got %+v", e)
	}
	if next, _ := d.make("2026-10", "2026-11-01 08:00"); !next.Digest.Earlier.Known || next.Digest.Earlier.Open != 0 {
		t.Errorf("the month after: %+v", next.Digest.Earlier)
	}
}

// The month is that of China: 16:00 UTC of the last day is the next one.
func TestMonthBoundary(t *testing.T) {
	d := open(t)
	for number, filed := range map[string]time.Time{
		"WX-00000001": at("2026-09-01 00:00").Add(-time.Millisecond), "WX-00000002": at("2026-09-01 00:00"),
		"WX-00000003": at("2026-10-01 00:00").Add(-time.Millisecond).UTC(), "WX-00000004": at("2026-10-01 00:00").UTC(),
	} {
		if err := d.table.Load(t.Context(), []dynamo.Whole{d.life(number, ticket.Enquiry, filed)}); err != nil {
			t.Fatal(err)
		}
	}
	e, _ := d.make("2026-09", "2026-10-01 08:00")
	if want := "edition 1, 2 received, lines [WX-00000002 WX-00000003]"; d.read(e, "digest.html") != want {
		t.Errorf("got %s, want %s", d.read(e, "digest.html"), want)
	}
	if days := e.Digest.Tally.Days; days["2026-09-01"] != 1 || days["2026-09-30"] != 1 || len(days) != 2 {
		t.Errorf("days %v", days)
	}
}

// Where the calendar does not reach nothing is guessed: neither days nor whether what is open is late.
func TestCalendarThatDoesNotReach(t *testing.T) {
	d := open(t)
	d.put("WX-00000001", ticket.Enquiry, "2026-12-30 10:00")
	d.make("2026-12", "2027-01-01 08:00")
	e, _ := d.make("2027-01", "2027-02-01 08:00")
	if got := e.Digest.Earlier; got.Open != 1 || got.Overdue != 0 || got.Waits[0].Timing != digest.Undated {
		t.Errorf("got %+v", got)
	}
	if all := d.stored("2026-12").Digest.Tally.All; all.Undated != 1 || len(all.Days) != 0 || e.Digest.Broken != 0 {
		t.Errorf("its own month: %+v", all)
	}
}

// A changed byte does not stop the meeting's papers; they say how many chains do not hold, and the operator which.
func TestBrokenChainIsSaid(t *testing.T) {
	d := open(t)
	d.september()
	w := d.life("WX-00000004", ticket.Enquiry, at("2026-09-07 10:00"), step{"2026-09-07 11:00", signed})
	w.Events[1].By.Login = "somebody else"
	w.Events[1].Prev = "another"
	if err := d.table.Load(t.Context(), []dynamo.Whole{w}); err != nil {
		t.Fatal(err)
	}
	e, _ := d.make("2026-09", "2026-10-01 08:00")
	if e.Digest.Broken != 1 || e.Digest.Tickets != 4 || e.Digest.Tally.All.Received != 3 || !slices.Equal(d.broken, []string{"WX-00000004"}) {
		t.Errorf("got %d broken of %d, %d received, told %v", e.Digest.Broken, e.Digest.Tickets, e.Digest.Tally.All.Received, d.broken)
	}
}

// A read that fails fails the digest: figures of half a month would look like those of a quiet one.
func TestNothingIsCountedByHalf(t *testing.T) {
	d := open(t)
	d.september()
	ctx, cancel := context.WithCancel(t.Context())
	d.Tickets = meddling{d.table, func(string) { cancel() }}
	if e, _, err := d.Make(ctx, meeting.Order{Month: "2026-09", Now: visitTime}); err == nil {
		t.Errorf("stopped in the middle, and it made %+v", e.Digest.Tally.All)
	}
	if all, err := d.table.Editions(t.Context(), "2026-09"); err != nil || len(all) > 0 {
		t.Errorf("%d editions, %v", len(all), err)
	}
}
