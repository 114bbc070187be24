package meeting

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"steledesk/shared/digest"
	"steledesk/shared/office"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Resolved is the record of a decision: the ticket that was made of it. The words are the ticket's.
type Resolved struct {
	Month  digest.Month // of the meeting
	Number int          // from 1, in the order they were decided
	Ticket string
}

// Errors of decisions.
var (
	// ErrNoDecision: the meeting made no decision of that number.
	ErrNoDecision = errors.New("there is no such decision")
	// ErrNumberTaken: another decision of the meeting has the number.
	ErrNumberTaken = errors.New("another decision has the number")
	// ErrTooMany: the meeting has MaxDecisions.
	ErrTooMany = errors.New("the meeting has as many decisions as it can")
	// ErrPast: the date of a decision is over.
	ErrPast = errors.New("the date is over")
	// ErrNoSection: the office has no such section, or none that decisions go to.
	ErrNoSection = errors.New("there is no such section")
	// ErrNotMet: the meeting was not planned yet.
	ErrNotMet = errors.New("the meeting was not planned")
)

// Decisions keeps decisions: *dynamo.Table.
type Decisions interface {
	// DecisionsOf lists the decisions of a meeting, by their numbers.
	DecisionsOf(ctx context.Context, month digest.Month) ([]Resolved, error)
	// FileDecision stores the ticket and the record in one transaction. *visitor.Taken when the ticket's number is
	// stored already, ErrNumberTaken when the decision's is.
	FileDecision(ctx context.Context, f visitor.Filed, r Resolved) error
	// Ticket reads a ticket whole. visitor.ErrNotFound.
	Ticket(ctx context.Context, number string) (visitor.Stored, error)
	visitor.Tickets
}

// Keys derives numbers and fingerprints: *seal.Keys.
type Keys interface {
	Ring(now time.Time) []seal.Key
}

// Office is where meetings are worked.
type Office struct {
	Meetings  Meetings
	Decisions Decisions
	Keys      Keys
	Offices   visitor.Offices
}

// Decision is what a meeting decides: what, who does it, and by when.
type Decision struct {
	Month    digest.Month
	Text     string
	Section  string
	AnswerBy time.Time
}

const (
	tries   = 4  // of a command, when others change the ticket meanwhile
	rivalry = 20 // decisions that are stored at the same time
)

// Decide files a decision as a ticket of kind resolution, by the office, with the record beside it. The same key finds
// the same decision, however often it is sent and whatever was killed. Errors: visitor.ErrKeyReused, ErrNotMet, ErrPast,
// ErrNoSection, ErrTooMany.
func (o *Office) Decide(ctx context.Context, who ticket.Actor, key string, d Decision, now time.Time) (Resolved, error) {
	data, version, err := o.Offices.Current(ctx)
	if err != nil {
		return Resolved{}, err
	}
	matter, err := json.Marshal(d)
	if err != nil {
		return Resolved{}, fmt.Errorf("identify decision: %w", err)
	}
	key = "decision/" + who.Login + "/" + string(d.Month) + "/" + key
	ring := o.Keys.Ring(now)
	once := visitor.NewOnce(ring, data.Desk.Prefix, key)
	f := visitor.Filed{KeySum: visitor.KeySum(ring[0], key), MatterID: visitor.MatterSum(ring[0], matter)}
	command := ticket.Command{
		Name: ticket.File, By: who, Kind: ticket.Resolution, Section: d.Section, Text: d.Text, AnswerBy: d.AnswerBy,
		Anonymous: true, Office: version, Salt: visitor.FilingSalt(ring[0], key),
	}
	for {
		var free bool
		if command.Number, f.Others, free = once.Numbers(); !free {
			return Resolved{}, errors.New("file decision: the numbers of its key were all taken")
		}
		r, err := o.file(ctx, data, f, command, d, now)
		var taken *visitor.Taken
		if !errors.As(err, &taken) {
			return r, err
		}
		switch by, same := once.Met(taken); {
		case !same: // another ticket: the next number
		case taken.MatterID != visitor.MatterSum(by, matter):
			return Resolved{}, visitor.ErrKeyReused
		default:
			return o.made(ctx, d.Month, taken.Number)
		}
	}
}

// file stores the decision under the next number that is free.
func (o *Office) file(ctx context.Context, data *office.Office, f visitor.Filed, c ticket.Command, d Decision, now time.Time) (Resolved, error) {
	if err := o.check(ctx, data, d, now); err != nil {
		return Resolved{}, err
	}
	head, events, err := ticket.Apply(ticket.Head{}, c, ticket.Moment{Now: now, Terms: &office.Tolerant{Terms: data}})
	if err != nil {
		return Resolved{}, fmt.Errorf("file decision: %w", err)
	}
	f.Head, f.Event = head, events[0]
	r := Resolved{Month: d.Month, Ticket: c.Number}
	for range rivalry {
		before, err := o.Decisions.DecisionsOf(ctx, d.Month)
		if err != nil {
			return Resolved{}, err
		}
		if r.Number = len(before) + 1; r.Number > MaxDecisions {
			return Resolved{}, ErrTooMany
		}
		if err := o.Decisions.FileDecision(ctx, f, r); !errors.Is(err, ErrNumberTaken) {
			return r, err
		}
	}
	return Resolved{}, visitor.ErrBusy
}

// check says what stands against a decision.
func (o *Office) check(ctx context.Context, data *office.Office, d Decision, now time.Time) error {
	if _, known := data.Section(d.Section); !known || d.Section == ticket.DisciplineSection {
		return ErrNoSection
	}
	if !d.AnswerBy.After(now) {
		return ErrPast
	}
	_, err := o.Meetings.Meeting(ctx, d.Month)
	if errors.Is(err, ErrNoMeeting) {
		return ErrNotMet
	}
	return err
}

// made finds the record of a decision that was filed before.
func (o *Office) made(ctx context.Context, month digest.Month, number string) (Resolved, error) {
	all, err := o.Decisions.DecisionsOf(ctx, month)
	if err != nil {
		return Resolved{}, err
	}
	for _, r := range all {
		if r.Ticket == number {
			return r, nil
		}
	}
	return Resolved{}, fmt.Errorf("decision %s of %s: %w", number, month, ErrNoDecision)
}

// Unsettle sends an answered decision back to its section, with a reason and a new date. The same key does it once.
// Errors: ErrNoDecision, ErrPast, *ticket.Refusal, visitor.ErrBusy.
func (o *Office) Unsettle(ctx context.Context, who ticket.Actor, key string, r Resolved, why Objection, now time.Time) error {
	if !why.AnswerBy.After(now) {
		return ErrPast
	}
	var salts []string // of each key of the desk's, the current one first
	for _, one := range o.Keys.Ring(now) {
		salts = append(salts, one.Fingerprint("salt/unsettle/"+who.Login+"/"+r.Ticket+"/"+key))
	}
	command := ticket.Command{Name: ticket.Reopen, By: who, Text: why.Text, AnswerBy: why.AnswerBy, Salt: salts[0]}
	w := visitor.Writer{Store: o.Decisions, Offices: o.Offices}
	for range tries {
		s, err := o.Decisions.Ticket(ctx, r.Ticket)
		if err != nil {
			return err
		}
		if said(s, salts) {
			return nil
		}
		if _, err = w.Do(ctx, s, command, now); !errors.Is(err, visitor.ErrChanged) {
			return err
		}
	}
	return visitor.ErrBusy
}

// Objection is why a decision is not settled, and until when it is to be.
type Objection struct {
	Text     string
	AnswerBy time.Time
}

// said reports whether a command with one of the salts was carried out.
func said(s visitor.Stored, salts []string) bool {
	events, err := s.Events()
	if err != nil {
		return false
	}
	for _, e := range events {
		if e.Words != nil && slices.Contains(salts, e.Words.Salt) {
			return true
		}
	}
	return false
}

// Find gives a decision of a meeting by its number. ErrNoDecision.
func (o *Office) Find(ctx context.Context, month digest.Month, number int) (Resolved, error) {
	all, err := o.Decisions.DecisionsOf(ctx, month)
	if err != nil {
		return Resolved{}, err
	}
	for _, r := range all {
		if r.Number == number {
			return r, nil
		}
	}
	return Resolved{}, ErrNoDecision
}
