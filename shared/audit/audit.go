// Package audit is the record of who did and who saw what: appended, never changed.
package audit

import (
	"strings"
	"time"

	"steledesk/shared/ticket"
)

// What names what was done.
type What string

// What is recorded.
const (
	SignedIn        What = "signed-in"
	SignInRefused   What = "sign-in-refused"
	SignedOut       What = "signed-out"
	PasswordChanged What = "password-changed"
	Unmasked        What = "contact-unmasked" // a visitor's name and phone were shown; Detail is the reason
	Read            What = "ticket-read"      // by staff of another section
	Exported        What = "exported"
	OfficeChanged   What = "office-changed"
	OfficeRestored  What = "office-restored"
	ChannelTested   What = "channel-tested"
	AccountAdded    What = "account-added"
	AccountDisabled What = "account-disabled"
	AccountReset    What = "account-reset"
	AccountChanged  What = "account-changed"
)

// Books are the parts of the record that somebody reads.
type Books struct {
	Matters bool // all but what is about 举报: the office's
	Reports bool // what is about 举报: discipline's
}

// Entry is one line of the record.
type Entry struct {
	At     time.Time   `json:"at"`
	Who    string      `json:"who"` // login, or what stands for it: "operator:<name>"
	Role   ticket.Role `json:"role,omitempty"`
	What   What        `json:"what"`
	Ticket string      `json:"ticket,omitempty"`
	// Section is the one responsible for the ticket after what was done.
	Section string `json:"section,omitempty"`
	Detail  string `json:"detail,omitempty"`

	// Confidential entries are about a 举报 and read by discipline alone: the office must not learn
	// of one from the record either.
	Confidential bool `json:"confidential,omitempty"`
}

// acted begins the What of everything that staff did to a ticket: an event's name follows.
const acted = "ticket-"

// Acted is what is recorded of an event that somebody of the staff made, and false of any other.
func Acted(e ticket.Event) (Entry, bool) {
	return Entry{
		At: e.At, Who: e.By.Login, Role: e.By.Role, What: acted + What(e.What), Ticket: e.Ticket, Section: e.After.Section,
		Confidential: e.After.Kind.Confidential(),
	}, e.By.Login != ""
}

// Event gives the event that w is the record of; false when it is of something else.
func (w What) Event() (ticket.What, bool) {
	event, is := strings.CutPrefix(string(w), acted)
	return ticket.What(event), is && w != Read
}

// Act is a kind of what is done.
type Act string

// The kinds of what is done.
const (
	Handled Act = "handled" // something was done to a ticket
	Seen    Act = "seen"    // something was seen that is not everybody's to see
	SignIns Act = "signin"  // sessions and passwords
	Offices Act = "office"  // the office data
	Account Act = "account" // an operator changed an account
)

// Act gives the kind of w.
func (w What) Act() Act {
	if _, is := w.Event(); is {
		return Handled
	}
	switch w {
	case Unmasked, Read, Exported:
		return Seen
	case OfficeChanged, OfficeRestored, ChannelTested:
		return Offices
	case AccountAdded, AccountDisabled, AccountReset, AccountChanged:
		return Account
	}
	return SignIns
}

// Filter says which entries are wanted. Empty fields ask for nothing.
type Filter struct {
	Who    string // a part of the login, in small letters
	Ticket string // its number
	Act    Act
}

// Passes reports whether an entry is wanted.
func (f Filter) Passes(e Entry) bool {
	return strings.Contains(strings.ToLower(e.Who), f.Who) && (f.Ticket == "" || f.Ticket == e.Ticket) && (f.Act == "" || f.Act == e.What.Act())
}
