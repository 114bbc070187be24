package supervisor

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/account"
	"steledesk/shared/desk"
	"steledesk/shared/personal"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Case is a ticket as a supervisor sees it: what it came to and how long it took, and nobody in it.
type Case struct {
	Head ticket.Head // without who handles it and who filed it
	Days int         // working days from its filing to its answer, or until now; -1: the calendar does not reach
	Late bool        // its answer came after its date, or is owed since

	Said, Answer string // what was published, masked; empty: nothing was
}

// CasePage is a part of the list of cases.
type CasePage struct {
	Cases []Case
	Next  string // the cursor to go on with; empty at the end. A page may be short, and even empty, before the end
}

// readers is how many published tickets are read at a time.
const readers = 8

// Cases gives up to limit of the cases that f asks for; there is no 举报 among them, in whatever state. Reads as desk.List
// does, and one query more for each that is published. Errors: desk.ErrCursor.
func (h *Hall) Cases(ctx context.Context, f desk.Filter, cursor string, limit int, now time.Time) (CasePage, error) {
	everything := account.Principal{Roles: []ticket.Role{ticket.Leader}} // all but 举报
	f.Words = ""                                                         // what nobody published is not searched either
	list, err := h.Lists.List(ctx, everything, f, cursor, limit, now)
	if err != nil {
		return CasePage{}, err
	}
	o, _, err := h.Offices.Current(ctx)
	if err != nil {
		return CasePage{}, err
	}
	calendar, err := o.Calendar()
	if err != nil {
		return CasePage{}, err
	}
	page := CasePage{Cases: make([]Case, len(list.Rows)), Next: list.Next}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(readers)
	for i, row := range list.Rows {
		until := now
		if !row.Head.State.Open() && !row.Head.AnsweredAt.IsZero() {
			until = row.Head.AnsweredAt
		} else if !row.Head.ClosedAt.IsZero() {
			until = row.Head.ClosedAt
		}
		days, err := calendar.WorkdaysBetween(row.Head.FiledAt, until)
		if err != nil {
			days = -1
		}
		page.Cases[i] = Case{Head: redacted(row.Head), Days: days, Late: late(row.Head, until)}
		if row.Head.Published {
			group.Go(func() error { return h.published(ctx, &page.Cases[i]) })
		}
	}
	return page, group.Wait()
}

// redacted takes out of a head who handles it and who filed it, and which others it is handled with.
func redacted(h ticket.Head) ticket.Head {
	h.Handler, h.Barred, h.By, h.About, h.Lead, h.Linked, h.Before = "", nil, "", "", "", nil, nil
	if h.State.Open() {
		h.Outcome = "" // an answer is none before it is approved
	}
	return h
}

func late(h ticket.Head, until time.Time) bool {
	return h.State != ticket.Waiting && h.State != ticket.Withdrawn && !h.Due.AnswerBy.IsZero() && until.After(h.Due.AnswerBy)
}

// published reads the words the office has published: the matter, and its last answer.
func (h *Hall) published(ctx context.Context, c *Case) error {
	s, err := h.Store.Ticket(ctx, c.Head.Number)
	if err != nil {
		return err
	}
	if !s.Head.Published || s.Head.Kind.Confidential() { // taken back since the list was read
		return nil
	}
	events, err := s.Events()
	if err != nil {
		return err
	}
	c.Said, c.Answer = publicWords(events)
	return nil
}

func publicWords(events []ticket.Event) (said, answer string) {
	for _, e := range events {
		switch {
		case e.Words == nil:
		case e.What == ticket.Filed:
			said = personal.Mask(e.Words.Text)
		case e.What == ticket.AnswerGiven:
			answer = personal.Mask(e.Words.Text)
		}
	}
	return said, answer
}

// Own gives up to limit of a supervisor's own feedback, the latest first. Errors: desk.ErrCursor.
func (h *Hall) Own(ctx context.Context, login, cursor string, limit int) ([]visitor.Brief, string, error) {
	briefs, next, err := h.Store.FiledBy(ctx, login, cursor, limit)
	for i := range briefs {
		briefs[i].Head = ownHead(briefs[i].Head)
	}
	return briefs, next, err
}

// ownHead takes out of a head who handles it, and an answer that nobody approved.
func ownHead(h ticket.Head) ticket.Head {
	about := h.About
	h = redacted(h)
	h.About = about
	return h
}
