package visitor_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	visitortest.Contract(t, func(*testing.T) visitor.Store { return visitortest.NewMemory() })
}

// keptWords is a store in which the words of some events were erased, as they are when their time is over.
type keptWords struct {
	visitor.Store
	erased func(ticket.Event) bool
}

func (s keptWords) Ticket(ctx context.Context, number string) (visitor.Stored, error) {
	stored, err := s.Store.Ticket(ctx, number)
	for i, r := range stored.Records {
		if e, err := r.Event(); err == nil && s.erased(e) {
			stored.Records[i].Words = ""
		}
	}
	return stored, err
}

// An answer whose draft was erased used to look like an answer that never had words.
func TestErasedWordsAreCalledErased(t *testing.T) {
	store := visitortest.NewMemory()
	receipt := visitortest.File(t, visitortest.Desk(store), visitortest.Complaint())
	section := ticket.Actor{Role: ticket.SectionStaff, Login: "a", Section: "ticketing"}
	for _, c := range []ticket.Command{
		{Name: ticket.Sign, By: section},
		{Name: ticket.Answer, By: section, Text: "已加开窗口。", Outcome: ticket.OutcomeSolved},
		{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "b", Section: "office"}},
	} {
		visitortest.Give(t, store, receipt.Number, c, visitortest.Nine)
	}
	desk := visitortest.Desk(keptWords{store, func(e ticket.Event) bool { return e.WordsSum != "" }})
	v, err := desk.Read(t.Context(), receipt.Number, receipt.Code, visitortest.Nine)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range v.Events {
		if want := e.What == ticket.Filed || e.What == ticket.Approved; e.Erased() != want || e.Words != nil {
			t.Errorf("%s: erased %t, words %v; want erased %t", e.What, e.Erased(), e.Words, want)
		}
	}
	// A chain is not broken by it, and the visitor's next command still works.
	if _, err := desk.Do(t.Context(), receipt.Number, receipt.Code, "0123456789abcdef",
		ticket.Command{Name: ticket.Message, Text: "收到"}, visitortest.Nine); err != nil {
		t.Error(err)
	}
}

// The head a visitor's page is made of carries no login, and no outcome before it is approved.
func TestHeadIsTheVisitors(t *testing.T) {
	store := visitortest.NewMemory()
	receipt := visitortest.File(t, visitortest.Desk(store), visitortest.Complaint())
	section := ticket.Actor{Role: ticket.SectionStaff, Login: "piaowu", Section: "ticketing"}
	visitortest.Give(t, store, receipt.Number, ticket.Command{Name: ticket.Sign, By: section}, visitortest.Nine)
	visitortest.Give(t, store, receipt.Number, ticket.Command{
		Name: ticket.Answer, By: section, Text: "草稿", Outcome: ticket.NotSupported}, visitortest.Nine)
	v, err := visitortest.Desk(store).Read(t.Context(), receipt.Number, receipt.Code, visitortest.Nine)
	if err != nil || v.Head.Handler != "" || v.Head.Outcome != "" {
		t.Errorf("got %+v, %v", v.Head, err)
	}
	for _, e := range v.Events {
		if e.By.Login != "" || e.Data.Handler != "" {
			t.Errorf("%s names %q, %q", e.What, e.By.Login, e.Data.Handler)
		}
	}
	after, err := store.Ticket(t.Context(), receipt.Number)
	if err != nil || after.Head.Handler != "piaowu" {
		t.Errorf("looking changed what is stored: %+v, %v", after.Head, err)
	}
}

// Four keys in a row whose number is taken happen once in the life of no desk; then it is an error, not a ticket lost.
func TestNumbersRunOut(t *testing.T) {
	store := visitortest.NewMemory()
	desk := visitortest.Desk(store)
	store.FailWith(func(call string) error { return &visitor.Taken{KeySum: "another's"} })
	f := visitortest.Complaint()
	if _, err := desk.File(t.Context(), f.Key, f.Matter, visitortest.Nine); err == nil || errors.Is(err, visitor.ErrKeyReused) {
		t.Errorf("got %v", err)
	}
}

// Routing decides on the tidied words: what a visitor types around them changes nothing.
func TestIdentityIgnoresSpaceAround(t *testing.T) {
	store := visitortest.NewMemory()
	desk := visitortest.Desk(store)
	f := visitortest.Complaint()
	first := visitortest.File(t, desk, f)
	f.Matter.Text = " " + f.Matter.Text + "\n"
	f.Matter.Contact.Phone = "１３８００００１２３４"
	f.Matter.HappenedAt = f.Matter.HappenedAt.UTC()
	again, err := desk.File(t.Context(), f.Key, f.Matter, visitortest.Nine.Add(time.Hour))
	again.AnswerBy = again.AnswerBy.In(first.AnswerBy.Location())
	if err != nil || again != first {
		t.Errorf("got %+v, %v; want %+v", again, err, first)
	}
}

// A confidential category makes a report of whatever is filed under it, without the consent to publish.
func TestConfidentialCategoryIsAReport(t *testing.T) {
	store := visitortest.NewMemory()
	f := visitortest.Complaint()
	f.Matter.Category = "corruption"
	receipt := visitortest.File(t, visitortest.Desk(store), f)
	filed, _ := store.Filed(receipt.Number)
	if receipt.Kind != ticket.Report || receipt.Section != ticket.DisciplineSection || filed.Head.Publishable {
		t.Errorf("got %+v, publishable %t", receipt, filed.Head.Publishable)
	}
}

// Every event a visitor sees is said in both languages, without a hole.
func TestVisibleEventsAreSaid(t *testing.T) {
	o := office.Default()
	for _, what := range []ticket.What{
		ticket.Filed, ticket.AssignedTo, ticket.Transferred, ticket.Signed, ticket.Asked, ticket.Supplied, ticket.ReturnAsked,
		ticket.Upheld, ticket.Denied, ticket.Extended, ticket.AnswerGiven, ticket.Approved, ticket.Messaged, ticket.DeclinedBy,
		ticket.ReferredTo, ticket.WithdrawnBy, ticket.Urged, ticket.Overseen, ticket.Published, ticket.Unpublished, ticket.Rated,
		ticket.Reopened, ticket.Escalated, ticket.ClosedSilent, ticket.ClosedRated, ticket.ContactChanged, ticket.ContactDeleted,
	} {
		e := ticket.Event{What: what, After: ticket.After{Section: "ticketing"}}
		for _, language := range []string{"zh", "en"} {
			said := visitor.Says(e, o, language)
			if said == phrase.In(language, "event.") || said == "event."+string(what) || json.Valid([]byte(said)) {
				t.Errorf("%s in %s: %q", what, language, said)
			}
		}
	}
}

// fewer is the office after it gave up a section.
type fewer struct{}

func (fewer) Current(context.Context) (*office.Office, int, error) {
	o := *office.Default()
	o.Sections = slices.DeleteFunc(slices.Clone(o.Sections), func(s office.Section) bool { return s.ID == "ticketing" })
	return &o, 2, nil
}

// A matter that was reopened went back to a section that had been given up meanwhile, and was in nobody's list.
func TestReopenedWhereTheSectionIsNoMore(t *testing.T) {
	store := visitortest.NewMemory()
	desk := visitortest.Desk(store)
	receipt := visitortest.File(t, desk, visitortest.Complaint())
	section := ticket.Actor{Role: ticket.SectionStaff, Login: "a", Section: "ticketing"}
	for _, c := range []ticket.Command{
		{Name: ticket.Sign, By: section},
		{Name: ticket.Answer, By: section, Text: "已加开窗口。", Outcome: ticket.OutcomeSolved},
		{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "b", Section: "office"}},
	} {
		visitortest.Give(t, store, receipt.Number, c, visitortest.Nine)
	}
	desk.Offices = fewer{}
	v, err := desk.Do(t.Context(), receipt.Number, receipt.Code, "0123456789abcdef", ticket.Command{Name: ticket.Reopen, Text: "还要排队"}, visitortest.Nine)
	if err != nil || v.Head.State != ticket.Triage || v.Head.Section != ticket.OfficeSection {
		t.Errorf("got %s with %s, %v; want the office to decide", v.Head.State, v.Head.Section, err)
	}
}
