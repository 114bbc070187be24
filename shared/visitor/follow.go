package visitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/photo"
	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

// View is a ticket as its visitor may see it.
type View struct {
	Head     ticket.Head
	Events   []ticket.Event // those a visitor may see, with only the words they may read
	Commands []ticket.Name  // what the visitor can do now

	Photos map[string]photo.Photo // what became of those the events name, by id
}

// Read gives the ticket to whoever has its code. Errors: ErrNotFound, *Locked.
func (d *Desk) Read(ctx context.Context, number, code string, now time.Time) (View, error) {
	s, err := d.open(ctx, number, code, now)
	return d.viewOr(ctx, s, err, now)
}

// Do gives a visitor's command. The same idempotency key, when there is one, does it once.
// Errors: ErrNotFound, *Locked, *Hasty, *ticket.Refusal, ErrKeyReused, ErrBusy.
func (d *Desk) Do(ctx context.Context, number, code, key string, c ticket.Command, now time.Time) (View, error) {
	return d.do(ctx, func() (Stored, error) { return d.open(ctx, number, code, now) }, key, c, now)
}

// do gives a command of the ticket's filer to the ticket that open reads.
func (d *Desk) do(ctx context.Context, open func() (Stored, error), key string, c ticket.Command, now time.Time) (View, error) {
	for range commandTries {
		s, err := open()
		if err != nil {
			return View{}, err
		}
		c.By = s.Head.Filer()
		salts := d.salts(s.Head, c.Name, key, now)
		c.Salt = salts[0]
		if done, err := already(s, c, key, salts); done || err != nil {
			return d.viewOr(ctx, s, err, now)
		}
		o, _, err := d.Offices.Current(ctx)
		if err != nil {
			return View{}, err
		}
		if err := unhurried(s, c, o, now); err != nil {
			return View{}, err
		}
		after, err := d.writer().Do(ctx, s, c, now)
		if !errors.Is(err, ErrChanged) {
			return d.viewOr(ctx, after, err, now)
		}
	}
	return View{}, ErrBusy
}

func (d *Desk) writer() Writer {
	return Writer{Store: d.Store, Offices: d.Offices, Undated: d.Undated}
}

// salts are the same for the same key, which is how a repeated command is recognised; without a key
// every version of the ticket has its own. Each of the desk's keys gives one, the current one first.
func (d *Desk) salts(h ticket.Head, n ticket.Name, key string, now time.Time) []string {
	if key == "" {
		key = fmt.Sprintf("version %d", h.Version)
	}
	var salts []string
	for _, one := range d.Keys.Ring(now) {
		salts = append(salts, one.Fingerprint("salt/"+h.Number+"/"+string(n)+"/"+key))
	}
	return salts
}

// open reads a ticket for somebody who has its code. The code is checked before anything is
// read: guessing costs a write, knowing costs one query. No code, or what cannot be one, is no
// guess and costs nothing. A guesser is told to stop; the right code opens all the same, or
// anybody who has read a number in a group could shut its visitor out.
func (d *Desk) open(ctx context.Context, number, code string, now time.Time) (Stored, error) {
	number, err := ticket.ParseNumber(number)
	if err != nil {
		return Stored{}, ErrNotFound
	}
	if code, err = ticket.ParseCode(code); err != nil {
		return Stored{}, ErrNotFound
	}
	if d.Keys.Opens(number, code) {
		s, err := d.Store.Ticket(ctx, number)
		if err == nil && s.Head.By != "" { // feedback is followed by who is signed in, never with a code
			return Stored{}, ErrNotFound
		}
		return s, err
	}
	wrong, until, err := d.Store.CountWrong(ctx, number, now, wrongWindow)
	if err != nil {
		return Stored{}, err
	}
	if wrong >= wrongCodes && until.After(now) {
		return Stored{}, &Locked{Until: until}
	}
	return Stored{}, ErrNotFound
}

// already reports whether c was done under its key: its words carry one of the key's salts, also where
// nothing was written. ErrKeyReused when something else was done under it.
func already(s Stored, c ticket.Command, key string, salts []string) (bool, error) {
	if key == "" {
		return false, nil
	}
	for _, r := range s.Records {
		e, err := r.Event()
		switch {
		case err != nil:
			return false, err
		case e.Words == nil || !slices.Contains(salts, e.Words.Salt):
			continue
		case e.Words.Text != c.Text || e.Data.Solved != c.Solved || e.Data.Level != c.Level || !samePhotos(e.Data.Photos, c.Photos):
			return false, ErrKeyReused
		}
		return true, nil
	}
	return false, nil
}

func (d *Desk) viewOr(ctx context.Context, s Stored, err error, now time.Time) (View, error) {
	if err != nil {
		return View{}, err
	}
	v, err := view(s)
	if err == nil {
		v.Photos, err = Photos(ctx, d.Photos, v.Events, now)
	}
	return v, err
}

func view(s Stored) (View, error) {
	v := View{Head: s.Head, Commands: offered(s.Head)}
	v.Head.Handler, v.Head.Barred = "", nil // staff have no names here
	v.Head.Lead, v.Head.Linked, v.Head.Before = "", nil, nil
	if s.Head.State == ticket.Review {
		v.Head.Outcome = "" // an answer is none before it is approved
	}
	events, err := s.Events()
	if err != nil {
		return View{}, err
	}
	var draft ticket.Event
	undone := ticket.TakenBack(events)
	for i, e := range events {
		if e.Data.Draft {
			draft = e
			continue
		}
		if sight, seen := visible[e.What]; seen && !private(e) {
			e = seenBy(sight, e, draft)
			e.Data.Undone = e.Data.Undone || undone[i]
			v.Events = append(v.Events, e)
		}
	}
	return v, nil
}

// private reports whether an event of a link is nothing to its ticket's visitor: that others are answered with it, or
// that a link ended after the answer and left it as it was.
func private(e ticket.Event) bool {
	return e.Data.Linked != "" || e.What == ticket.UnlinkedFrom && !e.Data.Undone && !e.After.State.Open()
}

// offered lists what the visitor can do now, without what would only be refused as done too often.
func offered(h ticket.Head) []ticket.Name {
	return slices.DeleteFunc(ticket.Commands(h, h.Filer()), func(n ticket.Name) bool {
		return n == ticket.Rate && h.Satisfaction != 0 || n == ticket.Reopen && h.Round > ticket.MaxReopenings ||
			n == ticket.DeleteContact && h.Anonymous
	})
}

// seenBy gives an event with what a visitor may see of it; draft is the last answer that waited for
// approval.
func seenBy(sight sight, e, draft ticket.Event) ticket.Event {
	switch {
	case e.What == ticket.Approved: // the visitor reads the answer once it is approved
		e.Words, e.WordsSum = draft.Words, draft.WordsSum
	case sight == fact:
		e.Words, e.WordsSum = nil, ""
	}
	e.By = ticket.Actor{Role: e.By.Role, Section: e.By.Section}
	e.Data.Handler, e.Data.Lead = "", "" // of other visitors' tickets nothing is said, their numbers least of all
	return e
}

type sight int

const (
	fact  sight = iota // that it happened
	words              // and what was written
)

// visible is what a visitor sees of a ticket's events. What is not in it is the desk's own business.
var visible = map[ticket.What]sight{
	ticket.Filed: words, ticket.AssignedTo: fact, ticket.Transferred: fact, ticket.Signed: fact,
	ticket.Asked: words, ticket.Supplied: words, ticket.ReturnAsked: fact, ticket.Upheld: fact, ticket.Denied: fact,
	ticket.Dated: fact, ticket.Extended: words, ticket.AnswerGiven: words, ticket.Approved: words, ticket.Messaged: words,
	ticket.DeclinedBy: words, ticket.ReferredTo: words, ticket.WithdrawnBy: words, ticket.Urged: fact,
	ticket.Overseen: fact, ticket.Published: fact, ticket.Unpublished: fact, ticket.Rated: words,
	ticket.ContactChanged: fact, ticket.ContactDeleted: fact,
	ticket.Reopened: words, ticket.Escalated: fact, ticket.ClosedSilent: fact, ticket.ClosedRated: fact,
	ticket.LinkedWith: fact, ticket.UnlinkedFrom: fact, ticket.Erased: fact,
}

// Says tells an event in a language, with the name of the section it is about. What was taken back says so.
func Says(e ticket.Event, o *office.Office, language string) string {
	key, back := "event."+string(e.What), ""
	switch {
	case e.Data.Undone && e.What == ticket.UnlinkedFrom:
		key = "event.unlinked-undone"
	case e.Data.Undone:
		back = phrase.In(language, "page.taken-back")
	}
	return strings.ReplaceAll(phrase.In(language, key), "%s", o.SectionName(e.After.Section, language)) + back
}
