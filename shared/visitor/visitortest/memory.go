package visitortest

import (
	"context"
	"sync"
	"testing"
	"time"

	"steledesk/shared/office"
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
	if k, taken := m.tickets[f.Head.Number]; taken {
		return &visitor.Taken{First: k.records[0], KeySum: k.filed.KeySum, MatterID: k.filed.MatterID}
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

// Append implements visitor.Store.
func (m *Memory) Append(_ context.Context, version int, after ticket.Head, events []ticket.Event) error {
	defer m.mu.Unlock()
	if err := m.enter("Append"); err != nil {
		return err
	}
	k, ok := m.tickets[after.Number]
	if !ok || k.head.Version != version {
		return visitor.ErrChanged
	}
	var records []ticket.Record
	for _, e := range events {
		r, err := e.Record()
		if err != nil {
			return err
		}
		records = append(records, r)
	}
	k.head, k.records = after, append(k.records, records...)
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
	head, events, err := ticket.Apply(before.Head, c, ticket.Moment{Now: now, Terms: office.Default()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Append(t.Context(), before.Head.Version, head, events); err != nil {
		t.Fatal(err)
	}
	return head
}
