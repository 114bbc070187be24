package visitor_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/suspicion"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// gate is a gate with small numbers, and counts of its own.
func gate() (*visitor.Gate, *visitortest.Counts) {
	counts := &visitortest.Counts{}
	g := visitortest.Gate(counts)
	o := office.Default()
	o.Limits = office.Limits{SpotFilings: 10, AllFilings: 30, ProofBits: []int{4, 6, 8}, WaitedAMinute: 2, AllSlots: 4, SlotsAKey: 3}
	g.Offices = visitortest.Office{Data: o}
	return g, counts
}

// arrival is the n-th filing at a spot, with a text of its own.
func arrival(n int, spot string) visitor.Arrival {
	return visitor.Arrival{Key: fmt.Sprintf("key %06d at %s", n, spot), Matter: visitor.Matter{
		Kind: ticket.Complaint, Category: "ticketing", Spot: spot, Text: fmt.Sprintf("第 %d 件", n),
	}}
}

// asked gives what a filing is asked for, nil when it is let through.
func asked(t *testing.T, g *visitor.Gate, a visitor.Arrival, now time.Time) *visitor.ProofNeeded {
	t.Helper()
	err := g.Admit(t.Context(), a, now)
	var p *visitor.ProofNeeded
	if err != nil && !errors.As(err, &p) {
		t.Fatal(err)
	}
	return p
}

// A process counts what it lets through itself: a flood does not wait for the next reading of the table's counts.
func TestFloodAtOneSpotMeetsRisingWork(t *testing.T) {
	g, counts := gate()
	now := visitortest.Nine
	work := map[int]int{}
	for n := range 60 {
		a := arrival(n, "BL01")
		for p := asked(t, g, a, now); p != nil; p = asked(t, g, a, now) {
			work[p.Bits]++
			a.Proof = suspicion.Work(p.Token, p.Bits)
		}
	}
	if work[4] != 10 || work[6] != 20 || work[8] != 20 { // over 10, 20 and 40
		t.Errorf("proofs by bits: %v", work)
	}
	if counts.Reads() != 1 {
		t.Errorf("%d readings, want one within ten seconds", counts.Reads())
	}
	if p := asked(t, g, arrival(99, "RK04"), now); p == nil {
		t.Error("60 filings are over the budget of all spots")
	}
	counts.Set(map[string]int{"BL01": 60}, nil)
	if p := asked(t, g, arrival(100, "RK04"), now.Add(11*time.Second)); p == nil || counts.Reads() != 2 {
		t.Errorf("the table's counts were not read again: %v, %d readings", p, counts.Reads())
	}
	counts.Set(nil, nil)
	if p := asked(t, g, arrival(101, "BL01"), now.Add(11*time.Minute)); p != nil {
		t.Errorf("after the window: %v", p)
	}
}

// Other processes' filings come through the table; a spot's flood is not its neighbour's.
func TestBudgetIsTheSpots(t *testing.T) {
	g, counts := gate()
	counts.Set(map[string]int{"BL01": 12, "": 12}, nil)
	for spot, slowed := range map[string]bool{"BL01": true, "BL02": false, "": false} {
		if p := asked(t, g, arrival(1, spot), visitortest.Nine); (p != nil) != slowed {
			t.Errorf("at %q: %v", spot, p)
		}
	}
}

// What was let through once is let through again: a phone that lost the receipt gets it without work.
func TestTheSameKeyAgainIsTheSameFiling(t *testing.T) {
	g, counts := gate()
	a := arrival(1, "BL01")
	if p := asked(t, g, a, visitortest.Nine); p != nil {
		t.Fatal(p)
	}
	counts.Set(map[string]int{"BL01": 1000}, nil)
	for range 50 {
		if p := asked(t, g, a, visitortest.Nine.Add(time.Minute)); p != nil {
			t.Fatal("the same filing again was slowed")
		}
	}
	if p := asked(t, g, arrival(2, "BL01"), visitortest.Nine.Add(time.Minute)); p == nil {
		t.Error("another one was not")
	}
}

func TestProofIsGoodForItsFilingAlone(t *testing.T) {
	g, counts := gate()
	counts.Set(map[string]int{"BL01": 10}, nil)
	a, b := arrival(1, "BL01"), arrival(2, "BL01")
	p := asked(t, g, a, visitortest.Nine)
	a.Proof = suspicion.Work(p.Token, p.Bits)
	b.Proof = a.Proof
	if asked(t, g, b, visitortest.Nine) == nil {
		t.Error("a proof was good for another filing")
	}
	if asked(t, g, a, visitortest.Nine) != nil {
		t.Error("a proof was not good for its own")
	}
	c := arrival(3, "BL01") // whose work is done when suspicion has grown
	p = asked(t, g, c, visitortest.Nine)
	c.Proof = suspicion.Work(p.Token, p.Bits)
	counts.Set(map[string]int{"BL01": 40}, nil)
	if p := asked(t, g, c, visitortest.Nine.Add(time.Minute)); p == nil || p.Bits != 8 {
		t.Errorf("old work was enough for new suspicion: %v", p)
	}
}

// Waiting costs a flood nothing, so only some a minute come by it; a call for help always does.
func TestWaiting(t *testing.T) {
	g, counts := gate()
	counts.Set(map[string]int{"BL01": 500}, nil)
	now := visitortest.Nine
	var all []visitor.Arrival
	for n := range 5 {
		a := arrival(n, "BL01")
		if n > 2 {
			a.Matter.Text = fmt.Sprintf("有人落水了，快来！%d", n)
		}
		p := asked(t, g, a, now)
		if wait := time.Duration(120) * time.Second; n < 3 && p.Wait != wait || n > 2 && p.Wait != 30*time.Second {
			t.Errorf("%d waits %v", n, p.Wait)
		}
		a.Proof = p.Token
		all = append(all, a)
	}
	for _, test := range []struct {
		n       int
		after   time.Duration
		through bool
	}{
		{0, 119 * time.Second, false}, {0, 120 * time.Second, true}, {1, 121 * time.Second, true},
		{2, 122 * time.Second, false}, // the minute is full
		{3, 123 * time.Second, true}, {4, 124 * time.Second, true},
		{2, 180 * time.Second, true},
	} {
		if p := asked(t, g, all[test.n], now.Add(test.after)); (p == nil) != test.through {
			t.Errorf("%d after %v: %v", test.n, test.after, p)
		}
	}
}

// 举报 is slowed at most to the first degree, like what is urgent.
func TestReportIsHardlySlowed(t *testing.T) {
	g, counts := gate()
	counts.Set(map[string]int{"BL01": 500}, nil)
	a := arrival(1, "BL01")
	a.Matter.Kind, a.Matter.Category = ticket.Report, "corruption"
	if p := asked(t, g, a, visitortest.Nine); p == nil || p.Bits != 4 {
		t.Errorf("got %v", p)
	}
}

func TestFormsGiveThemselvesAway(t *testing.T) {
	g, _ := gate()
	now := visitortest.Nine
	opened := g.Opened(now)
	form := func(n int, after time.Duration, change func(*visitor.Arrival)) *visitor.ProofNeeded {
		a := arrival(n, "BL01")
		a.Form, a.Opened = true, opened
		change(&a)
		return asked(t, g, a, now.Add(after))
	}
	nothing := func(*visitor.Arrival) {}
	if p := form(1, time.Second, nothing); p == nil || p.Bits != 4 {
		t.Errorf("sent within a second: %v", p)
	}
	if p := form(1, 3*time.Second, nothing); p != nil {
		t.Errorf("sent after three: %v", p)
	}
	if p := form(2, time.Minute, func(a *visitor.Arrival) { a.Opened = "1" }); p == nil {
		t.Error("a form that was never opened passed")
	}
	if p := form(3, time.Minute, func(a *visitor.Arrival) { a.Trap = true }); p == nil || p.Bits != 6 {
		t.Errorf("the trap: %v", p)
	}
	same := func(a *visitor.Arrival) { a.Matter.Text = " 厕所 没有ＰＡＰＥＲ\n" }
	for n, slowed := range []bool{false, false, true} {
		if p := form(10+n, time.Minute, same); (p != nil) != slowed {
			t.Errorf("the same text, time %d: %v", n+1, p)
		}
	}
}

// A table that cannot be read must not shut the desk, nor open it to a flood.
func TestCountsThatCannotBeRead(t *testing.T) {
	g, counts := gate()
	told := 0
	g.Told = func(context.Context, error) { told++ }
	counts.Set(map[string]int{"BL01": 9}, nil)
	if p := asked(t, g, arrival(1, "BL01"), visitortest.Nine); p != nil {
		t.Error(p)
	}
	counts.Set(nil, errors.New("table is away"))
	if p := asked(t, g, arrival(2, "BL01"), visitortest.Nine.Add(time.Minute)); p == nil || told != 1 {
		t.Errorf("what was known was forgotten: %v, told %d times", p, told)
	}
	if p := asked(t, g, arrival(3, "BL02"), visitortest.Nine.Add(time.Minute)); p != nil || told != 1 {
		t.Errorf("got %v, told %d times", p, told)
	}
}

func TestPhotoSlots(t *testing.T) {
	g, _ := gate()
	now := visitortest.Nine
	slot := func(key, proof string) error { return g.AdmitSlots(t.Context(), key, 1, proof, now) }
	for n := range 3 {
		if err := slot("key one, long enough", ""); err != nil {
			t.Fatalf("slot %d: %v", n, err)
		}
	}
	var many *visitor.TooManySlots
	if err := slot("key one, long enough", ""); !errors.As(err, &many) || many.Most != 3 {
		t.Errorf("the fourth of three: %v", err)
	}
	if err := slot("", ""); err != nil { // no key, and no flood
		t.Error(err)
	}
	if err := slot("", ""); !errors.Is(err, visitor.ErrSlotKey) {
		t.Errorf("no key, in a flood: %v", err)
	}
	var p *visitor.ProofNeeded
	if err := slot("key two, long enough", ""); !errors.As(err, &p) {
		t.Fatalf("in a flood: %v", err)
	}
	proof := suspicion.Work(p.Token, p.Bits)
	if err := slot("key two, long enough", proof); err != nil {
		t.Errorf("worked for: %v", err)
	}
	if err := slot("key three, long enough", proof); !errors.As(err, &p) {
		t.Errorf("worked for by another: %v", err)
	}
	now = now.Add(11 * time.Minute)
	if err := slot("", ""); err != nil {
		t.Errorf("after the window: %v", err)
	}
}

// A visitor who writes all day is asked to pause; what the section asked for may always be answered.
func TestMessagesWithinTheHour(t *testing.T) {
	store := visitortest.NewMemory()
	desk := visitortest.Desk(store)
	receipt := visitortest.File(t, desk, visitortest.Complaint())
	say := func(n int, name ticket.Name, after time.Duration) error {
		c := ticket.Command{Name: name, Text: fmt.Sprintf("第 %d 次", n)}
		_, err := desk.Do(t.Context(), receipt.Number, receipt.Code, fmt.Sprintf("key of message %06d", n), c, visitortest.Nine.Add(after))
		return err
	}
	for n := range 10 {
		if err := say(n, ticket.Message, time.Duration(n)*time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	var hasty *visitor.Hasty
	if err := say(10, ticket.Message, 10*time.Minute); !errors.As(err, &hasty) || !hasty.Until.Equal(visitortest.Nine.Add(time.Hour)) {
		t.Errorf("the eleventh: %v", err)
	}
	if err := say(9, ticket.Message, 10*time.Minute); err != nil {
		t.Errorf("the tenth again, which is there: %v", err)
	}
	section := ticket.Actor{Role: ticket.SectionStaff, Login: "a", Section: "ticketing"}
	for _, c := range []ticket.Command{{Name: ticket.Sign, By: section}, {Name: ticket.Ask, By: section, Text: "哪个窗口？"}} {
		visitortest.Give(t, store, receipt.Number, c, visitortest.Nine.Add(11*time.Minute))
	}
	if err := say(11, ticket.Supply, 12*time.Minute); err != nil {
		t.Errorf("what was asked for: %v", err)
	}
	if err := say(12, ticket.Message, time.Hour); err != nil {
		t.Errorf("an hour after the first: %v", err)
	}
}
