package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/audit"
	"steledesk/shared/photo"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// View is a ticket as staff see it.
type View struct {
	Head     ticket.Head
	Gist     string
	Events   []ticket.Event
	Contact  *visitor.Contact // masked; nil: there is none
	Commands []ticket.Name    // what this person can do now

	Photos map[string]photo.Photo // what became of those the events name, by id
}

// Read gives a ticket to staff who may see it. Who reads one of another section's is remembered for it first.
// Errors: ErrNotFound.
func (d *Desk) Read(ctx context.Context, who account.Principal, number string, now time.Time) (View, error) {
	s, err := d.open(ctx, who, number)
	if err != nil {
		return View{}, err
	}
	if outside(who, s.Head) {
		if err := d.note(ctx, who, audit.Read, s.Head, "", now); err != nil {
			return View{}, err
		}
	}
	return d.view(ctx, who, s, now)
}

// outside reports whether who sees the ticket for another reason than that it is their section's to deal with.
func outside(who account.Principal, h ticket.Head) bool {
	return !slices.ContainsFunc(who.Actors(h), func(a ticket.Actor) bool { return a.Section == h.Section || a.Section == h.Owner() })
}

// open reads a ticket for who: what they may not see is not there.
func (d *Desk) open(ctx context.Context, who account.Principal, number string) (visitor.Stored, error) {
	number, err := ticket.ParseNumber(number)
	if err != nil {
		return visitor.Stored{}, ErrNotFound
	}
	s, err := d.Store.Ticket(ctx, number)
	if errors.Is(err, visitor.ErrNotFound) || err == nil && !who.Sees(s.Head) {
		return visitor.Stored{}, ErrNotFound
	}
	return s, err
}

// note writes what who does to a ticket into the record. What is not written does not happen.
func (d *Desk) note(ctx context.Context, who account.Principal, what audit.What, h ticket.Head, detail string, now time.Time) error {
	return d.Audit.Record(ctx, audit.Entry{
		At: now, Who: who.Login, Role: who.Actors(h)[0].Role, What: what, Ticket: h.Number, Detail: detail,
		Confidential: h.Kind.Confidential(),
	})
}

func (d *Desk) view(ctx context.Context, who account.Principal, s visitor.Stored, now time.Time) (View, error) {
	v := View{Head: s.Head, Commands: commands(who, s.Head)}
	var err error
	if v.Events, err = s.Events(); err != nil {
		return View{}, err
	}
	for i, back := range ticket.TakenBack(v.Events) {
		v.Events[i].Data.Undone = v.Events[i].Data.Undone || back
	}
	if v.Gist, err = gistOf(s); err != nil {
		return View{}, err
	}
	if !who.Sees(s.Head) { // it just went to discipline
		return v, nil
	}
	if v.Contact, err = d.masked(ctx, s.Head, now); err != nil {
		return View{}, err
	}
	v.Photos, err = visitor.Photos(ctx, d.Photos, v.Events, now)
	return v, err
}

// commands lists what who can do to the ticket now, as any of what they are to it.
func commands(who account.Principal, h ticket.Head) []ticket.Name {
	out := []ticket.Name{}
	for _, actor := range who.Actors(h) {
		for _, n := range ticket.Commands(h, actor) {
			if !slices.Contains(out, n) && !barred(h, actor, n) && !held(h, actor, n) {
				out = append(out, n)
			}
		}
	}
	return slices.DeleteFunc(out, func(n ticket.Name) bool { return futile(h, n) })
}

// barred reports whether a reopened ticket is refused to who handled it before.
func barred(h ticket.Head, a ticket.Actor, n ticket.Name) bool {
	return (n == ticket.Sign || n == ticket.Claim) && slices.Contains(h.Barred, a.Login)
}

// held reports whether who would take on a ticket has it already.
func held(h ticket.Head, a ticket.Actor, n ticket.Name) bool {
	return n == ticket.Claim && h.Handler == a.Login
}

// futile reports whether a command that the state allows would be refused for what was done before.
func futile(h ticket.Head, n ticket.Name) bool {
	switch n {
	case ticket.Reopen: // of a resolution: the meeting does, with a new date
		return true
	case ticket.Transfer: // a report has nowhere to go
		return h.Kind.Confidential()
	case ticket.Extend:
		return h.Extensions > 0 || h.Due.AnswerBy.IsZero()
	case ticket.Return:
		return h.Kind.Confidential() || h.Due.ReturnBy.IsZero() || slices.Contains(h.ReturnDenied, h.Section)
	case ticket.Publish:
		return !h.Publishable || h.Published || h.Kind.Confidential()
	case ticket.Unpublish:
		return !h.Published
	}
	return false
}
