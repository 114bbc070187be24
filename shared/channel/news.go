package channel

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// News is what one message tells a section: a burst of events, merged.
type News struct {
	Section     string // the section's id
	SectionName string // its name, in the channel's language
	Items       []Item // at least one, in any order; an event that is named twice is told once

	// Now is what deadlines are held against, to say which are overdue. It is the desk's time, which
	// a stack may have shifted; the zero time means the Sender's clock.
	Now time.Time

	// Repeat says that an earlier attempt may have arrived: its sender died before it knew. The
	// message says so.
	Repeat bool

	test bool // it tells of nothing, to see that the channel works
}

// Item is one event of one ticket. It can hold no name, phone or word of a visitor: whatever is
// not an identifier is a name out of the office's own data, already in the channel's language.
type Item struct {
	Event  string // the event's id, the same at every redelivery
	Ticket string // the ticket's number
	Seq    int    // the event's place in its ticket, from 1; webhook only
	What   string // what happened: one of Known
	State  string // the state it left the ticket in; webhook only

	Kind, KindName         string // ids are told to webhooks only, names to people
	Category, CategoryName string
	Spot, SpotName         string

	Urgent bool
	Due    time.Time // when the ticket must be answered; zero: no deadline
	At     time.Time // when it happened; webhook only
}

// identifier is what an id may be made of: printable ASCII, so none hides a line break.
var identifier = regexp.MustCompile(`^[!-~]{1,128}$`)

// check refuses news that nobody could read. The sender of such news has a bug.
func (n News) check() error {
	if !identifier.MatchString(n.Section) || n.SectionName == "" {
		return errors.New("news without its section's id and name")
	}
	if len(n.Items) == 0 && !n.test {
		return errors.New("news without items")
	}
	for i, item := range n.Items {
		if err := item.check(); err != nil {
			return fmt.Errorf("item %d: %w", i+1, err)
		}
	}
	return nil
}

func (i Item) check() error {
	if !identifier.MatchString(i.Event) {
		return fmt.Errorf("event %q is not an id", i.Event)
	}
	if !identifier.MatchString(i.Ticket) {
		return fmt.Errorf("ticket %q is not a number", i.Ticket)
	}
	if !Known(i.What) {
		return fmt.Errorf("event %s: %q is nothing this version can tell", i.Event, i.What)
	}
	return nil
}

// inOrder lists each event once, what is urgent first, then what is due soonest. The order
// depends on nothing but the events, so a repeated message looks like the first.
func (n News) inOrder() []Item {
	items := slices.Clone(n.Items)
	slices.SortFunc(items, func(a, b Item) int { return cmp.Compare(a.Event, b.Event) })
	items = slices.CompactFunc(items, func(a, b Item) bool { return a.Event == b.Event })
	slices.SortStableFunc(items, func(a, b Item) int {
		return cmp.Or(boolCompare(b.Urgent, a.Urgent), dueCompare(a.Due, b.Due), cmp.Compare(a.Ticket, b.Ticket))
	})
	return items
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// dueCompare puts no deadline last.
func dueCompare(a, b time.Time) int {
	if a.IsZero() || b.IsZero() {
		return boolCompare(a.IsZero(), b.IsZero())
	}
	return a.Compare(b)
}
