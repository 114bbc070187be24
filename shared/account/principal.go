package account

import (
	"slices"

	"steledesk/shared/ticket"
)

// Principal is who makes a call, as their session and their account say at that moment.
type Principal struct {
	Login      string
	Name       string
	Roles      []ticket.Role
	Sections   []string // whose tickets the role section handles
	Term       Term     // of the role supervisor
	MustChange bool     // nothing may be done before the password is changed
}

// Principal gives who signs in with the account.
func (a Account) Principal() Principal {
	return Principal{Login: a.Login, Name: a.Name, Roles: a.Roles, Sections: a.Sections, Term: a.Term, MustChange: a.MustChange}
}

// Is reports whether p has the role.
func (p Principal) Is(r ticket.Role) bool { return slices.Contains(p.Roles, r) }

// Without gives p without a role.
func (p Principal) Without(r ticket.Role) Principal {
	p.Roles = slices.DeleteFunc(slices.Clone(p.Roles), func(own ticket.Role) bool { return own == r })
	return p
}

// IsAny reports whether p has one of the roles.
func (p Principal) IsAny(roles []ticket.Role) bool { return slices.ContainsFunc(roles, p.Is) }

// Sees reports whether p may know of a ticket. To everybody else it is as if there were none:
// not in lists, counts, searches or exports, and 404 for its number.
//
//	                 section      office  discipline          leader  supervisor
//	举报             no           no      yes                 no      no
//	any other        their own    yes     those it handles    yes     no
func (p Principal) Sees(h ticket.Head) bool { return len(p.Actors(h)) > 0 }

// Actors lists what p may act as towards a ticket, the nearest to it first; none for a ticket that
// p does not see. A person with several roles acts as the first that a command permits.
func (p Principal) Actors(h ticket.Head) []ticket.Actor {
	if h.Kind.Confidential() {
		if p.Is(ticket.Discipline) {
			return []ticket.Actor{p.discipline()}
		}
		return nil
	}
	var all []ticket.Actor
	if p.Is(ticket.SectionStaff) && h.Section != "" && slices.Contains(p.Sections, h.Section) {
		all = append(all, ticket.Actor{Role: ticket.SectionStaff, Login: p.Login, Section: h.Section})
	}
	if p.Is(ticket.Discipline) && h.Section == ticket.DisciplineSection {
		all = append(all, p.discipline())
	}
	if p.Is(ticket.OfficeStaff) {
		all = append(all, ticket.Actor{Role: ticket.OfficeStaff, Login: p.Login, Section: ticket.OfficeSection})
	}
	if p.Is(ticket.Leader) {
		all = append(all, ticket.Actor{Role: ticket.Leader, Login: p.Login})
	}
	return all
}

func (p Principal) discipline() ticket.Actor {
	return ticket.Actor{Role: ticket.Discipline, Login: p.Login, Section: ticket.DisciplineSection}
}
