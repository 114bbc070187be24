// Package account is who works at the desk: accounts with their roles and sections, passwords,
// lock-out, and sessions. It knows nothing of HTTP or AWS; what it keeps is behind Store.
package account

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"steledesk/shared/ticket"
)

// Account is one person's way in. Name is a title or a post, such as 票务科科长.
type Account struct {
	Login        string        `json:"login"`
	Name         string        `json:"name"`
	Roles        []ticket.Role `json:"roles"`
	Sections     []string      `json:"sections,omitempty"` // whose tickets the role section handles
	Term         Term          `json:"term,omitzero"`      // of the role supervisor
	Disabled     bool          `json:"disabled,omitempty"`
	MustChange   bool          `json:"mustChange,omitempty"` // the password was given by an operator
	PasswordHash string        `json:"passwordHash"`         // a PHC string
	Epoch        int           `json:"epoch"`                // sessions of another epoch are over
	Created      time.Time     `json:"created"`
	Changed      time.Time     `json:"changed"` // the password

	Version int `json:"-"` // as the store has it; 0: not stored yet
}

// Roles lists the roles an account can have.
func Roles() []ticket.Role {
	return []ticket.Role{ticket.SectionStaff, ticket.OfficeStaff, ticket.Discipline, ticket.Leader, ticket.Supervisor}
}

// loginForm keeps logins short, unambiguous and safe in any path or log.
var loginForm = regexp.MustCompile(`^[a-z][a-z0-9-]{1,30}$`)

// CheckLogin says what is wrong with a login.
func CheckLogin(login string) error {
	if !loginForm.MatchString(login) {
		return fmt.Errorf("login %q: want 2 to 31 of a-z, 0-9 and -, the first a letter", login)
	}
	return nil
}

// maxName is the most characters of an account's name.
const maxName = 40

// Check says what is wrong with an account, its password apart. known reports whether the office
// has a section.
func (a Account) Check(known func(section string) bool) error {
	if err := CheckLogin(a.Login); err != nil {
		return err
	}
	name := []rune(strings.TrimSpace(a.Name))
	if len(name) == 0 || len(name) > maxName || slices.ContainsFunc(name, unicode.IsControl) {
		return fmt.Errorf("name %q: want 1 to %d characters on one line", a.Name, maxName)
	}
	if err := checkRoles(a.Roles); err != nil {
		return err
	}
	if !a.Term.IsZero() {
		if !slices.Contains(a.Roles, ticket.Supervisor) {
			return fmt.Errorf("a term of office is for role %s: the other roles have none", ticket.Supervisor)
		}
		if err := a.Term.check(); err != nil {
			return err
		}
	}
	return a.checkSections(known)
}

func checkRoles(roles []ticket.Role) error {
	if len(roles) == 0 {
		return fmt.Errorf("no role: want some of %s", listed(Roles()))
	}
	for i, r := range roles {
		if !slices.Contains(Roles(), r) {
			return fmt.Errorf("there is no role %q: want some of %s", r, listed(Roles()))
		}
		if slices.Contains(roles[:i], r) {
			return fmt.Errorf("role %q is named twice", r)
		}
	}
	return nil
}

func (a Account) checkSections(known func(string) bool) error {
	if is := slices.Contains(a.Roles, ticket.SectionStaff); is != (len(a.Sections) > 0) {
		if is {
			return fmt.Errorf("role %s handles the tickets of sections: name one at least", ticket.SectionStaff)
		}
		return fmt.Errorf("sections are for role %s: the other roles have none", ticket.SectionStaff)
	}
	for i, s := range a.Sections {
		switch {
		case s == ticket.OfficeSection || s == ticket.DisciplineSection:
			return fmt.Errorf("section %q is worked by the role of that name", s)
		case !known(s):
			return fmt.Errorf("the office has no section %q", s)
		case slices.Contains(a.Sections[:i], s):
			return fmt.Errorf("section %q is named twice", s)
		}
	}
	return nil
}

func listed(roles []ticket.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}
