package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/account"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Bounds of one look for similar tickets.
const (
	maxCompared = 100 // open tickets at the spot, or of the section
	maxSimilar  = 10
)

// Similar is what may be the same matter as a ticket, and what is linked with it.
type Similar struct {
	Lead    *visitor.Brief  // of a linked one
	Linked  []visitor.Brief // of a lead, in the order they were linked
	Tickets []Alike         // the most alike first
}

// Alike is a ticket that looks like another one.
type Alike struct {
	visitor.Brief
	Likeness
	Leads   string     // the number of the one that would lead if they were linked
	Refused ticket.Why // why they cannot be; empty: they can
}

// Similar looks for open tickets that may be the same matter: by one query, of its spot, or of its section's queue
// when it has none. Who sees the ticket sees of them what they may see anyway. Errors: ErrNotFound.
func (d *Desk) Similar(ctx context.Context, who account.Principal, number string) (Similar, error) {
	s, err := d.open(ctx, who, number)
	if err != nil {
		return Similar{}, err
	}
	all := Similar{Tickets: []Alike{}}
	linked, err := d.briefs(ctx, who, append([]string{s.Head.Lead}, s.Head.Linked...))
	if err != nil {
		return Similar{}, err
	}
	for _, b := range linked {
		if b.Head.Number == s.Head.Lead {
			all.Lead = &b
			continue
		}
		all.Linked = append(all.Linked, b)
	}
	if s.Head.Lead != "" || !s.Head.State.Open() || s.Head.Kind.Confidential() {
		return all, nil
	}
	gist, err := gistOf(s)
	if err != nil {
		return Similar{}, err
	}
	all.Tickets, err = d.alike(ctx, who, visitor.Brief{Head: s.Head, Gist: gist})
	return all, err
}

// briefs reads tickets side by side; those that who may not see, and empty numbers, are left out.
func (d *Desk) briefs(ctx context.Context, who account.Principal, numbers []string) ([]visitor.Brief, error) {
	found := make([]visitor.Brief, len(numbers))
	g, ctx := errgroup.WithContext(ctx)
	for i, number := range numbers {
		if number == "" {
			continue
		}
		g.Go(func() (err error) {
			if found[i], err = d.Store.Brief(ctx, number); errors.Is(err, visitor.ErrNotFound) {
				err = nil
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(b visitor.Brief) bool { return b.Head.Number == "" || !who.Sees(b.Head) }), nil
}

// alike gives what looks like b, the most alike first.
func (d *Desk) alike(ctx context.Context, who account.Principal, b visitor.Brief) ([]Alike, error) {
	o, _, err := d.Offices.Current(ctx)
	if err != nil {
		return nil, err
	}
	candidates, err := d.candidates(ctx, b.Head)
	if err != nil {
		return nil, err
	}
	found := []Alike{}
	for _, other := range candidates {
		h := other.Head
		stands := h.State.Open() && h.Lead == "" && h.Number != b.Head.Number // the index follows the table a moment later
		if a := compare(b, other, o); stands && a.Points >= alikeFrom && who.Sees(h) {
			found = append(found, a)
		}
	}
	slices.SortStableFunc(found, func(a, b Alike) int { return cmp.Compare(b.Points, a.Points) })
	return found[:min(len(found), maxSimilar)], nil
}

// compare is what there is to say of other beside b.
func compare(b, other visitor.Brief, o *office.Office) Alike {
	lead, _, why := ticket.Joined(b.Head, other.Head)
	return Alike{Brief: other, Likeness: likeness(b, other, o), Leads: lead.Number, Refused: why}
}

// candidates are the open tickets that a ticket is compared with.
func (d *Desk) candidates(ctx context.Context, h ticket.Head) ([]visitor.Brief, error) {
	if h.Spot != "" {
		return d.Store.AtSpot(ctx, h.Spot, h.FiledAt.Add(-nearby), h.FiledAt.Add(nearby), maxCompared)
	}
	part, err := d.Store.QueueSlice(ctx, Slice{Section: h.Owner(), Open: true, Limit: maxCompared})
	if err != nil {
		return nil, fmt.Errorf("read queue of %s: %w", h.Owner(), err)
	}
	var same []visitor.Brief
	for _, row := range part.Rows {
		if row.Head.Category == h.Category {
			same = append(same, visitor.Brief{Head: row.Head, Gist: row.Gist})
		}
	}
	return same, nil
}
