// Package supervisor is what a supervisor (政务公开监督员) can do: file feedback and follow it, and see redacted cases. It
// knows the domain and nothing of HTTP or AWS.
package supervisor

import (
	"context"
	"errors"
	"strings"
	"time"

	"steledesk/shared/desk"
	"steledesk/shared/office"
	"steledesk/shared/personal"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// The errors of filing feedback; those of visitor.Desk and desk.Desk come beside them.
var (
	// ErrSubject: the office has no such section or spot, or the section is not one for feedback.
	ErrSubject = errors.New("there is nothing of this name to give feedback on")
	// ErrNotFound: no ticket has this number, or it is a 举报; which of them is not said.
	ErrNotFound = desk.ErrNotFound
)

// Personal is the error of a text that tells who somebody is.
type Personal struct{ Kinds []personal.Kind }

func (p *Personal) Error() string { return "the text has personal data" }

// What feedback can be about.
const (
	OnSection  = "section"
	OnSpot     = "spot"
	OnTicket   = "ticket"
	OnOpenness = "openness" // 政务公开: whether what should be public is
)

// Subject is what feedback is about.
type Subject struct {
	What string
	ID   string // of the section or spot, or the ticket's number; empty for openness
}

func (s Subject) String() string { return strings.TrimSuffix(s.What+":"+s.ID, ":") }

// SubjectOf reads what a ticket's head says it is about.
func SubjectOf(about string) Subject {
	what, id, _ := strings.Cut(about, ":")
	return Subject{What: what, ID: id}
}

// opennessCategory is the category of the office data that feedback on openness is of, where there is one.
const opennessCategory = "openness"

// Store finds what a supervisor filed.
type Store interface {
	// FiledBy gives up to limit of a supervisor's feedback, the latest first, and the cursor to go on with, empty at the
	// end. desk.ErrCursor.
	FiledBy(ctx context.Context, login, cursor string, limit int) ([]visitor.Brief, string, error)
	// Head reads what is true of a ticket now. visitor.ErrNotFound.
	Head(ctx context.Context, number string) (ticket.Head, error)
	// Ticket reads a ticket whole. visitor.ErrNotFound.
	Ticket(ctx context.Context, number string) (visitor.Stored, error)
}

// Hall is where supervisors are served.
type Hall struct {
	Store   Store
	Tickets *visitor.Desk // files feedback, and gives its supervisor's commands
	Lists   *desk.Desk    // pages through the sections' queues
	Offices visitor.Offices
}

// Words are what a supervisor writes.
type Words struct {
	Key      string // the call's Idempotency-Key
	Text     string
	Language string // of the text, where it is told
}

// File stores feedback under the supervisor's key, once, and gives it as its supervisor sees it. It is routed by the office
// data as any other. Errors: ErrSubject, ErrNotFound, *Personal, visitor.ErrKeyReused.
func (h *Hall) File(ctx context.Context, login string, s Subject, w Words, now time.Time) (visitor.View, error) {
	if kinds := personal.Find(w.Text); len(kinds) > 0 {
		return visitor.View{}, &Personal{kinds}
	}
	m := visitor.Matter{Kind: ticket.Feedback, Text: w.Text, Language: w.Language, By: ticket.Actor{Role: ticket.Supervisor, Login: login}}
	if err := h.concern(ctx, &m, s); err != nil {
		return visitor.View{}, err
	}
	filed, err := h.Tickets.File(ctx, "feedback/"+login+"/"+w.Key, m, now)
	if err != nil {
		return visitor.View{}, err
	}
	return h.Tickets.ReadOwn(ctx, filed.Number, login, now)
}

// concern fills what the matter is about. Of a ticket it takes where it happened and what kind of thing it is, so that the
// same rules send both to the same section; nobody sees more of either by it.
func (h *Hall) concern(ctx context.Context, m *visitor.Matter, s Subject) error {
	o, _, err := h.Offices.Current(ctx)
	if err != nil {
		return err
	}
	switch s.What {
	case OnSection:
		if _, known := o.Section(s.ID); !known || s.ID == ticket.DisciplineSection {
			return ErrSubject
		}
		m.Section = s.ID
	case OnSpot:
		if _, known := o.Spot(s.ID); !known {
			return ErrSubject
		}
		m.Spot = s.ID
	case OnTicket:
		about, err := h.ticket(ctx, s.ID)
		if err != nil {
			return err
		}
		s.ID, m.Section, m.Spot, m.Category = about.Number, about.Section, about.Spot, openCategory(o, about.Category)
	case OnOpenness:
		m.Category, s.ID = openCategory(o, opennessCategory), ""
	default:
		return ErrSubject
	}
	m.About = s.String()
	return nil
}

// openCategory is the category where it is one that makes no 举报 of a matter.
func openCategory(o *office.Office, id string) string {
	if c, known := o.Category(id); !known || c.Confidential {
		return ""
	}
	return id
}

// ticket gives the head of a ticket that feedback may be about. A 举报 is as if there were none.
func (h *Hall) ticket(ctx context.Context, text string) (ticket.Head, error) {
	number, err := ticket.ParseNumber(text)
	if err != nil {
		return ticket.Head{}, ErrNotFound
	}
	head, err := h.Store.Head(ctx, number)
	if errors.Is(err, visitor.ErrNotFound) || err == nil && head.Kind.Confidential() {
		return ticket.Head{}, ErrNotFound
	}
	return head, err
}

// do gives the supervisor's own feedback a command: a message, or that it is not settled. Errors: *Personal, and those of
// visitor.Desk.DoOwn.
func (h *Hall) do(ctx context.Context, login, number string, w Words, name ticket.Name, now time.Time) (visitor.View, error) {
	if kinds := personal.Find(w.Text); len(kinds) > 0 {
		return visitor.View{}, &Personal{kinds}
	}
	return h.Tickets.DoOwn(ctx, number, login, w.Key, ticket.Command{Name: name, Text: w.Text}, now)
}

// Comment says something to the section: the answer to what it asks while the feedback waits for it, a message otherwise.
func (h *Hall) Comment(ctx context.Context, login, number string, w Words, now time.Time) (visitor.View, error) {
	v, err := h.Tickets.ReadOwn(ctx, number, login, now)
	if err != nil {
		return visitor.View{}, err
	}
	name := ticket.Message
	if v.Head.State == ticket.Waiting {
		name = ticket.Supply
	}
	return h.do(ctx, login, number, w, name, now)
}

// Said is what a supervisor does with words alone: Comment, Unsettled.
type Said func(ctx context.Context, login, number string, w Words, now time.Time) (visitor.View, error)

// Unsettled has answered feedback handled again, by another handler and with a new date.
func (h *Hall) Unsettled(ctx context.Context, login, number string, w Words, now time.Time) (visitor.View, error) {
	return h.do(ctx, login, number, w, ticket.Reopen, now)
}
