package account

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"steledesk/shared/ticket"
)

func TestCheckAccount(t *testing.T) {
	clerk := Account{Login: "clerk", Name: "票务科", Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"ticketing"}}
	change := func(f func(*Account)) Account { a := clerk; f(&a); return a }
	tests := []struct {
		account Account
		want    string
	}{
		{clerk, ""},
		{change(func(a *Account) { a.Roles, a.Sections = []ticket.Role{ticket.Leader, ticket.OfficeStaff}, nil }), ""},
		{change(func(a *Account) { a.Login = "Clerk" }), "the first a letter"},
		{change(func(a *Account) { a.Login = "c" }), "2 to 31"},
		{change(func(a *Account) { a.Login = "clerk#1" }), "2 to 31"},
		{change(func(a *Account) { a.Login = strings.Repeat("c", 32) }), "2 to 31"},
		{change(func(a *Account) { a.Name = " " }), "1 to 40 characters"},
		{change(func(a *Account) { a.Name = "a\nb" }), "on one line"},
		{change(func(a *Account) { a.Roles = nil }), "no role: want some of section, office, discipline, leader, supervisor"},
		{change(func(a *Account) { a.Roles = []ticket.Role{ticket.Visitor} }), `no role "visitor"`},
		{change(func(a *Account) { a.Roles = append(a.Roles, ticket.SectionStaff) }), "named twice"},
		{change(func(a *Account) { a.Sections = nil }), "name one at least"},
		{change(func(a *Account) { a.Roles = []ticket.Role{ticket.Leader} }), "the other roles have none"},
		{change(func(a *Account) { a.Sections = []string{"discipline"} }), "by the role of that name"},
		{change(func(a *Account) { a.Sections = []string{"cafe"} }), `no section "cafe"`},
		{change(func(a *Account) { a.Sections = []string{"ticketing", "ticketing"} }), "named twice"},
	}
	for _, tt := range tests {
		got := fmt.Sprint(tt.account.Check(func(s string) bool { return s == "ticketing" || s == "discipline" }))
		if tt.want == "" && got != "<nil>" || !strings.Contains(got, tt.want) {
			t.Errorf("%+v: got %s, want %q", tt.account, got, tt.want)
		}
	}
}

// A 举报 is there for discipline alone, whatever else somebody is, and whichever section it names;
// and nobody acts on what they do not see, or as what they are not.
func TestWhoSeesWhat(t *testing.T) {
	sections := []string{"", "ticketing", "gardens", ticket.OfficeSection, ticket.DisciplineSection}
	rapid.Check(t, func(t *rapid.T) {
		p := Principal{
			Login: "clerk", Sections: []string{"ticketing"},
			Roles: rapid.SliceOfDistinct(rapid.SampledFrom(Roles()), rapid.ID).Draw(t, "roles"),
		}
		h := ticket.Head{
			Kind: rapid.SampledFrom(ticket.Kinds()).Draw(t, "kind"), State: rapid.SampledFrom(ticket.States()).Draw(t, "state"),
			Section: rapid.SampledFrom(sections).Draw(t, "section"),
		}
		want := p.Is(ticket.OfficeStaff) || p.Is(ticket.Leader) ||
			p.Is(ticket.SectionStaff) && h.Section == "ticketing" || p.Is(ticket.Discipline) && h.Section == ticket.DisciplineSection
		if h.Kind.Confidential() {
			want = p.Is(ticket.Discipline)
		}
		if got := p.Sees(h); got != want {
			t.Fatalf("%v and %s in %q: sees it: %t, want %t", p.Roles, h.Kind, h.Section, got, want)
		}
		for _, a := range p.Actors(h) {
			if !slices.Contains(p.Roles, a.Role) || a.Login != p.Login {
				t.Fatalf("%v may act as %+v", p.Roles, a)
			}
			if a.Role == ticket.SectionStaff && a.Section != "ticketing" {
				t.Fatalf("may act for section %q", a.Section)
			}
		}
	})
}

// Who signs for a section's ticket does it as the section, though they are of the office too.
func TestNearestActorFirst(t *testing.T) {
	p := Principal{Login: "both", Roles: []ticket.Role{ticket.OfficeStaff, ticket.SectionStaff}, Sections: []string{"ticketing"}}
	got := p.Actors(ticket.Head{Kind: ticket.Complaint, Section: "ticketing"})
	if len(got) != 2 || got[0].Role != ticket.SectionStaff || got[1].Role != ticket.OfficeStaff {
		t.Errorf("got %+v", got)
	}
}
