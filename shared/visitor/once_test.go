package visitor_test

import (
	"errors"
	"sync"
	"testing"

	"steledesk/shared/suspicion"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// twoDesks are processes on both sides of the moment at which a new key is used.
func twoDesks(store visitor.Store) (before, after *visitor.Desk) {
	old, new := visitortest.Turned()
	return &visitor.Desk{Store: store, Keys: old, Offices: visitortest.Office{}}, &visitor.Desk{Store: store, Keys: new, Offices: visitortest.Office{}}
}

// same reports whether two receipts say the same, with the same signature.
func same(a, b visitor.Receipt) bool {
	return a.Number == b.Number && a.Code == b.Code && a.Proof == b.Proof && a.AnswerBy.Equal(b.AnswerBy)
}

// A filing that was sent again after a rotation became a second ticket: its number was derived from the new key.
func TestAFilingIsOnceAcrossARotation(t *testing.T) {
	for name, later := range map[string]bool{"forth": true, "and back": false} {
		store := visitortest.NewMemory()
		first, second := twoDesks(store)
		if !later {
			first, second = second, first
		}
		f := visitortest.Complaint()
		f.Matter.Photos = []string{"abc-0123456789abcdef"}
		receipt := visitortest.File(t, first, f)
		f.Matter.Photos = []string{"abc-fedcba9876543210"} // a form's photo, signed anew
		if again := visitortest.File(t, second, f); !same(again, receipt) {
			t.Errorf("%s: got %+v, want %+v", name, again, receipt)
		}
		if _, err := second.CheckReceipt(receipt.Proof); err != nil {
			t.Errorf("%s: the receipt: %v", name, err)
		}
		f.Matter.Text += "还是没人管"
		for _, d := range []*visitor.Desk{first, second} {
			if _, err := d.File(t.Context(), f.Key, f.Matter, visitortest.Nine); !errors.Is(err, visitor.ErrKeyReused) {
				t.Errorf("%s: another text under the key: got %v", name, err)
			}
		}
		f.Key, f.Matter.Photos = "another-key-of-the-phone", []string{"abd-0123456789abcdef"}
		if other := visitortest.File(t, second, f); other.Number == receipt.Number {
			t.Errorf("%s: another filing is the same ticket", name)
		}
	}
}

// A phone sends an empty list of photos. Sent again, such a filing was refused as another one under the same key, so that a
// visitor whose answer was lost never saw number and code.
func TestNoPhotosAreTheSameAgain(t *testing.T) {
	for name, photos := range map[string][]string{"an empty list": {}, "no list": nil} {
		first, second := twoDesks(visitortest.NewMemory())
		f := visitortest.Complaint()
		f.Matter.Photos = photos
		receipt := visitortest.File(t, first, f)
		for _, d := range []*visitor.Desk{first, second} {
			if again := visitortest.File(t, d, f); !same(again, receipt) {
				t.Errorf("%s: got %+v, want %+v", name, again, receipt)
			}
		}
	}
}

// Some processes use the new key already, others not yet: of fifty equal filings at once there is one ticket all the same.
func TestFiftyFilingsAreOneTicketWhileTheKeyChanges(t *testing.T) {
	store := visitortest.NewMemory()
	before, after := twoDesks(store)
	receipts := make([]visitor.Receipt, 50)
	var wg sync.WaitGroup
	for i := range receipts {
		desk := []*visitor.Desk{before, after}[i%2]
		wg.Go(func() {
			f := visitortest.Complaint()
			receipts[i], _ = desk.File(t.Context(), f.Key, f.Matter, visitortest.Nine)
		})
	}
	wg.Wait()
	for _, r := range receipts {
		if !same(r, receipts[0]) || r.Number == "" || store.Writes() != 1 {
			t.Fatalf("%d tickets, receipts %+v and %+v", store.Writes(), receipts[0], r)
		}
	}
}

// Numbers that are taken by others are passed over for each key by itself.
func TestTakenNumbersOfEitherKey(t *testing.T) {
	store := visitortest.NewMemory()
	before, after := twoDesks(store)
	f := visitortest.Complaint()
	for i, key := range after.Keys.Ring(visitortest.Nine) {
		number := key.Number("WX", f.Key, 0)
		if err := store.File(t.Context(), visitortest.Filed(t, number, "another's")); err != nil {
			t.Fatal(i, err)
		}
	}
	receipt := visitortest.File(t, before, f)
	if again := visitortest.File(t, after, f); !same(again, receipt) || receipt.Number != before.Keys.Ring(visitortest.Nine)[0].Number("WX", f.Key, 1) {
		t.Errorf("got %+v, want %+v", again, receipt)
	}
}

// A command that was sent again after a rotation was done a second time.
func TestACommandIsOnceAcrossARotation(t *testing.T) {
	for _, forth := range []bool{true, false} {
		first, second := twoDesks(visitortest.NewMemory())
		if !forth {
			first, second = second, first
		}
		r := visitortest.File(t, first, visitortest.Complaint())
		message := ticket.Command{Name: ticket.Message, Text: "还在排队"}
		for _, d := range []*visitor.Desk{first, second, first} {
			v, err := d.Do(t.Context(), r.Number, r.Code, "one-key-for-the-message", message, visitortest.Nine)
			if err != nil || v.Head.Version != 2 {
				t.Errorf("version %d, %v; want 2", v.Head.Version, err)
			}
		}
		message.Text = "另一句话"
		if _, err := second.Do(t.Context(), r.Number, r.Code, "one-key-for-the-message", message, visitortest.Nine); !errors.Is(err, visitor.ErrKeyReused) {
			t.Errorf("another text under the key: got %v", err)
		}
		if shown, err := second.Receipt(t.Context(), r.Number, r.Code, visitortest.Nine); err != nil || shown.Code != r.Code {
			t.Errorf("the receipt shown again has code %s, the visitor's is %s; %v", shown.Code, r.Code, err)
		}
	}
}

// What a gate had given was refused after a rotation: work already done, and when the form was opened.
func TestProofsOutliveARotation(t *testing.T) {
	before, after := twoDesks(visitortest.NewMemory())
	l := visitortest.Gate(&visitortest.Counts{}) // built-in limits
	o, _, err := l.Offices.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range [][2]visitor.Keys{{before.Keys, after.Keys}, {after.Keys, before.Keys}} {
		c := suspicion.New(1, o.Limits.InForce(), visitortest.Nine)
		proof := suspicion.Work(c.Token("key", d[0].Fingerprint), c.Bits)
		if met, _ := suspicion.Check(proof, "key", d[1].Verifies, visitortest.Nine); met != suspicion.Worked {
			t.Errorf("work: %v", met)
		}
		if since := suspicion.Since(suspicion.Stamp(visitortest.Nine, d[0].Fingerprint), d[1].Verifies, visitortest.Nine); since != 0 {
			t.Errorf("a stamp of now: %v", since)
		}
	}
}
