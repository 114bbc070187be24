// Package audit is the record of who did and who saw what: appended, never changed.
package audit

import (
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
)

// Entry is one line of the record.
type Entry struct {
	At     time.Time   `json:"at"`
	Who    string      `json:"who"` // login, or what stands for it: "operator:<name>"
	Role   ticket.Role `json:"role,omitempty"`
	What   What        `json:"what"`
	Ticket string      `json:"ticket,omitempty"`
	Detail string      `json:"detail,omitempty"`

	// Confidential entries are about a 举报 and read by discipline alone: the office must not learn
	// of one from the record either.
	Confidential bool `json:"confidential,omitempty"`
}
