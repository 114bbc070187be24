package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"steledesk/shared/digest"
	"steledesk/shared/meeting"
	"steledesk/shared/papers"
)

func annualCommand() command {
	return command{
		name: "annual", args: "YEAR", what: "write a year's figures for the open-government report and the sections' assessment",
		help: `
Writes four files: texts to take from (Word) and a workbook that adds the months up (Excel), in Chinese and English.
They are made of the newest digest of each month, as the office gets them on the meetings' page. Months without one
are named in the files; ask for them with: steledesk digest --month YYYY-MM. A month that is corrected later makes
other files: write them again before they are quoted.`,
		examples: `
$ steledesk annual 2026 --out reports
reports/2026-annual.docx
...
2026: 12 months complete, 3120 cases.`,
		flags: func(f *flag.FlagSet) action {
			folder := f.String("out", ".", "`FOLDER`: where the files go; it is made")
			return func(ctx context.Context, e *env, s settings, args []string) error {
				if err := arguments(args, "YEAR"); err != nil {
					return err
				}
				year, err := digest.ParseYear(args[0])
				if err != nil {
					return usage("%v", err)
				}
				st, err := e.open(ctx, s)
				if err != nil {
					return err
				}
				return e.annual(ctx, st, year, *folder)
			}
		},
	}
}

func (e *env) annual(ctx context.Context, st *stack, year int, folder string) error {
	record, err := (&meeting.Office{Meetings: st.table, Decisions: st.table}).Year(ctx, st.table, year)
	if errors.Is(err, meeting.ErrNoYear) {
		return fmt.Errorf("no month of %d has a digest; ask for them with: steledesk digest --month %[1]d-01, and so on", year)
	}
	if err != nil {
		return err
	}
	o, _, err := st.table.Office(ctx)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // papers are for whoever may read the folder
		return fmt.Errorf("make folder: %w", err)
	}
	of := papers.Annual{Year: record.Year, Office: o, Meetings: record.Meetings, Decisions: record.Decisions}
	for _, name := range papers.AnnualNames() {
		p, err := papers.MakeAnnual(of, name)
		if err != nil {
			return err
		}
		path := filepath.Join(folder, fmt.Sprintf("%d-%s", year, name))
		if err := os.WriteFile(path, p.Body, 0o644); err != nil { //nolint:gosec // as the folder
			return fmt.Errorf("write paper: %w", err)
		}
		fmt.Fprintln(e.out, path)
	}
	e.standing(record.Year)
	return nil
}

// standing says what the year lacks.
func (e *env) standing(y digest.Year) {
	fmt.Fprintf(e.out, "%d: %s complete, %s.\n", y.Year, count(len(y.Standing(digest.Final)), "month"), count(y.Tally.All.Received, "case"))
	for _, s := range []struct {
		standing digest.Standing
		says     string
	}{{digest.Missing, "Without a digest"}, {digest.Running, "Counted before it was over"}} {
		if months := y.Standing(s.standing); len(months) > 0 {
			fmt.Fprintf(e.out, "%s: %v\n", s.says, months)
		}
	}
}
