package desk_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/audit"
	"steledesk/shared/desk"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// memory is a store of the desk over that of the visitors, with its queues worked out anew for each call.
type memory struct {
	*visitortest.Memory
	numbers []string
	record  []audit.Entry
	read    []string // whose queues were read
	readMu  sync.Mutex
	deaf    error // what recording ends with
}

func (m *memory) Contact(_ context.Context, number string, _ time.Time) (string, error) {
	f, _ := m.Filed(number)
	return f.Contact, nil
}

func (m *memory) Record(_ context.Context, e audit.Entry) error {
	if m.deaf == nil {
		m.record = append(m.record, e)
	}
	return m.deaf
}

func (m *memory) QueueSlice(ctx context.Context, s desk.Slice) (desk.Part, error) {
	m.readMu.Lock()
	m.read = append(m.read, s.Section)
	m.readMu.Unlock()
	var part desk.Part
	for _, number := range m.numbers {
		stored, err := m.Brief(ctx, number)
		if err != nil {
			return part, err
		}
		row := desk.Row{Head: stored.Head, Gist: stored.Gist, Place: placeOf(stored.Head)}
		behind := s.After == "" || (row.Place > s.After) == s.Open && row.Place != s.After
		before := s.Until.IsZero() || row.Place < instant(s.Until)
		if stored.Head.Owner() == s.Section && stored.Head.State.Open() == s.Open && behind && before {
			part.Rows = append(part.Rows, row)
		}
	}
	slices.SortFunc(part.Rows, func(a, b desk.Row) int {
		if s.Open {
			return cmp.Compare(a.Place, b.Place)
		}
		return cmp.Compare(b.Place, a.Place)
	})
	if len(part.Rows) > s.Limit {
		part.Rows, part.More = part.Rows[:s.Limit], true
	}
	return part, nil
}

func placeOf(h ticket.Head) string {
	due := h.Due.AnswerBy
	if due.IsZero() {
		due = h.FiledAt
	}
	return instant(due) + "#" + h.Number
}

func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// staff are the accounts of the tests, by login.
var staff = map[string]account.Account{
	"office":       {Roles: []ticket.Role{ticket.OfficeStaff}},
	"leader":       {Roles: []ticket.Role{ticket.Leader}},
	"discipline":   {Roles: []ticket.Role{ticket.Discipline}},
	"supervisor":   {Roles: []ticket.Role{ticket.Supervisor}},
	"ticketing":    {Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"ticketing"}},
	"ticketing-2":  {Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"ticketing"}},
	"ticketing-3":  {Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"ticketing"}, Disabled: true},
	"two-sections": {Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"gardens", "works"}},
	"two-roles":    {Roles: []ticket.Role{ticket.SectionStaff, ticket.Discipline}, Sections: []string{"relics"}},
}

func person(login string) account.Principal {
	a := staff[login]
	a.Login = login
	return a.Principal()
}

func (m *memory) Credentials(_ context.Context, login string) (account.Credentials, error) {
	a, ok := staff[login]
	if ok {
		a.Login = login
	}
	return account.Credentials{Account: a}, nil
}

var nine = visitortest.Nine

// newDesk gives a desk, and its store with n tickets of every kind in every section.
func newDesk(t testing.TB, n int) (*desk.Desk, *memory) {
	t.Helper()
	m := &memory{Memory: visitortest.NewMemory()}
	visitors := visitortest.Desk(m)
	filings := []visitortest.Filing{visitortest.Complaint(), visitortest.Urgent(), visitortest.Report(), visitortest.Suggestion()}
	for i := range n {
		f := filings[i%len(filings)]
		f.Key += strings.Repeat("x", i)
		r, err := visitors.File(t.Context(), f.Key, f.Matter, nine.Add(time.Duration(i*37%500)*time.Minute))
		if err != nil {
			t.Fatal(err)
		}
		m.numbers = append(m.numbers, r.Number)
	}
	return &desk.Desk{Store: m, Keys: visitortest.Keys(), Offices: visitortest.Office{}, Colleagues: m, Audit: m}, m
}

func (m *memory) head(t testing.TB, number string) ticket.Head {
	t.Helper()
	s, err := m.Ticket(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	return s.Head
}

var _ visitor.Store = (*memory)(nil)
