package dynamo

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// failing is a way to the table that breaks at the call counted down to: before the call is made, or after it was
// carried out.
type failing struct {
	next  aws.HTTPClient
	left  int
	after bool
}

func (f *failing) Do(r *http.Request) (*http.Response, error) {
	f.left--
	if f.left != 0 { // also after it, and while nobody counts
		return f.next.Do(r)
	}
	if f.after {
		if answer, err := f.next.Do(r); err == nil {
			_ = answer.Body.Close()
		}
	}
	return nil, errors.New("the process died here")
}

// ended is a ticket whose record's time is over, with everything that people leave, in a table that breaks as it is told.
type ended struct {
	*Table
	t    *testing.T
	way  *failing
	head ticket.Head
	over time.Time
}

const othersPhoto, ownPhoto = 7, 8 // by photoID

func newEnded(t *testing.T, notes int) *ended {
	t.Helper()
	cfg, name := awstest.Config(endpoint), newTable(t).name
	way := &failing{next: http.DefaultClient}
	cfg.HTTPClient = way
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	e := &ended{Table: Open(cfg, name), t: t, way: way}
	f := filed(t, "WX-00000000", "key")
	other := filed(t, "WX-00000001", "other key")
	other.Event.Data.Photos = []string{photoID(othersPhoto)}
	e.must(e.File(t.Context(), f))
	e.must(e.File(t.Context(), other))
	e.must(e.Subscribe(t.Context(), f.Head.Number, "phone", "sealed phone", nine))
	e.head = f.Head
	staff := ticket.Actor{Role: ticket.SectionStaff, Login: "a", Section: f.Head.Section}
	e.give(ticket.Command{Name: ticket.Message, By: f.Head.Filer(), Photos: []string{photoID(ownPhoto), photoID(othersPhoto)}, Salt: "s"}, nine)
	for i := range notes {
		e.give(ticket.Command{Name: ticket.Note, By: staff, Text: fmt.Sprint("暗语", i), Salt: "s"}, nine)
	}
	e.give(ticket.Command{Name: ticket.Withdraw, By: f.Head.Filer(), Salt: "s"}, nine)
	e.over = office.Default().KeepRecord(nine)
	return e
}

func (e *ended) must(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

func (e *ended) give(c ticket.Command, now time.Time) {
	e.t.Helper()
	after, events, err := ticket.Apply(e.head, c, ticket.Moment{Now: now, Terms: office.Default()})
	e.must(err)
	e.must(e.Append(e.t.Context(), e.head.Version, after, events))
	e.head = after
}

// erase does what the clock does, and gives what came of it.
func (e *ended) erase() error {
	e.t.Helper()
	alarm, err := office.Default().Next(e.head, e.over)
	e.must(err)
	after, events, err := ticket.Apply(e.head, alarm.Command, ticket.Moment{Now: e.over, Terms: office.Default()})
	e.must(err)
	return e.Erase(e.t.Context(), e.head.Version, after, events)
}

// check holds that the whole table has nothing of the ticket's people left, and what is not theirs.
func (e *ended) check(when string) {
	e.t.Helper()
	out, err := e.client.Scan(e.t.Context(), &dynamodb.ScanInput{TableName: &e.name})
	e.must(err)
	photos := map[string]bool{}
	for _, i := range out.Items {
		pk, sk := text(i, "pk"), text(i, "sk")
		photos[pk] = true
		own := pk == partition(e.head.Number)
		if said := text(i, "words") + text(i, "gist"); own && (strings.Contains(said, "暗语") || strings.Contains(said, "排队")) {
			e.t.Errorf("%s: %s still says %s", when, sk, said)
		}
		if own && (sk == "CONTACT" || strings.HasPrefix(sk, "PUSH#") || sk == "HEAD" && i["alarm"] != nil) {
			e.t.Errorf("%s: %s is still there: %v", when, sk, i)
		}
	}
	if photos[photoPartition(photoID(ownPhoto))] || !photos[photoPartition(photoID(othersPhoto))] {
		e.t.Errorf("%s: photos %v", when, photos)
	}
	s, err := e.Ticket(e.t.Context(), e.head.Number)
	e.must(err)
	e.must(ticket.Verify(s.Head, s.Records))
	life, err := s.Events()
	e.must(err)
	last := life[len(life)-1]
	if last.What != ticket.Erased || last.Data.Years != 10 || len(life) != e.head.Version+1 || !s.Head.ErasedAt.Equal(e.over) {
		e.t.Errorf("%s: the chain ends with %+v", when, last)
	}
	if withdrawn := life[len(life)-2]; withdrawn.Erased() {
		e.t.Errorf("%s: a text that never was is said to be deleted", when)
	}
	if b, err := e.Brief(e.t.Context(), "WX-00000001"); err != nil || b.Gist == "" {
		e.t.Errorf("%s: the other ticket lost its gist: %+v, %v", when, b, err)
	}
}

// Words, gist, photos, contact and phones used to stay for ever. Nothing of them is left, however often the process
// dies on the way, before a call or after it.
func TestErasedWhateverDies(t *testing.T) {
	for _, after := range []bool{false, true} {
		for call := 1; ; call++ {
			e := newEnded(t, 2)
			e.way.left, e.way.after = call, after
			first := e.erase()
			e.way.left = 0
			died := first != nil
			if err := e.erase(); died && err != nil && !errors.Is(err, visitor.ErrChanged) || !died && !errors.Is(err, visitor.ErrChanged) {
				t.Errorf("call %d: again: %v", call, err)
			}
			e.check(fmt.Sprintf("dead at call %d, after it %v", call, after))
			if !died {
				if call < 8 {
					t.Errorf("only %d calls were struck", call-1)
				}
				break
			}
		}
	}
}

// More worded events than one transaction takes.
func TestALongRecordIsErased(t *testing.T) {
	e := newEnded(t, 2*eraseBatch+5)
	e.must(e.erase())
	e.check("a long record")
}

// A ticket that somebody changed meanwhile keeps what it has.
func TestAChangedTicketIsNotErased(t *testing.T) {
	e := newEnded(t, 1)
	old := e.head
	e.give(ticket.Command{Name: ticket.Note, By: ticket.Actor{Role: ticket.SectionStaff, Login: "a", Section: old.Section}, Text: "x"}, nine)
	e.head = old
	if err := e.erase(); !errors.Is(err, visitor.ErrChanged) {
		t.Errorf("got %v", err)
	}
	if err := e.dropWords(t.Context(), old, []ticket.Event{{Ticket: old.Number, Seq: 1}}); !errors.Is(err, visitor.ErrChanged) {
		t.Errorf("words of a ticket that changed: %v", err)
	}
	if b, err := e.Brief(t.Context(), old.Number); err != nil || b.Gist == "" {
		t.Errorf("got %+v, %v", b, err)
	}
}

// The table deletes what is over days later; until then contacts and phones could still be read.
func TestWhatIsOverIsNotRead(t *testing.T) {
	e := newEnded(t, 0)
	until := office.Default().KeepContact(nine)
	for _, test := range []struct {
		now  time.Time
		want string
	}{{nine, "sealed"}, {until.Add(-time.Second), "sealed"}, {until, ""}, {until.AddDate(0, 1, 0), ""}} {
		if got, err := e.Contact(t.Context(), e.head.Number, test.now); got != test.want || err != nil {
			t.Errorf("contact at %s: got %q, %v", test.now, got, err)
		}
	}
	for now, want := range map[time.Time]int{nine: 1, nine.Add(subscribedFor - time.Second): 1, nine.Add(subscribedFor): 0} {
		if all, err := e.Phones(t.Context(), e.head.Number, now); len(all) != want || err != nil {
			t.Errorf("phones at %s: got %v, %v", now, all, err)
		}
	}
}
