package visitortest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Contract is what every store of tickets does. Each test gets a store of its own.
func Contract(t *testing.T, open func(*testing.T) visitor.Store) {
	t.Run("a filing is stored once", func(t *testing.T) { filesOnce(t, open(t)) })
	t.Run("a filing is refused where another of its numbers is stored", func(t *testing.T) { filesByOneNumber(t, open(t)) })
	t.Run("a ticket comes back whole", func(t *testing.T) { comesBackWhole(t, open(t)) })
	t.Run("of two changes of one version one is lost", func(t *testing.T) { appendsInOrder(t, open(t)) })
	t.Run("several tickets change together or not at all", func(t *testing.T) { changesTogether(t, open(t)) })
	t.Run("a spot's open tickets are found", func(t *testing.T) { findsAtSpot(t, open(t)) })
	t.Run("wrong codes count for a window", func(t *testing.T) { countsWrong(t, open(t)) })
}

const example = "WX-00000000"

// Filed is a valid filing of the number, by the idempotency key whose fingerprint is given.
func Filed(t *testing.T, number, keySum string) visitor.Filed {
	t.Helper()
	head, events, err := ticket.Apply(ticket.Head{}, ticket.Command{
		Name: ticket.File, By: ticket.Actor{Role: ticket.Visitor}, Number: number, Kind: ticket.Complaint,
		Category: "queueing", Section: "ticketing", Text: "排队太久", Salt: "salt",
	}, ticket.Moment{Now: Nine, Terms: office.Default()})
	if err != nil {
		t.Fatal(err)
	}
	return visitor.Filed{Head: head, Event: events[0], KeySum: keySum, MatterID: "matter of " + keySum, Contact: "sealed"}
}

func filesOnce(t *testing.T, s visitor.Store) {
	var stored, refused atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			err := s.File(t.Context(), Filed(t, example, "one"))
			var taken *visitor.Taken
			switch {
			case err == nil:
				stored.Add(1)
			case errors.As(err, &taken) && taken.KeySum == "one" && taken.MatterID == "matter of one" && taken.First.Hash != "":
				refused.Add(1)
			default:
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	if stored.Load() != 1 || refused.Load() != 19 {
		t.Errorf("%d stored and %d refused, want 1 and 19", stored.Load(), refused.Load())
	}
}

// filesByOneNumber has a filing come twenty times under either of two numbers, each naming the other: one is stored.
func filesByOneNumber(t *testing.T, s visitor.Store) {
	const other = "WX-00000017"
	var stored atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		f := Filed(t, []string{example, other}[i%2], "by "+[]string{example, other}[i%2])
		f.Others = []string{[]string{other, example}[i%2]}
		wg.Go(func() {
			err := s.File(t.Context(), f)
			var taken *visitor.Taken
			switch {
			case err == nil:
				stored.Add(1)
			case !errors.As(err, &taken) || taken.KeySum != "by "+taken.Number || taken.First.Hash == "":
				t.Errorf("got %v, %+v", err, taken)
			}
		})
	}
	wg.Wait()
	if stored.Load() != 1 {
		t.Errorf("%d stored, want 1", stored.Load())
	}
}

func comesBackWhole(t *testing.T, s visitor.Store) {
	if _, err := s.Ticket(t.Context(), example); !errors.Is(err, visitor.ErrNotFound) {
		t.Errorf("before: got %v, want ErrNotFound", err)
	}
	if err := s.File(t.Context(), Filed(t, example, "one")); err != nil {
		t.Fatal(err)
	}
	got, err := s.Ticket(t.Context(), example)
	if err != nil || len(got.Records) != 1 {
		t.Fatalf("got %+v, %v", got, err)
	}
	if err := ticket.Verify(got.Head, got.Records); err != nil {
		t.Error(err)
	}
}

func appendsInOrder(t *testing.T, s visitor.Store) {
	if err := s.File(t.Context(), Filed(t, example, "one")); err != nil {
		t.Fatal(err)
	}
	before, err := s.Ticket(t.Context(), example)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []error{nil, visitor.ErrChanged} {
		head, events, err := ticket.Apply(before.Head, ticket.Command{
			Name: ticket.Message, By: ticket.Actor{Role: ticket.Visitor}, Text: "还在排队", Salt: "salt",
		}, ticket.Moment{Now: Nine, Terms: office.Default()})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Append(t.Context(), before.Head.Version, head, events); !errors.Is(err, want) {
			t.Errorf("change %d: got %v, want %v", i+1, err, want)
		}
	}
	after, err := s.Ticket(t.Context(), example)
	if err != nil || after.Head.Version != 2 || len(after.Records) != 2 {
		t.Errorf("got version %d, %d records, %v", after.Head.Version, len(after.Records), err)
	}
}

func countsWrong(t *testing.T, s visitor.Store) {
	const window = 15 * time.Minute
	if n, _, err := s.CountWrong(t.Context(), example, Nine, window); n != 0 || err != nil {
		t.Errorf("a number that does not exist: got %d, %v; want no trace", n, err)
	}
	if err := s.File(t.Context(), Filed(t, example, "one")); err != nil {
		t.Fatal(err)
	}
	steps := []struct {
		after time.Duration
		want  int
		until time.Time
	}{{0, 1, Nine.Add(window)}, {time.Minute, 2, Nine.Add(window)}, {window, 1, Nine.Add(2 * window)}}
	for _, step := range steps {
		n, until, err := s.CountWrong(t.Context(), example, Nine.Add(step.after), window)
		if n != step.want || !until.Equal(step.until) || err != nil {
			t.Errorf("after %s: got %d until %s, %v; want %d until %s", step.after, n, until, err, step.want, step.until)
		}
	}
}

// changesTogether links two tickets: one of them, changed by somebody else meanwhile, keeps both as they were.
func changesTogether(t *testing.T, s visitor.Store) {
	const other = "WX-00000017"
	for _, number := range []string{example, other} {
		if err := s.File(t.Context(), Filed(t, number, "key of "+number)); err != nil {
			t.Fatal(err)
		}
	}
	a, b := headOf(t, s, example), headOf(t, s, other)
	changes, err := ticket.ApplyTogether(a, ticket.Company{Heads: []ticket.Head{b}}, ticket.Command{
		Name: ticket.Link, By: ticket.Actor{Role: ticket.SectionStaff, Login: "x", Section: a.Section}, To: other, Salt: "salt",
	}, ticket.Moment{Now: Nine, Terms: office.Default()})
	if err != nil || len(changes) != 2 {
		t.Fatalf("%d changes, %v", len(changes), err)
	}
	Give(t, s, other, ticket.Command{Name: ticket.Message, By: ticket.Actor{Role: ticket.Visitor}, Text: "还在排队", Salt: "salt"}, Nine)
	if err := s.AppendAll(t.Context(), changes); !errors.Is(err, visitor.ErrChanged) {
		t.Errorf("got %v, want ErrChanged", err)
	}
	if a, b := headOf(t, s, example), headOf(t, s, other); a.Version != 1 || b.Version != 2 || len(a.Linked) > 0 || b.Lead != "" {
		t.Errorf("half of it was stored: %+v, %+v", a, b)
	}
}

func headOf(t *testing.T, s visitor.Store, number string) ticket.Head {
	t.Helper()
	h, err := s.Head(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// findsAtSpot: the latest first, between two times, open ones only, and no 举报.
func findsAtSpot(t *testing.T, s visitor.Store) {
	d := Desk(s)
	at := func(f Filing, key string, days int) string {
		f.Key += key
		r, err := d.File(t.Context(), f.Key, f.Matter, Nine.AddDate(0, 0, days))
		if err != nil {
			t.Fatal(err)
		}
		return r.Number
	}
	at(Complaint(), "old", -20)
	first, second, ended := at(Complaint(), "a", -3), at(Complaint(), "b", -1), at(Complaint(), "c", -2)
	at(Report(), "", -1)
	at(Suggestion(), "", -1) // elsewhere
	Give(t, s, ended, ticket.Command{Name: ticket.Withdraw, By: ticket.Actor{Role: ticket.Visitor}, Salt: "salt"}, Nine)
	found, err := s.AtSpot(t.Context(), Complaint().Matter.Spot, Nine.AddDate(0, 0, -14), Nine, 10)
	if err != nil || len(found) != 2 || found[0].Head.Number != second || found[1].Head.Number != first || found[0].Gist == "" {
		t.Errorf("got %+v, %v; want %s and %s", found, err, second, first)
	}
	if few, err := s.AtSpot(t.Context(), Complaint().Matter.Spot, Nine.AddDate(0, 0, -14), Nine, 1); err != nil || len(few) != 1 {
		t.Errorf("a limit of one gives %d, %v", len(few), err)
	}
}
