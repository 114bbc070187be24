// Package desk is what staff can do: list what waits for them, read a ticket, give its commands, and see a visitor's
// contact when they say why. It knows the domain and nothing of HTTP or AWS. What somebody may not see is not there
// for them: by list, count, search or number.
package desk

import (
	"context"
	"errors"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/audit"
	"steledesk/shared/office"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// The errors staff can meet.
var (
	// ErrNotFound: there is no such ticket, or it is not for the eyes of who asked; which of them is not said.
	ErrNotFound = errors.New("no such ticket for this person")
	// ErrChanged: the ticket is not at the version that was read any more.
	ErrChanged = errors.New("ticket was changed since it was read")
	// ErrCursor: no page gave this cursor.
	ErrCursor = errors.New("not a cursor")
	// ErrOfficeChanged: the office data is not at the version that was read any more.
	ErrOfficeChanged = errors.New("office data was changed since it was read")
	// ErrNoVersion: the office data never had this version.
	ErrNoVersion = errors.New("no such version of the office data")
	// ErrNoChannel: the office data in force has no such channel.
	ErrNoChannel = errors.New("no such channel")
	// ErrNoContact: the visitor left none or deleted it, its time is over, or the key that sealed it was removed.
	ErrNoContact = errors.New("ticket has no contact")
)

// Store keeps tickets and finds them by what is due. *dynamo.Table is one.
type Store interface {
	// Ticket reads a ticket whole. visitor.ErrNotFound.
	Ticket(ctx context.Context, number string) (visitor.Stored, error)
	visitor.Tickets
	// Brief reads a ticket as lists have it. visitor.ErrNotFound.
	Brief(ctx context.Context, number string) (visitor.Brief, error)
	// AtSpot lists open tickets filed at a spot between two times, the latest first; no 举报 is among them.
	AtSpot(ctx context.Context, spot string, from, until time.Time, limit int) ([]visitor.Brief, error)
	// Contact gives a ticket's sealed contact, "" when there is none.
	Contact(ctx context.Context, number string, now time.Time) (string, error)
	// QueueSlice gives a part of a section's queue, in its order.
	QueueSlice(ctx context.Context, s Slice) (Part, error)
}

// Slice says which part of a queue is wanted.
type Slice struct {
	Section string // whose queue: that of whoever must act
	Open    bool   // open tickets, soonest due first; else ended ones, latest due first
	After   string // the place after which it begins; empty: at the beginning
	Until   time.Time
	Limit   int
}

// Part is a slice that was read.
type Part struct {
	Rows []Row
	More bool // there may be more behind the last row
}

// Row is a ticket in a list.
type Row struct {
	Head  ticket.Head
	Gist  string // the beginning of what the visitor wrote
	Place string // in every queue's order: its due time and its number, which no other ticket has
}

// Keys opens contacts and makes fingerprints: *seal.Keys.
type Keys interface {
	Open(sealed, place string) (string, error)
	Ring(now time.Time) []seal.Key
}

// Offices gives the office data in force, and its version (0: the built-in one).
type Offices interface {
	Current(ctx context.Context) (*office.Office, int, error)
}

// Colleagues finds accounts: an account.Store is one.
type Colleagues interface {
	// Credentials reads the account of a login; the zero Account when there is none.
	Credentials(ctx context.Context, login string) (account.Credentials, error)
}

// Auditor keeps the record of who did and who saw what: *dynamo.Table.
type Auditor interface {
	Record(ctx context.Context, e audit.Entry) error
}

// Desk is where staff work.
type Desk struct {
	Store      Store
	Keys       Keys
	Offices    Offices
	Colleagues Colleagues
	Audit      Auditor
	Photos     visitor.Gallery // nil: photos are not shown
	// Undated is told of a ticket that has no deadline because the calendar does not reach; nil: nobody is.
	Undated func(ctx context.Context, number string, why error)
}
