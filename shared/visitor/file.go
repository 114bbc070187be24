package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/receipt"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
)

// Matter is what a visitor files, valid. File tidies it.
type Matter struct {
	Kind        ticket.Kind
	Category    string
	Spot        string
	Text        string
	Wish        string
	HappenedAt  time.Time
	Contact     Contact
	Photos      []string
	Publishable bool
	Language    string

	// Of a supervisor's feedback; left out of the JSON that visitors' filings are recognised by.
	By      ticket.Actor `json:",omitzero"` // the supervisor
	About   string       `json:",omitempty"`
	Section string       `json:",omitempty"` // the section it is about

	Canary bool `json:",omitempty"` // the desk tries itself: the matter goes to the office's queue, and nobody is told
}

// filer is who files the matter.
func (m Matter) filer() ticket.Actor {
	if m.By.Role == "" {
		return ticket.Actor{Role: ticket.Visitor}
	}
	return m.By
}

// tidy drops space around words and keeps times as the desk does.
func (m Matter) tidy() Matter {
	m.Text, m.Wish = strings.TrimSpace(m.Text), strings.TrimSpace(m.Wish)
	m.Contact = m.Contact.tidy()
	if !m.HappenedAt.IsZero() {
		m.HappenedAt = ticket.Instant(m.HappenedAt)
	}
	return m
}

// Receipt is what a visitor keeps: it says the same however often the filing is sent.
type Receipt struct {
	Number   string
	Code     string
	Kind     ticket.Kind
	State    ticket.State
	Section  string
	Urgent   bool
	FiledAt  time.Time
	AnswerBy time.Time // zero: not known yet, the calendar does not reach
	Proof    string    // the signed receipt, which package receipt checks
}

// File stores the matter under the idempotency key, once: the same key finds the same ticket and
// gives the same receipt, also when the desk's keys changed meanwhile. Errors: ErrKeyReused.
func (d *Desk) File(ctx context.Context, key string, m Matter, now time.Time) (Receipt, error) {
	o, version, err := d.Offices.Current(ctx)
	if err != nil {
		return Receipt{}, err
	}
	m = m.tidy()
	id, err := m.identity()
	if err != nil {
		return Receipt{}, err
	}
	ring := d.Keys.Ring(now)
	current, once := ring[0], NewOnce(ring, o.Desk.Prefix, key)
	f := Filed{KeySum: KeySum(current, key), MatterID: MatterSum(current, id)}
	command := d.command(o, version, m, FilingSalt(current, key))
	for {
		var free bool
		if command.Number, f.Others, free = once.Numbers(); !free {
			return Receipt{}, fmt.Errorf("file ticket: %d numbers were all taken", maxNumbers)
		}
		events, err := d.file(ctx, o, f, command, m.Contact, now)
		var taken *Taken
		switch {
		case err == nil:
			return receiptBy(current, events, command.Salt)
		case !errors.As(err, &taken):
			return Receipt{}, err
		}
		if by, same := once.Met(taken); same {
			return again(taken, by, key, m)
		}
	}
}

// identity is what a matter is told from another by. A phone may ask for another language when it sends again.
func (m Matter) identity() ([]byte, error) {
	m.Language = ""
	id, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("identify matter: %w", err)
	}
	return id, nil
}

// again gives the receipt of a filing that was stored before, with the key it was stored by; its words may be erased by
// now, their sum and their salt are not. ErrKeyReused when it was of another matter.
func again(taken *Taken, by seal.Key, key string, m Matter) (Receipt, error) {
	first, err := taken.First.Event()
	if err != nil {
		return Receipt{}, fmt.Errorf("read filing again: %w", err)
	}
	if len(m.Photos) > 0 && samePhotos(m.Photos, first.Data.Photos) { // an empty list is another identity than none
		m.Photos = first.Data.Photos
	}
	id, err := m.identity()
	if err != nil {
		return Receipt{}, err
	}
	if taken.MatterID != MatterSum(by, id) {
		return Receipt{}, ErrKeyReused
	}
	return receiptBy(by, first, FilingSalt(by, key))
}

// command routes the matter.
func (d *Desk) command(o *office.Office, version int, m Matter, salt string) ticket.Command {
	r := o.Route(office.Matter{Kind: m.Kind, Category: m.Category, Spot: m.Spot, Section: m.Section, Text: m.Text + "\n" + m.Wish})
	if m.Canary {
		r = office.Routing{Kind: ticket.Enquiry, Section: ticket.OfficeSection, Why: "canary"}
	}
	return ticket.Command{
		Name: ticket.File, By: m.filer(), Text: m.Text, Wish: m.Wish, Salt: salt,
		Kind: r.Kind, Category: m.Category, Spot: m.Spot, Section: r.Section, Triage: r.Triage, Urgent: r.Urgent,
		Anonymous: m.Contact == Contact{}, Publishable: m.Publishable, Language: m.Language,
		HappenedAt: m.HappenedAt, Photos: m.Photos, About: m.About, RoutedBy: r.Why, Office: version,
		Canary: m.Canary,
	}
}

func (d *Desk) file(ctx context.Context, o *office.Office, f Filed, c ticket.Command, contact Contact, now time.Time) (ticket.Event, error) {
	terms := &office.Tolerant{Terms: o}
	head, events, err := ticket.Apply(ticket.Head{}, c, ticket.Moment{Now: now, Terms: terms})
	if err != nil {
		return ticket.Event{}, fmt.Errorf("file ticket: %w", err)
	}
	f.Head, f.Event = head, events[0]
	if f.Contact, err = d.seal(contact, c.Number); err != nil {
		return ticket.Event{}, err
	}
	if err := d.Store.File(ctx, f); err != nil {
		return ticket.Event{}, err
	}
	if terms.Missing != nil && d.Undated != nil {
		d.Undated(ctx, c.Number, terms.Missing)
	}
	return f.Event, nil
}

// receiptBy gives the receipt of a filing, as the key that it was stored by gives it each time.
func receiptBy(key seal.Key, filed ticket.Event, salt string) (Receipt, error) {
	a := filed.After
	signed := receipt.Receipt{
		Number: filed.Ticket, FiledAt: filed.At, AnswerBy: a.AnswerBy, Section: a.Section, Words: filed.WordsSum, Salt: salt,
	}
	if a.Kind.Confidential() {
		signed.Section = ""
	}
	proof, err := signed.Sign(key.ReceiptKey())
	return Receipt{
		Number: filed.Ticket, Code: key.Code(filed.Ticket), Kind: a.Kind, State: a.State, Section: a.Section,
		Urgent: a.Urgent, FiledAt: filed.At, AnswerBy: a.AnswerBy, Proof: proof,
	}, err
}
