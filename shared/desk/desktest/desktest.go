// Package desktest gives tests and fuzz targets what staff's functions need of a store, in memory and at once: tickets with
// their queues, accounts that are signed in already, and a record that is thrown away. What a real store does is tested
// where that is.
package desktest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/audit"
	"steledesk/shared/desk"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// Memory is a desk.Store, an account.Store and an audit record.
type Memory struct {
	*visitortest.Memory
	account.Store // nil: what is not below, nothing here calls

	mu      sync.Mutex
	numbers []string
}

// New gives an empty one.
func New() *Memory { return &Memory{Memory: visitortest.NewMemory()} }

// People are the accounts there are: one of each role, one of two, and one that has to change its password first.
func People() []account.Account {
	return []account.Account{
		{Login: "ticketing", Name: "票务科", Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"ticketing"}},
		{Login: "office", Name: "办公室", Roles: []ticket.Role{ticket.OfficeStaff}},
		{Login: "discipline", Name: "纪检", Roles: []ticket.Role{ticket.Discipline}},
		{Login: "leader", Name: "分管领导", Roles: []ticket.Role{ticket.Leader}},
		{Login: "supervisor", Name: "监督员", Roles: []ticket.Role{ticket.Supervisor}},
		{Login: "both", Name: "办公室兼纪检", Roles: []ticket.Role{ticket.OfficeStaff, ticket.Discipline}},
		{Login: "newcomer", Name: "新人", Roles: []ticket.Role{ticket.OfficeStaff}, MustChange: true},
	}
}

// Token is that of the session which somebody of People has.
func Token(login string) string { return login + "." + strings.Repeat("a", 26) }

// Session implements account.Store.
func (m *Memory) Session(_ context.Context, id, login string) (account.Session, account.Account, error) {
	sum := sha256.Sum256([]byte(Token(login)))
	i := slices.IndexFunc(People(), func(a account.Account) bool { return a.Login == login })
	if i < 0 || id != hex.EncodeToString(sum[:]) {
		return account.Session{}, account.Account{}, account.ErrNoSession
	}
	return account.Session{ID: id, Login: login, Created: visitortest.Nine, Expires: visitortest.Nine.Add(account.SessionLasts)}, People()[i], nil
}

// EndSession implements account.Store.
func (m *Memory) EndSession(context.Context, string) error { return nil }

// Accounts implements account.Store.
func (m *Memory) Accounts(context.Context) ([]account.Account, error) { return People(), nil }

// Credentials implements account.Store. Every login is locked: a password that is tried costs no hash, which would be all
// the time there is.
func (m *Memory) Credentials(_ context.Context, login string) (account.Credentials, error) {
	c := account.Credentials{Lock: account.Lock{Failures: 5, Until: visitortest.Nine.AddDate(1, 0, 0)}}
	for _, a := range People() {
		if a.Login == login {
			c.Account = a
		}
	}
	return c, nil
}

// Record implements desk.Auditor.
func (m *Memory) Record(context.Context, audit.Entry) error { return nil }

// entry is all that was ever recorded.
func entry() audit.Entry {
	return audit.Entry{At: visitortest.Nine, Who: "=office", Role: ticket.OfficeStaff, What: audit.OfficeChanged, Detail: "+after"}
}

// AuditDay gives one entry, whatever the day.
func (m *Memory) AuditDay(context.Context, time.Time, audit.Books) iter.Seq2[audit.Entry, error] {
	return func(yield func(audit.Entry, error) bool) { yield(entry(), nil) }
}

// File implements visitor.Store.
func (m *Memory) File(ctx context.Context, f visitor.Filed) error {
	err := m.Memory.File(ctx, f)
	if err == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.numbers = append(m.numbers, f.Head.Number)
	}
	return err
}

// Contact implements desk.Store.
func (m *Memory) Contact(_ context.Context, number string, _ time.Time) (string, error) {
	f, _ := m.Filed(number)
	return f.Contact, nil
}

// QueueSlice implements desk.Store: queues are worked out anew for each call.
func (m *Memory) QueueSlice(ctx context.Context, s desk.Slice) (desk.Part, error) {
	m.mu.Lock()
	numbers := slices.Clone(m.numbers)
	m.mu.Unlock()
	var part desk.Part
	for _, number := range numbers {
		b, err := m.Brief(ctx, number)
		if err != nil {
			return part, err
		}
		place := b.Head.FiledAt.UTC().Format("2006-01-02T15:04:05.000Z") + "#" + number
		if b.Head.Owner() == s.Section && b.Head.State.Open() == s.Open && (s.After == "" || (place > s.After) == s.Open && place != s.After) {
			part.Rows = append(part.Rows, desk.Row{Head: b.Head, Gist: b.Gist, Place: place})
		}
	}
	slices.SortFunc(part.Rows, func(a, b desk.Row) int { return cmp.Compare(a.Place, b.Place) })
	if part.More = len(part.Rows) > s.Limit; part.More {
		part.Rows = part.Rows[:s.Limit]
	}
	return part, nil
}
