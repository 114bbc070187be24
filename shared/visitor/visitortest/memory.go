package visitortest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Memory is a store in memory. Many may use it at once.
type Memory struct {
	mu      sync.Mutex
	tickets map[string]*kept
	writes  int
	fail    func(call string) error
}

type kept struct {
	filed   visitor.Filed
	head    ticket.Head
	records []ticket.Record
	wrong   int
	until   time.Time
}

var _ visitor.Store = (*Memory)(nil)

// NewMemory gives an empty store.
func NewMemory() *Memory { return &Memory{tickets: map[string]*kept{}} }

// FailWith makes each call (File, Ticket, Append, CountWrong) ask fail first, and end with its
// error when it gives one.
func (m *Memory) FailWith(fail func(call string) error) { m.fail = fail }

// Writes counts what was stored: filings, commands and wrong codes.
func (m *Memory) Writes() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.writes
}

// Filed gives a filing as it was stored.
func (m *Memory) Filed(number string) (visitor.Filed, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, ok := m.tickets[number]
	if !ok {
		return visitor.Filed{}, false
	}
	return k.filed, true
}

func (m *Memory) enter(call string) error {
	m.mu.Lock()
	if m.fail == nil {
		return nil
	}
	return m.fail(call)
}

// File implements visitor.Store.
func (m *Memory) File(_ context.Context, f visitor.Filed) error {
	defer m.mu.Unlock()
	if err := m.enter("File"); err != nil {
		return err
	}
	r, err := f.Event.Record()
	if err != nil {
		return err
	}
	for _, number := range append([]string{f.Head.Number}, f.Others...) {
		if k, taken := m.tickets[number]; taken {
			return &visitor.Taken{Number: number, First: k.records[0], KeySum: k.filed.KeySum, MatterID: k.filed.MatterID}
		}
	}
	m.tickets[f.Head.Number] = &kept{filed: f, head: f.Head, records: []ticket.Record{r}}
	m.writes++
	return nil
}

// Ticket implements visitor.Store.
func (m *Memory) Ticket(_ context.Context, number string) (visitor.Stored, error) {
	defer m.mu.Unlock()
	if err := m.enter("Ticket"); err != nil {
		return visitor.Stored{}, err
	}
	k, ok := m.tickets[number]
	if !ok {
		return visitor.Stored{}, visitor.ErrNotFound
	}
	return visitor.Stored{Head: k.head, Records: append([]ticket.Record(nil), k.records...)}, nil
}

// Head implements visitor.Store.
func (m *Memory) Head(ctx context.Context, number string) (ticket.Head, error) {
	s, err := m.Ticket(ctx, number)
	return s.Head, err
}

// Brief implements desk.Store.
func (m *Memory) Brief(ctx context.Context, number string) (visitor.Brief, error) {
	s, err := m.Ticket(ctx, number)
	if err != nil {
		return visitor.Brief{}, err
	}
	e, err := s.Records[0].Event()
	if err != nil || e.Words == nil {
		return visitor.Brief{Head: s.Head}, err
	}
	return visitor.Brief{Head: s.Head, Gist: visitor.Gist(e.Words.Text)}, nil
}

// AtSpot implements visitor.Store.
func (m *Memory) AtSpot(ctx context.Context, spot string, from, until time.Time, limit int) ([]visitor.Brief, error) {
	m.mu.Lock()
	numbers := slices.Collect(maps.Keys(m.tickets))
	m.mu.Unlock()
	var found []visitor.Brief
	for _, number := range numbers {
		b, err := m.Brief(ctx, number)
		if err != nil {
			return nil, err
		}
		h := b.Head
		if h.Spot == spot && h.State.Open() && !h.Kind.Confidential() && !h.FiledAt.Before(from) && !h.FiledAt.After(until) {
			found = append(found, b)
		}
	}
	slices.SortFunc(found, func(a, b visitor.Brief) int {
		return cmp.Or(b.Head.FiledAt.Compare(a.Head.FiledAt), cmp.Compare(b.Head.Number, a.Head.Number))
	})
	return found[:min(limit, len(found))], nil
}

// Append implements visitor.Store.
func (m *Memory) Append(ctx context.Context, version int, after ticket.Head, events []ticket.Event) error {
	return m.AppendAll(ctx, []ticket.Change{{From: version, After: after, Events: events}})
}

// AppendAll implements visitor.Store.
func (m *Memory) AppendAll(_ context.Context, changes []ticket.Change) error {
	defer m.mu.Unlock()
	if err := m.enter("Append"); err != nil {
		return err
	}
	records := make([][]ticket.Record, len(changes))
	for i, c := range changes {
		k, ok := m.tickets[c.After.Number]
		if !ok || k.head.Version != c.From {
			return visitor.ErrChanged
		}
		for _, e := range c.Events {
			r, err := e.Record()
			if err != nil {
				return err
			}
			records[i] = append(records[i], r)
		}
	}
	for i, c := range changes {
		k := m.tickets[c.After.Number]
		k.head, k.records = c.After, append(k.records, records[i]...)
	}
	m.writes++
	return nil
}

// AppendContact implements visitor.Store.
func (m *Memory) AppendContact(ctx context.Context, version int, after ticket.Head, events []ticket.Event, sealed string) error {
	if err := m.Append(ctx, version, after, events); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tickets[after.Number].filed.Contact = sealed
	return nil
}

// CountWrong implements visitor.Store.
func (m *Memory) CountWrong(_ context.Context, number string, now time.Time, window time.Duration) (int, time.Time, error) {
	defer m.mu.Unlock()
	if err := m.enter("CountWrong"); err != nil {
		return 0, time.Time{}, err
	}
	k, ok := m.tickets[number]
	if !ok {
		return 0, time.Time{}, nil
	}
	if !k.until.After(now) {
		k.wrong, k.until = 0, now.Add(window)
	}
	k.wrong++
	m.writes++
	return k.wrong, k.until, nil
}

// Give does a command of anybody's to a stored ticket, by the built-in office's terms.
func Give(t *testing.T, s visitor.Store, number string, c ticket.Command, now time.Time) ticket.Head {
	t.Helper()
	before, err := s.Ticket(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	head, events, err := ticket.Apply(before.Head, c, ticket.Moment{Now: now, Terms: builtIn()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), before.Head.Version, head, events); err != nil {
		t.Fatal(err)
	}
	return head
}
