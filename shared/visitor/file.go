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

// maxNumbers is how many numbers a key may try: two keys share one with a chance of one in
// 34 thousand millions a pair.
const maxNumbers = 4

// File stores the matter under the idempotency key, once: the same key finds the same ticket and
// gives the same receipt. Errors: ErrKeyReused.
func (d *Desk) File(ctx context.Context, key string, m Matter, now time.Time) (Receipt, error) {
	o, version, err := d.Offices.Current(ctx)
	if err != nil {
		return Receipt{}, err
	}
	m = m.tidy()
	same := m
	same.Language = "" // a phone may ask for another language when it sends again
	id, err := json.Marshal(same)
	if err != nil {
		return Receipt{}, fmt.Errorf("identify matter: %w", err)
	}
	f := Filed{KeySum: d.Keys.Fingerprint("key/" + key), MatterID: d.Keys.Fingerprint("matter/" + string(id))}
	command := d.command(o, version, m, d.Keys.Fingerprint("salt/"+key))
	for attempt := range maxNumbers {
		command.Number = d.Keys.Number(o.Desk.Prefix, key, attempt)
		filed, err := d.file(ctx, o, f, command, m.Contact, now)
		var taken *Taken
		switch {
		case !errors.As(err, &taken):
			return filed, err
		case taken.KeySum != f.KeySum: // another visitor's ticket: the next number
			continue
		case taken.MatterID != f.MatterID:
			return Receipt{}, ErrKeyReused
		}
		return d.receiptOf(taken.First, command.Salt)
	}
	return Receipt{}, fmt.Errorf("file ticket: %d numbers were all taken", maxNumbers)
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

func (d *Desk) file(ctx context.Context, o *office.Office, f Filed, c ticket.Command, contact Contact, now time.Time) (Receipt, error) {
	terms := &office.Tolerant{Terms: o}
	head, events, err := ticket.Apply(ticket.Head{}, c, ticket.Moment{Now: now, Terms: terms})
	if err != nil {
		return Receipt{}, fmt.Errorf("file ticket: %w", err)
	}
	f.Head, f.Event = head, events[0]
	if f.Contact, err = d.seal(contact, c.Number); err != nil {
		return Receipt{}, err
	}
	if err := d.Store.File(ctx, f); err != nil {
		return Receipt{}, err
	}
	if terms.Missing != nil && d.Undated != nil {
		d.Undated(ctx, c.Number, terms.Missing)
	}
	return d.receipt(f.Event, c.Salt)
}

// receiptOf gives the receipt of a filing that was stored before; its words may be erased by now, their sum and
// their salt are not.
func (d *Desk) receiptOf(first ticket.Record, salt string) (Receipt, error) {
	e, err := first.Event()
	if err != nil {
		return Receipt{}, fmt.Errorf("read filing again: %w", err)
	}
	return d.receipt(e, salt)
}

func (d *Desk) receipt(filed ticket.Event, salt string) (Receipt, error) {
	a := filed.After
	signed := receipt.Receipt{
		Number: filed.Ticket, FiledAt: filed.At, AnswerBy: a.AnswerBy, Section: a.Section, Words: filed.WordsSum, Salt: salt,
	}
	if a.Kind.Confidential() {
		signed.Section = ""
	}
	proof, err := signed.Sign(d.Keys.ReceiptKey())
	return Receipt{
		Number: filed.Ticket, Code: d.Keys.Code(filed.Ticket), Kind: a.Kind, State: a.State, Section: a.Section,
		Urgent: a.Urgent, FiledAt: filed.At, AnswerBy: a.AnswerBy, Proof: proof,
	}, err
}
