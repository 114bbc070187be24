// Package visitor is what a visitor can do: file a matter, follow it with its number and code,
// and write, supply, rate, reopen or withdraw. It knows the domain and nothing of HTTP or AWS;
// the API and the pages both use it.
package visitor

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"slices"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
)

// The errors a visitor can meet.
var (
	// ErrKeyReused: the idempotency key was used for another filing.
	ErrKeyReused = errors.New("idempotency key was used for another filing")
	// ErrNotFound: no ticket has this number and this code; which of them is wrong is not said.
	ErrNotFound = errors.New("no ticket has this number and code")
	// ErrBusy: others changed the ticket every time we tried; trying again helps.
	ErrBusy = errors.New("ticket is being changed by others")
)

// Locked is the error of a number for which wrong codes were tried too often.
type Locked struct{ Until time.Time }

func (l *Locked) Error() string { return "number is locked until " + l.Until.Format(time.RFC3339) }

// Taken is the error of a number that is stored already: the event it was filed with, and the
// fingerprints of the idempotency key and the request it was filed by.
type Taken struct {
	Number           string
	First            ticket.Record
	KeySum, MatterID string
}

func (t *Taken) Error() string { return "number is taken" }

// ErrChanged is the store's error when somebody else changed the ticket first.
var ErrChanged = errors.New("ticket was changed by another")

// Filed is a new ticket on its way to the store.
type Filed struct {
	Head     ticket.Head
	Event    ticket.Event
	Contact  string   // sealed; empty for anonymous
	KeySum   string   // fingerprint of the idempotency key
	MatterID string   // fingerprint of the request
	Others   []string // numbers that the same filing would have by other keys of the desk
}

// Stored is a ticket as the store has it.
type Stored struct {
	Head    ticket.Head
	Records []ticket.Record // oldest first
}

// After gives the ticket as the store has it once events, which led to head, were appended.
func (s Stored) After(head ticket.Head, events []ticket.Event) (Stored, error) {
	records := slices.Clone(s.Records)
	for _, e := range events {
		r, err := e.Record()
		if err != nil {
			return s, err
		}
		records = append(records, r)
	}
	return Stored{Head: head, Records: records}, nil
}

// Events reads the ticket's events, oldest first.
func (s Stored) Events() ([]ticket.Event, error) {
	events := make([]ticket.Event, len(s.Records))
	for i, r := range s.Records {
		e, err := r.Event()
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", s.Head.Number, err)
		}
		events[i] = e
	}
	return events, nil
}

// Store keeps tickets.
type Store interface {
	Tickets
	// File stores all of f or nothing. *Taken when its number, or one of the others, is stored already.
	File(ctx context.Context, f Filed) error
	// Ticket reads a ticket whole. ErrNotFound.
	Ticket(ctx context.Context, number string) (Stored, error)
	// Append stores after and its events if the ticket is still at version. ErrChanged when not.
	Append(ctx context.Context, version int, after ticket.Head, events []ticket.Event) error
	// AppendContact is Append and, in the same transaction, keeps sealed as the ticket's contact; empty: there is
	// none any more. ErrChanged.
	AppendContact(ctx context.Context, version int, after ticket.Head, events []ticket.Event, sealed string) error
	// AtSpot lists open tickets filed at a spot between two times, the latest first; no 举报 is among them.
	AtSpot(ctx context.Context, spot string, from, until time.Time, limit int) ([]Brief, error)
	// CountWrong notes that a wrong code was tried, for numbers that exist, and gives how many
	// were since the time it gives back less window.
	CountWrong(ctx context.Context, number string, now time.Time, window time.Duration) (int, time.Time, error)
}

// Keys derives numbers and codes, seals contacts and signs receipts: *seal.Keys.
type Keys interface {
	Ring(now time.Time) []seal.Key
	Code(number string) string
	Opens(number, code string) bool
	Fingerprint(text string) string
	Verifies(text, sum string) bool
	Seal(text, place string) string
	SealToken(text, place string) string
	OpenToken(token, place string) (string, error)
	ReceiptKeys() []ed25519.PublicKey
	Renew()
	PushKey() string
}

// Offices gives the office data in force, and its version (0: the built-in one).
type Offices interface {
	Current(ctx context.Context) (*office.Office, int, error)
}

// Desk is where a visitor is served.
type Desk struct {
	Store   Store
	Keys    Keys
	Offices Offices
	Photos  Gallery // nil: photos are not shown
	Phones  Phones  // needed to subscribe, and for nothing else
	// Undated is told of a ticket that has no deadline because the calendar does not reach.
	Undated func(ctx context.Context, number string, why error)
}

const (
	wrongCodes   = 5                // then whoever guesses is told to stop
	wrongWindow  = 15 * time.Minute // for the rest of this; the right code opens all the same
	commandTries = 5
)
