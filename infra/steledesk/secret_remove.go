package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"time"

	queues "steledesk/shared/desk"
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
The current key is never removed. A key that made nothing yet goes at once. Of another, --lose must be the number of open
tickets that may have been filed with it, which is told when it is left out. The channels' addresses are sealed anew before.`,
		examples: `
$ steledesk secret remove 1
steledesk secret remove: 3 open tickets may have been filed with key 1 (until 2026-11-30 12:35:05): ...
$ steledesk secret remove 1 --lose 3
Removed key 1. Functions forget it within ten minutes.`,
		flags: func(f *flag.FlagSet) action {
			lose := f.Int("lose", -1, "how many open tickets nobody will be able to follow any more")
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
	retired := h.secret.RetiredAt(id)
	if retired.IsZero() && h.secret.KnownAt(id).IsZero() {
		return fmt.Errorf("nobody noted when key %s was in use, so that it cannot be known what would be lost: it stays", id)
	}
	if !retired.IsZero() {
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
	until := h.secret.RetiredAt(id).Add(seal.Fresh) // a process may have gone on with it for so long
	if e.now().Before(until) {
		return fmt.Errorf("functions may still work with key %s until %s", id, until.Local().Format(time.TimeOnly))
	}
	o, version, err := h.stack.office(ctx, -1)
	if err != nil {
		return err
	}
	open, err := h.stack.filedUntil(ctx, o, until)
	if err != nil {
		return err
	}
	if open != lose {
		return fmt.Errorf("%s may have been filed with key %s (until %s): their visitors' codes open nothing without it. "+
			"To lose them: steledesk secret remove %s --lose %d", count(open, "open ticket"), id, until.Local().Format(time.DateTime), id, open)
	}
	return e.sealAnew(ctx, h.stack, o, version)
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

// filedUntil counts the open tickets that were filed until a time, whoever has them.
func (s *stack) filedUntil(ctx context.Context, o *office.Office, until time.Time) (int, error) {
	found := 0
	sections := slices.Sorted(slices.Values(append(sectionIDs(o), ticket.OfficeSection, ticket.DisciplineSection)))
	for _, section := range slices.Compact(sections) {
		n, err := s.queueFiledUntil(ctx, section, until)
		if err != nil {
			return 0, fmt.Errorf("count open tickets of %s: %w", section, err)
		}
		found += n
	}
	return found, nil
}

func (s *stack) queueFiledUntil(ctx context.Context, section string, until time.Time) (found int, err error) {
	slice := queues.Slice{Section: section, Open: true, Limit: queuePage}
	for {
		part, err := s.table.QueueSlice(ctx, slice)
		if err != nil {
			return 0, err
		}
		for _, row := range part.Rows {
			if slice.After = row.Place; !row.Head.FiledAt.After(until) {
				found++
			}
		}
		if !part.More {
			return found, nil
		}
	}
}
