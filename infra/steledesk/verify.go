package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/aws/smithy-go"
	"golang.org/x/sync/errgroup"

	"steledesk/shared/dynamo"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

func verifyCommand() command {
	return command{
		name: "verify", args: "[NUMBER...]", what: "check that nothing that was stored has been changed",
		help: `
Every event of a ticket carries the SHA-256 of the one before it, and what is true of the ticket must be what its
events add up to. Verify reads tickets and checks all of that; it changes nothing. Name tickets, a month they were
filed in, or --all; without any it checks the month that runs. --all reads the whole table, and finds tickets
whose head was taken away too, which an index does not show, and those that were taken away whole, while anything else
tells of them: a contact, a message to a section, what staff did, a photo, a decision, a supervisor's list. Use it before a meeting's papers are signed, after a
restore, and whenever somebody doubts a record.`,
		examples: `
$ steledesk verify --month 2026-11
WX-7K3FQ2MK: event 3: its bytes do not give the hash stored with it
1204 tickets, 5817 events: 1 chain broken
$ steledesk verify WX-7K3FQ2MK WX-0Q2M47KR
2 tickets, 9 events: every chain holds`,
		flags: verifyFlags,
	}
}

func verifyFlags(f *flag.FlagSet) action {
	month := f.String("month", "", "`YYYY-MM`: the tickets filed in this month")
	all := f.Bool("all", false, "every ticket; reads the whole table")
	return func(ctx context.Context, e *env, s settings, args []string) error {
		if *month != "" && *all || len(args) > 0 && (*all || *month != "") {
			return usage("name tickets, or --month, or --all: one of them")
		}
		in, err := parseMonth(*month, e.now())
		if err != nil {
			return err
		}
		named, err := parseNumbers(args)
		if err != nil {
			return err
		}
		st, err := e.open(ctx, s)
		if err != nil {
			return err
		}
		v := &verification{table: st.table, env: e}
		switch {
		case len(named) > 0:
			return v.run(ctx, listed(named))
		case *all:
			v.seen = map[string]bool{}
			return v.run(ctx, v.table.Scan)
		}
		return v.run(ctx, func(ctx context.Context, part, _ int) iter.Seq2[dynamo.Trace, error] {
			return traces(v.table.FiledIn(ctx, in, part))
		})
	}
}

// parseMonth reads a month of China; none is the one of now.
func parseMonth(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return now, nil
	}
	month, err := time.ParseInLocation("2006-01", text, ticket.Zone)
	if err != nil {
		return month, usage("--month %q is no month; write 2026-11", text)
	}
	return month, nil
}

func parseNumbers(args []string) ([]string, error) {
	var numbers []string
	for _, arg := range args {
		number, err := parseNumber(arg)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, number)
	}
	return numbers, nil
}

// parts is over how many readers the work is spread: as many as a month has shards.
const parts = dynamo.MonthShards

// source lists one of parts of what is to be verified.
type source func(ctx context.Context, part, parts int) iter.Seq2[dynamo.Trace, error]

// traces are those of tickets of which nothing is known but the number.
func traces(numbers iter.Seq2[string, error]) iter.Seq2[dynamo.Trace, error] {
	return func(yield func(dynamo.Trace, error) bool) {
		for number, err := range numbers {
			if !yield(dynamo.Trace{Number: number}, err) {
				return
			}
		}
	}
}

func listed(numbers []string) source {
	return func(_ context.Context, part, _ int) iter.Seq2[dynamo.Trace, error] {
		return func(yield func(dynamo.Trace, error) bool) {
			for _, number := range numbers[part*len(numbers)/parts : (part+1)*len(numbers)/parts] {
				if !yield(dynamo.Trace{Number: number}, nil) {
					return
				}
			}
		}
	}
}

// verification counts what was verified and tells at once what is broken. It keeps no ticket; of the whole table it
// keeps the numbers, some 100 MB for a million.
type verification struct {
	table *dynamo.Table
	env   *env

	mu                      sync.Mutex
	tickets, events, broken int
	seen                    map[string]bool // under --all: verified already; otherwise nil
}

// run verifies all parts at once.
func (v *verification) run(ctx context.Context, from source) error {
	group, ctx := errgroup.WithContext(ctx)
	for part := range parts {
		group.Go(func() error { return v.part(ctx, from(ctx, part, parts)) })
	}
	if err := group.Wait(); err != nil {
		fmt.Fprintf(v.env.err, "stopped after %s; what follows was not checked\n", count(v.tickets, "ticket"))
		return err
	}
	outcome := "every chain holds"
	if v.broken > 0 {
		outcome = count(v.broken, "chain") + " broken"
	}
	fmt.Fprintf(v.env.out, "%s, %s: %s\n", count(v.tickets, "ticket"), count(v.events, "event"), outcome)
	return v.verdict()
}

func (v *verification) part(ctx context.Context, all iter.Seq2[dynamo.Trace, error]) error {
	for one, err := range all {
		if err != nil {
			return err
		}
		if err := v.verify(ctx, one); err != nil {
			return err
		}
	}
	return nil
}

func (v *verification) verdict() error {
	if v.broken > 0 {
		return errProblems
	}
	return nil
}

// progressEvery is after how many tickets a line on the error output says that it goes on.
const progressEvery = 1000

// verify checks one ticket. The error is that of a reading that failed; a broken chain is none.
func (v *verification) verify(ctx context.Context, one dynamo.Trace) error {
	if v.again(one.Number) {
		return nil
	}
	events, fault, err := check(ctx, v.table, one.Number)
	if err == nil && fault != nil && v.seen != nil {
		events, fault, err = v.lookAgain(ctx, one, fault)
	}
	if errors.Is(err, errOver) {
		return nil
	}
	if err != nil {
		return err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tickets++
	v.events += events
	if fault != nil {
		v.broken++
		fmt.Fprintln(v.env.out, fault)
	}
	if v.tickets%progressEvery == 0 {
		fmt.Fprintf(v.env.err, "%d tickets so far\n", v.tickets)
	}
	return nil
}

// rereads is how often a ticket that seems broken is read: an event stored between the pages of a
// reading makes a head and events that do not belong together.
const rereads = 5

// check reads a ticket and verifies it. fault says what is wrong with what is stored; err that it could
// not be read.
func check(ctx context.Context, table *dynamo.Table, number string) (events int, fault, err error) {
	before := visitor.Stored{}
	for range rereads {
		stored, err := table.Ticket(ctx, number)
		var call *smithy.OperationError
		switch {
		case errors.Is(err, visitor.ErrNotFound):
			return 0, fmt.Errorf("%s: there is no head: no such ticket, or it was taken away", number), nil
		case err != nil && (errors.As(err, &call) || ctx.Err() != nil):
			return 0, nil, err
		case err != nil: // it was read, and what was read makes no sense
			return 0, fmt.Errorf("%s: head: %w", number, err), nil
		case stored.Head.Number != number: // a ticket that was copied over another is whole in itself
			return 0, fmt.Errorf("%s: head: it belongs to %s", number, stored.Head.Number), nil
		}
		fault = ticket.Verify(stored.Head, stored.Records)
		if fault == nil || slices.Equal(stored.Records, before.Records) && stored.Head.Hash == before.Head.Hash {
			return len(stored.Records), fault, nil
		}
		before = stored
	}
	return len(before.Records), fault, nil
}
