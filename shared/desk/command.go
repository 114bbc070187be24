package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// DeclineReasons lists the codes of the reasons for declining (不予受理), after 信访工作条例 art. 22–24.
func DeclineReasons() []string {
	return []string{"not-ours", "elsewhere", "decided", "too-old", "duplicate", "other"}
}

// tries is how often a command is tried when a ticket linked with its own was changed by others meanwhile.
const tries = 5

// Do gives a command to the ticket that who read at version, and does what follows to the tickets linked with it. The
// same command sent again by the same person is done once, and succeeds again. Errors: ErrNotFound, ErrChanged,
// visitor.ErrBusy, *ticket.Refusal, *office.ExtensionError, workday.ErrNoData.
func (d *Desk) Do(ctx context.Context, who account.Principal, number string, version int, c ticket.Command, now time.Time) (View, error) {
	for range tries {
		s, err := d.do(ctx, who, number, version, c, now)
		if !errors.Is(err, visitor.ErrChanged) {
			if err != nil {
				return View{}, err
			}
			return d.view(ctx, who, s, now) // also when it went to discipline: the last they see of it, and nothing to do
		}
	}
	return View{}, visitor.ErrBusy
}

// do tries a command once. visitor.ErrChanged: something was changed by others in this moment.
func (d *Desk) do(ctx context.Context, who account.Principal, number string, version int, c ticket.Command, now time.Time) (visitor.Stored, error) {
	s, err := d.open(ctx, who, number)
	if err != nil {
		return s, err
	}
	salts, err := d.salts(who, s.Head.Number, version, c, now)
	if err != nil {
		return s, err
	}
	c.Salt = salts[0]
	if s.Head.Version != version {
		if !done(s, version, salts) {
			return s, ErrChanged
		}
		return s, nil
	}
	if err := d.check(ctx, s.Head, c); err != nil {
		return s, err
	}
	if c, err = d.partner(ctx, who, s.Head, c); err != nil {
		return s, err
	}
	c.By = actor(who, s.Head, c.Name)
	return visitor.Writer{Store: d.Store, Offices: d.Offices, Undated: d.Undated}.Do(ctx, s, c, now)
}

// partner finds the other ticket of a link: one that who may not see is none.
func (d *Desk) partner(ctx context.Context, who account.Principal, h ticket.Head, c ticket.Command) (ticket.Command, error) {
	linking := c.Name == ticket.Link
	if !linking && c.Name != ticket.Unlink || c.To == "" {
		return c, nil
	}
	unknown := &ticket.Refusal{Command: c.Name, State: h.State, Why: ticket.BadValue, Field: "to"}
	to, err := ticket.ParseNumber(c.To)
	if err != nil || !linking && !slices.Contains(append(h.Linked[:len(h.Linked):len(h.Linked)], h.Lead), to) {
		return c, unknown
	}
	c.To = to
	other, err := d.Store.Head(ctx, to)
	if errors.Is(err, visitor.ErrNotFound) || err == nil && !who.Sees(other) {
		return c, unknown
	}
	return c, err
}

// salts are the same for the same command of the same person to the same version, which is how one that is sent again
// is recognised. Each of the desk's keys gives one, the current one first.
func (d *Desk) salts(who account.Principal, number string, version int, c ticket.Command, now time.Time) ([]string, error) {
	c.By, c.Salt = ticket.Actor{}, ""
	body, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("identify command: %w", err)
	}
	var salts []string
	for _, one := range d.Keys.Ring(now) {
		salts = append(salts, one.Fingerprint(fmt.Sprintf("salt/%s/%s/%d/%s", number, who.Login, version, body)))
	}
	return salts, nil
}

// done reports whether the event after version is that of a command with one of salts.
func done(s visitor.Stored, version int, salts []string) bool {
	if version < 0 || version >= len(s.Records) {
		return false
	}
	e, err := s.Records[version].Event()
	return err == nil && e.Words != nil && slices.Contains(salts, e.Words.Salt)
}

// actor is what who gives a command as: the nearest to the ticket that may.
func actor(who account.Principal, h ticket.Head, n ticket.Name) ticket.Actor {
	actors := who.Actors(h)
	for _, a := range actors {
		if slices.Contains(ticket.Commands(h, a), n) {
			return a
		}
	}
	return actors[0] // Apply says why it may not; there is one, or the ticket would not be seen
}

// check refuses what names a section, category, reason or colleague that there is not.
func (d *Desk) check(ctx context.Context, h ticket.Head, c ticket.Command) error {
	o, _, err := d.Offices.Current(ctx)
	if err != nil {
		return err
	}
	_, section := o.Section(c.Section)
	_, category := o.Category(c.Category)
	field := ""
	switch {
	case c.Section != "" && !section:
		field = "section"
	case c.Category != "" && !category:
		field = "category"
	case c.Reason != "" && !slices.Contains(DeclineReasons(), c.Reason):
		field = "reason"
	case c.Handler != "":
		found, err := d.Colleagues.Credentials(ctx, c.Handler)
		if err != nil {
			return fmt.Errorf("look up handler: %w", err)
		}
		if !serves(found.Account, cmp.Or(c.Section, h.Section)) {
			field = "handler"
		}
	}
	if field == "" {
		return nil
	}
	return &ticket.Refusal{Command: c.Name, State: h.State, Why: ticket.BadValue, Field: field}
}

// serves reports whether an account is that of somebody of the section who can sign in.
func serves(a account.Account, section string) bool {
	who := a.Principal()
	switch {
	case a.Login == "" || a.Disabled:
		return false
	case section == ticket.OfficeSection:
		return who.Is(ticket.OfficeStaff)
	case section == ticket.DisciplineSection:
		return who.Is(ticket.Discipline)
	}
	return who.Is(ticket.SectionStaff) && slices.Contains(a.Sections, section)
}
