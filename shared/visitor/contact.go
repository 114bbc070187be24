package visitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/width"

	"steledesk/shared/ticket"
)

// Contact is how to reach somebody who wants to be reached. It is stored sealed and apart.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
}

// tidy drops space around words and folds a phone's full-width digits.
func (c Contact) tidy() Contact {
	return Contact{Name: strings.TrimSpace(c.Name), Phone: strings.TrimSpace(width.Fold.String(c.Phone))}
}

// seal makes a ticket's contact unreadable; nobody stays nobody.
func (d *Desk) seal(c Contact, number string) (string, error) {
	if c == (Contact{}) {
		return "", nil
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("encode contact: %w", err)
	}
	return d.Keys.Seal(string(text), number), nil
}

// SetContact puts c in the place of a ticket's contact; an empty one deletes it, also when there is none. The chain
// remembers that it was changed, and nothing of what it was or is. Errors: ErrNotFound, *Locked, *ticket.Refusal,
// ErrBusy.
func (d *Desk) SetContact(ctx context.Context, number, code string, c Contact, now time.Time) (View, error) {
	c = c.tidy()
	command := ticket.Command{Name: ticket.ChangeContact, By: ticket.Actor{Role: ticket.Visitor}}
	if c == (Contact{}) {
		command.Name = ticket.DeleteContact
	}
	for range commandTries {
		s, err := d.open(ctx, number, code, now)
		if err != nil {
			return View{}, err
		}
		if command.Name == ticket.DeleteContact && s.Head.Anonymous { // it is gone, which is what was wanted
			return d.viewOr(ctx, s, nil, now)
		}
		sealed, err := d.seal(c, s.Head.Number)
		if err != nil {
			return View{}, err
		}
		writer := d.writer()
		writer.Store = withContact{d.Store, sealed}
		after, err := writer.Do(ctx, s, command, now)
		if !errors.Is(err, ErrChanged) {
			return d.viewOr(ctx, after, err, now)
		}
	}
	return View{}, ErrBusy
}

// withContact is a store that keeps sealed as a ticket's contact with the one change that it is given.
type withContact struct {
	Store
	sealed string
}

// AppendAll implements Tickets: a change of a contact concerns no other ticket.
func (w withContact) AppendAll(ctx context.Context, changes []ticket.Change) error {
	c := changes[0]
	return w.AppendContact(ctx, c.From, c.After, c.Events, w.sealed)
}
