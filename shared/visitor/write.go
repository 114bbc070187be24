package visitor

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// Tickets is what a Writer needs of a store.
type Tickets interface {
	// Head reads what is true of a ticket now. ErrNotFound.
	Head(ctx context.Context, number string) (ticket.Head, error)
	// AppendAll stores all changes if each ticket is still at the version it was changed from, or none of them.
	// ErrChanged when one is not.
	AppendAll(ctx context.Context, changes []ticket.Change) error
}

// Writer carries out commands, whoever gives them.
type Writer struct {
	Store   Tickets
	Offices Offices
	// Undated is told of a ticket that has no deadline because the calendar does not reach; nil: nobody is.
	Undated func(ctx context.Context, number string, why error)
}

// Do gives c to the ticket that was read as s and does what follows from it to the tickets linked with it: all of it
// is stored, or nothing. Errors: ErrChanged when one of them was changed since it was read; those of ticket.Apply.
func (w Writer) Do(ctx context.Context, s Stored, c ticket.Command, now time.Time) (Stored, error) {
	o, _, err := w.Offices.Current(ctx)
	if err != nil {
		return s, err
	}
	if c.Name == ticket.Reopen { // a section that is no more can have nothing back
		_, known := o.Section(s.Head.Section)
		c.Triage = !known
	}
	with, err := w.company(ctx, s, c)
	if err != nil {
		return s, err
	}
	terms := &office.Tolerant{Terms: o}
	changes, err := ticket.ApplyTogether(s.Head, with, c, ticket.Moment{Now: now, Terms: terms})
	if err != nil {
		return s, err
	}
	if err := w.Store.AppendAll(ctx, changes); err != nil {
		return s, err
	}
	if terms.Missing != nil && w.Undated != nil {
		w.Undated(ctx, s.Head.Number, terms.Missing)
	}
	return s.After(changes[0].After, changes[0].Events)
}

// company reads the tickets that change together with s, side by side. Most commands have none.
func (w Writer) company(ctx context.Context, s Stored, c ticket.Command) (ticket.Company, error) {
	numbers := ticket.CompanyOf(s.Head, c)
	if len(numbers) == 0 {
		return ticket.Company{}, nil
	}
	with := ticket.Company{Heads: make([]ticket.Head, len(numbers))}
	g, ctx := errgroup.WithContext(ctx)
	for i, number := range numbers {
		g.Go(func() (err error) {
			with.Heads[i], err = w.Store.Head(ctx, number)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return with, err
	}
	var err error
	with.Draft, err = draftOf(s)
	return with, err
}

// draftOf gives the words of a ticket's last drafted answer, nil when there are none.
func draftOf(s Stored) (*ticket.Words, error) {
	for i := len(s.Records) - 1; i >= 0; i-- {
		e, err := s.Records[i].Event()
		if err != nil || e.Data.Draft {
			return e.Words, err
		}
	}
	return nil, nil
}
