package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"time"

	queues "steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/seal"
	"steledesk/shared/ticket"
)

func secretRemove() command {
	return command{
		name: "remove", args: "ID", what: "take a key off the ring: what it made is void",
		help: `
Nothing that the key made is good any more: the codes of its tickets open nothing, whoever filed them finds no way
back and cannot read the answer; contacts and phones' subscriptions that it sealed are lost; its receipts are no longer
known. Receipts, and so this key's, are kept for years: remove a key only when it leaked.
The current key is never removed. A key that made nothing yet goes at once. Of another, --lose must be the number of
tickets not ended that may have been filed with it, which is told when it is left out; answered ones are among them, as
their visitors may still read, rate and reopen them. Of a key that nobody noted the time of, all tickets not ended may be
its own. The channels' addresses are sealed anew before.`,
		examples: `
$ steledesk secret remove 1
steledesk secret remove: 3 tickets not ended may have been filed with key 1 (until 2026-11-30 12:35:05): ...
$ steledesk secret remove 1 --lose 3
Removed key 1. Functions forget it within ten minutes.`,
		flags: func(f *flag.FlagSet) action {
			lose := f.Int("lose", -1, "how many tickets not ended nobody will be able to follow any more")
			return withSecret(1, func(ctx context.Context, e *env, held held, id string) error {
				return e.removeSecret(ctx, held, id, *lose)
			})
		},
	}
}

func (e *env) removeSecret(ctx context.Context, h held, id string, lose int) error {
	next, err := h.secret.Remove(id)
	if err != nil {
		return secretError(id, err)
	}
	unused := h.secret.RetiredAt(id).IsZero() && !h.secret.KnownAt(id).IsZero() // it was added, and nothing more
	if !unused {
		if err := e.agreeToLose(ctx, h, id, lose); err != nil {
			return err
		}
	}
	if err := h.put(ctx, next); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Removed key %s. Functions forget it within ten minutes.\n", id)
	return nil
}

// agreeToLose counts what would be lost with a key that was in use, and seals what the office can open anew.
func (e *env) agreeToLose(ctx context.Context, h held, id string, lose int) error {
	until, when := h.usedUntil(id)
	free := until
	if until.IsZero() { // it was retired when the keys were changed last, at the latest
		free = h.changed.Add(seal.Fresh)
	}
	if e.now().Before(free) {
		return fmt.Errorf("functions may still work with key %s until %s", id, free.Local().Format(time.TimeOnly))
	}
	o, version, err := h.stack.office(ctx, -1)
	if err != nil {
		return err
	}
	lost, err := h.stack.filedUntil(ctx, until)
	if err != nil {
		return err
	}
	if lost != lose {
		return fmt.Errorf("%s not ended may have been filed with key %s (%s): their visitors' codes open nothing without it. "+
			"To lose them: steledesk secret remove %s --lose %d", count(lost, "ticket"), id, when, id, lost)
	}
	return e.sealAnew(ctx, h.stack, o, version)
}

// usedUntil is until when something may have been made with a key that was in use, and the words for it. A ring that was
// changed by hand notes no times: the zero time stands for always.
func (h held) usedUntil(id string) (until time.Time, when string) {
	retired := h.secret.RetiredAt(id)
	if retired.IsZero() {
		return retired, "nobody noted until when it was used"
	}
	until = retired.Add(seal.Fresh) // a process may have gone on with it for so long
	return until, "until " + until.Local().Format(time.DateTime)
}

// sealAnew puts the same office data in force once more, its channels' addresses sealed with the current key.
func (e *env) sealAnew(ctx context.Context, st *stack, o *office.Office, version int) error {
	if len(o.Channels) == 0 {
		return nil
	}
	keys, err := st.keys(ctx)
	if err != nil {
		return err
	}
	return e.putOffice(ctx, st, o, version, e.user, keys)
}

const queuePage = 100

// filedUntil counts the tickets not ended that were filed until a time, or ever, whoever has them.
func (s *stack) filedUntil(ctx context.Context, until time.Time) (int, error) {
	sections, err := s.everySection(ctx)
	if err != nil {
		return 0, err
	}
	found := 0
	for _, section := range sections {
		for _, open := range []bool{true, false} { // who was answered stands among the ended
			n, err := s.queueFiledUntil(ctx, queues.Slice{Section: section, Open: open, Limit: queuePage}, until)
			if err != nil {
				return 0, fmt.Errorf("count tickets of %s: %w", section, err)
			}
			found += n
		}
	}
	return found, nil
}

// everySection lists the sections of every version of the office data: one that is gone may have answered tickets.
func (s *stack) everySection(ctx context.Context) ([]string, error) {
	versions, err := s.table.OfficeHistory(ctx)
	if err != nil {
		return nil, err
	}
	all := []string{ticket.OfficeSection, ticket.DisciplineSection}
	for _, v := range append(versions, dynamo.OfficeVersion{}) { // 0: the built-in data
		o, err := s.table.OfficeAt(ctx, v.Version)
		if err != nil {
			return nil, err
		}
		all = append(all, sectionIDs(o)...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func (s *stack) queueFiledUntil(ctx context.Context, slice queues.Slice, until time.Time) (found int, err error) {
	for {
		part, err := s.table.QueueSlice(ctx, slice)
		if err != nil {
			return 0, err
		}
		for _, row := range part.Rows {
			slice.After = row.Place
			if !row.Head.State.Ended() && (until.IsZero() || !row.Head.FiledAt.After(until)) {
				found++
			}
		}
		if !part.More {
			return found, nil
		}
	}
}
