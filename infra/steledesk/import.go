package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"

	"golang.org/x/sync/errgroup"

	"steledesk/infra/steledesk/archive"
	"steledesk/shared/dynamo"
)

func importCommand() command {
	return command{
		name: "import", args: "FOLDER", what: "bring what an export holds into an empty desk",
		help: `
First holds every line and file of the folder against its digest, and the folder against the desk: the desk must have
the keys of the one that was exported, and no ticket that the folder does not have, or has otherwise. Then it stores
everything, tickets' heads last, so that the clock finds none that is not whole, and reads it all back, every file too.
Photos that were uploaded and not yet made clean are made so there. Nobody is told of what is imported; reminders that
fell due meanwhile come with the clock's next tick. What was stopped goes on when the same line is given again. A new
stack has office data and accounts of its own: --replace puts the folder's in their place and deletes what it does not
have. --check reads the folder and needs no desk.`,
		examples: `
$ steledesk import --check 2026-11-24
1204 tickets, 9633 items, 310 files (84.2 MB) of steledesk in cn-north-1, exported 2026-11-24 03:00: whole
digest 6b1f0c…
$ steledesk --stack steledesk-drill import 2026-11-24
1204 tickets, 9633 items, 310 files stored and read back: the same
digest 6b1f0c…`,
		flags: func(f *flag.FlagSet) action {
			check := f.Bool("check", false, "only read the folder, and say whether it is whole")
			replace := f.Bool("replace", false, "put the folder's office data, accounts and records in the place of the desk's")
			return func(ctx context.Context, e *env, s settings, args []string) error {
				if err := arguments(args, "FOLDER"); err != nil {
					return err
				}
				r, err := archive.Open(args[0])
				if err != nil {
					return err
				}
				if err := r.Check(); err != nil {
					return err
				}
				if *check {
					m := r.Manifest
					fmt.Fprintf(e.out, "%s, %s, %s (%s) of %s in %s, exported %s: whole\ndigest %s\n", count(m.Tickets, "ticket"), count(m.Items, "item"),
						count(m.Objects, "file"), megabytes(m.Bytes), printable(m.Stack), printable(m.Region), clock(m.Began, ""), m.Digest)
					return nil
				}
				st, err := e.open(ctx, s)
				if err != nil {
					return err
				}
				return (&importing{env: e, stack: st, from: r, replace: *replace}).run(ctx)
			}
		},
	}
}

// importing is one import at work.
type importing struct {
	env     *env
	stack   *stack
	from    *archive.Reader
	replace bool
	stays   map[string]bool // keys of items that went on by themselves after an import that was stopped
}

func (x *importing) run(ctx context.Context) error {
	keys, err := x.stack.keys(ctx)
	if err != nil {
		return err
	}
	if word, err := keys.Open(x.from.Manifest.Keys, "archive"); err != nil || word != keysWord {
		return fmt.Errorf("the keys in %s are not those of the desk that was exported: no visitor's code would open and no contact read. "+
			"Put its keys there first (aws ssm put-parameter --overwrite --value file://COPY)", x.stack.secret)
	}
	to, err := x.stack.objects(ctx)
	if err != nil {
		return err
	}
	if err := x.clear(ctx); err != nil {
		return err
	}
	if err := x.store(ctx, to); err != nil {
		return err
	}
	return x.verify(ctx, to)
}

// store puts files after the items that they wake the photo function to settle, which would be written over otherwise,
// and before the heads that make tickets whole.
func (x *importing) store(ctx context.Context, to *objects) error {
	if err := x.items(ctx, false); err != nil {
		return err
	}
	if err := x.objects(ctx, to); err != nil {
		return err
	}
	return x.items(ctx, true)
}

// clear refuses a desk that has tickets of its own, and deletes what else stands in the way, if that is wished.
func (x *importing) clear(ctx context.Context) error {
	c, err := x.compare(ctx)
	if err != nil {
		return err
	}
	if len(c.ownTickets) > 0 {
		return fmt.Errorf("table %s has tickets of its own, or the export's have gone on there: %s; an import is for an empty desk", x.stack.name, some(c.ownTickets))
	}
	if others := len(c.extra) + len(c.changed); others > 0 && !x.replace {
		return fmt.Errorf("table %s has %s of its own (office data, accounts, records), such as %s; --replace puts the export's in their place",
			x.stack.name, count(others, "item"), some(append(c.changed, namesOf(c.extra)...)))
	}
	x.stays = map[string]bool{}
	for _, key := range c.settled {
		x.stays[key] = true
	}
	return x.stack.table.Delete(ctx, c.extra)
}

func namesOf(items []dynamo.Item) []string {
	var keys []string
	for _, i := range items {
		keys = append(keys, archive.Key(i))
	}
	return keys
}

// few is how many things a message names.
const few = 3

func some(all []string) string {
	if len(all) <= few {
		return fmt.Sprintf("%q", all)
	}
	return fmt.Sprintf("%q and %d more", all[:few], len(all)-few)
}

// chunk is how many items one worker writes at a time.
const chunk = 100

// items stores the heads of tickets, or everything else.
func (x *importing) items(ctx context.Context, heads bool) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for together, err := range chunks(x.from.Items(), func(i dynamo.Item) bool { return dynamo.IsHead(i) == heads && !x.stays[archive.Key(i)] }) {
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		group.Go(func() error { return x.stack.table.Restore(ctx, together) })
	}
	return group.Wait()
}

func chunks(all iter.Seq2[dynamo.Item, error], wanted func(dynamo.Item) bool) iter.Seq2[[]dynamo.Item, error] {
	return func(yield func([]dynamo.Item, error) bool) {
		var together []dynamo.Item
		for i, err := range all {
			if err != nil {
				yield(nil, err)
				return
			}
			if !wanted(i) {
				continue
			}
			if together = append(together, i); len(together) == chunk {
				if !yield(together, nil) {
					return
				}
				together = nil
			}
		}
		if len(together) > 0 {
			yield(together, nil)
		}
	}
}

func (x *importing) objects(ctx context.Context, to *objects) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for o, err := range x.from.Objects() {
		if err != nil {
			return errors.Join(err, group.Wait())
		}
		group.Go(func() error { return to.restore(ctx, x.from, o) })
	}
	return group.Wait()
}
