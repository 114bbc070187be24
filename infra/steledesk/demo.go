package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"steledesk/infra/demo"
	"steledesk/shared/digest"
	"steledesk/shared/dynamo"
	"steledesk/shared/ticket"
)

func demoCommand() command {
	return command{
		name: "demo", what: "fill a table with months of made-up tickets",
		help: `
Makes up the tickets of the last months, with the office data in force: all kinds, quiet and busy days, sections that
are diligent and some that are not. They are lived by the desk's own rules, so steledesk verify holds for them, their
deadlines and reminders go on from here, and nobody is told of what is past. No name is made up; phones begin with 000.
For a desk to look at, to train with or to measure, never for one that people use: a table that has tickets is left
alone unless --into-used is given. What was stopped goes on when the same line is given again. The same seed makes the
same tickets.`,
		examples: `
$ steledesk --local demo                                      # twelve months and this one, about 300 tickets in each
2025-12: 441 of about 3900 tickets
...
3841 tickets with 26530 events from 2025-11 to 2026-11
$ steledesk --local demo --months 1 --per-month 100000 --until 2026-10`,
		flags: demoFlags,
	}
}

func demoFlags(f *flag.FlagSet) action {
	months := f.Int("months", 12, "how many months")
	perMonth := f.Int("per-month", 300, "tickets a month; busy months have more, quiet ones fewer")
	seed := f.Uint64("seed", 1, "`N`: another one makes other tickets")
	until := f.String("until", "", "`YYYY-MM`: the last month; without it, the one before this one, and this one up to now")
	used := f.Bool("into-used", false, "also into a table that has tickets")
	return func(ctx context.Context, e *env, s settings, args []string) error {
		if err := arguments(args); err != nil {
			return err
		}
		spec := demo.Spec{Months: *months, PerMonth: *perMonth, Seed: *seed, Now: e.now().In(ticket.Zone).Truncate(time.Second)}
		switch *until {
		case "": // and what was filed since: a desk without open tickets is none to look at
			spec.Until = digest.MonthOf(spec.Now)
			if *months > 0 {
				spec.Months++
			}
		default:
			month, err := digest.ParseMonth(*until)
			if err != nil {
				return usage("--until: %v", err)
			}
			spec.Until = month
		}
		st, err := e.open(ctx, s)
		if err != nil {
			return err
		}
		return st.fill(ctx, e, spec, *used)
	}
}

// fill makes up tickets and stores them.
func (s *stack) fill(ctx context.Context, e *env, spec demo.Spec, used bool) error {
	var err error
	if spec.Office, spec.Version, err = s.table.Office(ctx); err != nil {
		return err
	}
	if spec.Now, err = s.mayFill(ctx, spec, used); err != nil {
		return err
	}
	desk, err := demo.New(spec)
	if err != nil {
		return usage("%v", err)
	}
	keys, err := s.keys(ctx)
	if err != nil {
		return err
	}
	if err := s.table.SetMadeUp(ctx, spec.Mark()); err != nil {
		return err
	}
	loader := demo.Loader{Table: s.table, Keys: keys, Tell: teller(e, spec)}
	loaded, err := loader.Load(ctx, desk)
	if err != nil {
		return fmt.Errorf("%w\nIt stopped after %s; the same line goes on from there", err, count(loaded.Tickets, "ticket"))
	}
	months := desk.Months()
	fmt.Fprintf(e.out, "%s with %s from %s to %s", count(loaded.Tickets-loaded.There, "ticket"), count(loaded.Events, "event"), months[0], spec.Until)
	if loaded.There > 0 {
		fmt.Fprintf(e.out, "; %s were there", count(loaded.There, "ticket"))
	}
	fmt.Fprintln(e.out)
	return nil
}

// teller says how far it has come: at each month, and about every twentieth part of a large one.
func teller(e *env, spec demo.Spec) func(demo.Loaded) {
	all, told := spec.Months*spec.PerMonth, 0 // fewer when the last month lasts
	step := max(spec.PerMonth/20, 300)
	return func(l demo.Loaded) {
		if l.Tickets-told >= step || l.Tickets == all {
			told = l.Tickets
			fmt.Fprintf(e.err, "%s: %d of about %d tickets\n", l.Month, l.Tickets, all)
		}
	}
}

// mayFill says whether the table may be filled, and until when the tickets are lived: a loading that goes on lives its
// tickets as long as those that are there.
func (s *stack) mayFill(ctx context.Context, spec demo.Spec, used bool) (time.Time, error) {
	mark, err := s.table.MadeUp(ctx)
	if err != nil {
		return spec.Now, err
	}
	what, now := demo.Marked(mark)
	switch {
	case what == spec.What():
		began, err := time.Parse(time.RFC3339, now)
		if err != nil {
			return spec.Now, fmt.Errorf("read what the table was filled with: %w", err)
		}
		return began.In(ticket.Zone), nil
	case used:
		return spec.Now, nil
	case mark != "":
		return spec.Now, fmt.Errorf("the table was filled before, by steledesk demo %s: give that line to go on with it, or --into-used to add to it", what)
	}
	return spec.Now, s.unused(ctx)
}

// unused is an error when the table has a ticket. A desk that tries itself leaves trials and lone notes of them, which are
// none.
func (s *stack) unused(ctx context.Context) error {
	for found, err := range s.table.Scan(ctx, 0, 1) {
		if err != nil {
			return err
		}
		left, err := s.table.TicketItems(ctx, found.Number)
		if err != nil {
			return err
		}
		if gone := len(left) == 0 && found.Trial; gone || dynamo.IsTrial(left) {
			continue
		}
		return errors.New("the table has tickets (" + found.Number + " is one); made-up ones do not belong among real ones. If none of them is real, add --into-used")
	}
	return nil
}
