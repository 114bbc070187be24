package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"steledesk/infra/steledesk/archive"
	"steledesk/shared/dynamo"
)

func exportCommand() command {
	return command{
		name: "export", args: "FOLDER", what: "write everything the desk has into a folder",
		help: `
Writes every item of the table but those of the desk's own trials, and every file of both buckets, into a new folder,
each with its SHA-256, and the digest of it all: two desks that hold the same have the same digest. Names and phones
stay sealed, but photos and what people wrote are readable: the folder is for you alone. The desk's keys are not in it;
without them no visitor's code opens and no contact reads, so keep a copy of them elsewhere (see steledesk secret
init). The desk goes on meanwhile: each ticket is as it was when it was read, whole and with its chain checked, and has
its photos. What waits in queues is not in it; the desk's page shows it all. A folder without manifest.json did not
come to its end.`,
		examples: `
$ steledesk export 2026-11-24
1204 tickets, 9633 items, 310 files (84.2 MB) of steledesk in cn-north-1: 2026-11-24
digest 6b1f0c…
$ steledesk import --check 2026-11-24`,
		flags: func(f *flag.FlagSet) action {
			recovered := f.String("table", "", "`NAME`: another table than the stack's, such as one that was recovered; the files are the stack's")
			return func(ctx context.Context, e *env, s settings, args []string) error {
				if err := arguments(args, "FOLDER"); err != nil {
					return err
				}
				st, err := e.open(ctx, s)
				if err != nil {
					return err
				}
				if *recovered != "" {
					st.table = dynamo.Open(st.config, *recovered)
				}
				return e.export(ctx, st, args[0])
			}
		},
	}
}

// keysWord is what an archive holds sealed, to tell whether a desk has the keys.
const keysWord = "steledesk archive"

// exporting is one export at work.
type exporting struct {
	env     *env
	table   *dynamo.Table
	to      *archive.Writer
	photos  photoBook
	tickets atomic.Int64
	broken  atomic.Int64
}

func (e *env) export(ctx context.Context, st *stack, folder string) error {
	keys, err := st.keys(ctx)
	if err != nil {
		return err
	}
	from, err := st.objects(ctx)
	if err != nil {
		return err
	}
	m := archive.Manifest{Stack: st.name, Region: st.config.Region, Began: e.now().Truncate(time.Second), Keys: keys.Seal(keysWord, "archive")}
	w, err := archive.Create(folder)
	if err != nil {
		return err
	}
	x := &exporting{env: e, table: st.table, to: w}
	for _, step := range []func(context.Context, *objects) error{x.items, x.openPhotos, x.objects} {
		if err := step(ctx, from); err != nil {
			return err
		}
	}
	m.Tickets, m.Ended = int(x.tickets.Load()), e.now().Truncate(time.Second)
	if m, err = w.Finish(m); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "%s, %s, %s (%s) of %s in %s: %s\ndigest %s\n", count(m.Tickets, "ticket"), count(m.Items, "item"),
		count(m.Objects, "file"), megabytes(m.Bytes), st.name, st.config.Region, folder, m.Digest)
	if n := x.broken.Load(); n > 0 {
		fmt.Fprintf(e.out, "%s broken; they are in the export as they are\n", count(int(n), "chain"))
		return errProblems
	}
	return nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }

func (x *exporting) items(ctx context.Context, _ *objects) error {
	group, ctx := errgroup.WithContext(ctx)
	for part := range parts {
		group.Go(func() error {
			for together, err := range x.table.Partitions(ctx, part, parts) {
				if err != nil {
					return err
				}
				if err := x.partition(ctx, together); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// partition writes the items of a partition, but those of a trial; a ticket that an event came to between two pages is
// read again. A photo that may still change waits for openPhotos.
func (x *exporting) partition(ctx context.Context, together []dynamo.Item) error {
	if x.photos.waits(together) {
		return nil
	}
	number, isTicket := dynamo.TicketOf(together[0])
	for try := 0; isTicket; try++ {
		if dynamo.IsTrial(together) {
			return nil
		}
		fault := dynamo.CheckTicket(together)
		if fault == nil {
			break
		}
		if try == rereads {
			x.broken.Add(1)
			fmt.Fprintf(x.env.out, "%s: %v\n", number, fault)
			break
		}
		var err error
		if together, err = x.table.TicketItems(ctx, number); err != nil || len(together) == 0 {
			return err
		}
	}
	if isTicket && slices.ContainsFunc(together, dynamo.IsHead) {
		if n := x.tickets.Add(1); n%progressEvery == 0 {
			fmt.Fprintf(x.env.err, "%d tickets so far\n", n)
		}
	}
	x.photos.name(together)
	return x.write(together)
}

func (x *exporting) write(together []dynamo.Item) error {
	for _, i := range together {
		if err := x.to.Item(dynamo.Portable(i)); err != nil {
			return err
		}
	}
	return nil
}

// workers is how many calls are made at once.
const workers = 8

func (x *exporting) objects(ctx context.Context, from *objects) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for _, bucket := range buckets {
		for key, err := range from.list(ctx, bucket) {
			if err != nil {
				return cmp.Or(group.Wait(), err) // a file that failed ends the listing too
			}
			if x.photos.saved[key] {
				continue
			}
			group.Go(func() error {
				_, err := from.save(ctx, x.to, bucket, key)
				return err
			})
		}
	}
	return group.Wait()
}
