package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"testing"
	"time"

	"steledesk/shared/digest"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, ticket.Zone)

func newDesk(t testing.TB, spec Spec) *Desk {
	t.Helper()
	d, err := New(spec)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// everything calls do with each ticket of a desk.
func everything(t testing.TB, d *Desk, do func(digest.Month, Ticket)) {
	t.Helper()
	for _, m := range d.Months() {
		for one, err := range d.Tickets(m) {
			if err != nil {
				t.Fatal(err)
			}
			do(m, one)
		}
	}
}

// Chains hold, heads are what their events say, numbers are good and no two are the same, nothing is later than now,
// and alarms are those the clock would have set.
func TestLives(t *testing.T) {
	rules := office.Default()
	for seed := range uint64(3) {
		d := newDesk(t, Spec{Until: "2026-11", Months: 2, PerMonth: 300, Seed: seed, Now: noon})
		seen := map[string]bool{}
		everything(t, d, func(m digest.Month, one Ticket) {
			check(t, rules, one)
			if digest.MonthOf(one.Head.FiledAt) != m || seen[one.Head.Number] {
				t.Errorf("%s: filed %s in %s, seen before: %v", one.Head.Number, one.Head.FiledAt, m, seen[one.Head.Number])
			}
			seen[one.Head.Number] = true
		})
	}
}

func check(t *testing.T, rules *office.Office, one Ticket) {
	t.Helper()
	var records []ticket.Record
	for i, e := range one.Events {
		r, err := e.Record()
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, r)
		if !e.At.Before(noon) || i > 0 && e.At.Before(one.Events[i-1].At) {
			t.Errorf("%s: event %d at %s", one.Head.Number, e.Seq, e.At)
		}
	}
	if err := ticket.Verify(one.Head, records); err != nil {
		t.Error(err)
	}
	if _, err := ticket.ParseNumber(one.Head.Number); err != nil {
		t.Errorf("%s: %v", one.Head.Number, err)
	}
	alarm, err := rules.Next(one.Head, noon)
	if err != nil {
		t.Fatal(err)
	}
	if one.Head.Lead == "" && !alarm.At.Equal(one.Head.Alarm) && alarm.Command.Name != "" {
		t.Errorf("%s: alarm %s, want %s %s", one.Head.Number, one.Head.Alarm, alarm.At, alarm.Command.Name)
	}
}

func sums(t testing.TB, spec Spec) (string, int) {
	t.Helper()
	sum, n := sha256.New(), 0
	everything(t, newDesk(t, spec), func(_ digest.Month, one Ticket) {
		for _, e := range one.Events {
			r, err := e.Record()
			if err != nil {
				t.Fatal(err)
			}
			sum.Write([]byte(r.Body + r.Words))
		}
		b, err := json.Marshal(one.Contact)
		if err != nil {
			t.Fatal(err)
		}
		sum.Write(b)
		n++
	})
	return hex.EncodeToString(sum.Sum(nil)), n
}

// The same seed gives the same bytes, another one others; and there are as many tickets as were asked for.
func TestSame(t *testing.T) {
	spec := Spec{Until: "2026-10", Months: 2, PerMonth: 300, Seed: 7, Now: noon}
	first, n := sums(t, spec)
	again, _ := sums(t, spec)
	spec.Seed++
	other, _ := sums(t, spec)
	if first != again || first == other {
		t.Errorf("got %s and %s for one seed, %s for another", first, again, other)
	}
	if n != 600 {
		t.Errorf("got %d tickets, want 600", n)
	}
}

// A year has everything in it that a desk meets: a figure that is always none proves nothing.
func TestVariety(t *testing.T) {
	d := newDesk(t, Spec{Until: "2026-10", Months: 12, PerMonth: 300, Seed: 1, Now: noon})
	whats, states, kinds := map[ticket.What]int{}, map[ticket.State]int{}, map[ticket.Kind]int{}
	texts, urgent := map[string]int{}, 0
	everything(t, d, func(_ digest.Month, one Ticket) {
		for _, e := range one.Events {
			whats[e.What]++
		}
		states[one.Head.State]++
		kinds[one.Head.Kind]++
		texts[one.Events[0].Words.Text]++
		if one.Head.Urgent {
			urgent++
		}
	})
	for _, w := range []ticket.What{
		ticket.Filed, ticket.AssignedTo, ticket.Transferred, ticket.Signed, ticket.HandedOver, ticket.Asked, ticket.Supplied,
		ticket.ReturnAsked, ticket.Upheld, ticket.Denied, ticket.Extended, ticket.AnswerGiven, ticket.Approved, ticket.Rejected,
		ticket.Noted, ticket.LinkedWith, ticket.UnlinkedFrom, ticket.Messaged, ticket.DeclinedBy, ticket.ReferredTo,
		ticket.WithdrawnBy, ticket.Urged, ticket.Overseen, ticket.Published, ticket.Rated, ticket.Reopened, ticket.Reminded,
		ticket.Escalated, ticket.ClosedSilent, ticket.ClosedRated, ticket.ContactDeleted,
	} {
		if whats[w] < 3 {
			t.Errorf("got %d events %s, want some", whats[w], w)
		}
	}
	for _, k := range ticket.Kinds() {
		if kinds[k] < 15 {
			t.Errorf("got %d of kind %s, want some", kinds[k], k)
		}
	}
	if urgent < 50 || urgent > 500 || len(texts) < 2500 {
		t.Errorf("got %d urgent of 3600 and %d different texts", urgent, len(texts))
	}
}

func BenchmarkTickets(b *testing.B) {
	d := newDesk(b, Spec{Until: "2026-10", Months: 1, PerMonth: max(b.N, 300), Seed: 1, Now: noon})
	b.ResetTimer()
	n := 0
	for _, err := range d.Tickets("2026-10") {
		if err != nil {
			b.Fatal(err)
		}
		if n++; n == b.N {
			return
		}
	}
}
