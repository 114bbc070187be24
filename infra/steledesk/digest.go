package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"steledesk/shared/digest"
	"steledesk/shared/meeting"
	"steledesk/shared/office"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
)

func digestCommand() command {
	return command{
		name: "digest", what: "ask for a month's digest, or print the newest one",
		help: `
The digest for the meeting of the supervisors is made by itself on the first day of a month, at 08:00 in China. Ask
for it when that failed (an alarm says so), when a figure was wrong and its cause is mended, or before a month is
over. Without --month it is the month before this one. To ask again is harmless: where the figures are the same
there is no new edition, and old editions stay. It takes seconds to minutes; then --print shows it.`,
		examples: `
$ steledesk digest --month 2026-10 --reason "节假日有误"
Asked for the digest of 2026-10. See it in a few minutes with: steledesk digest --month 2026-10 --print
$ steledesk digest --month 2026-10 --print
2026-10, edition 2, made 2026-11-09 10:00 for office: 节假日有误
...`,
		flags: digestFlags,
	}
}

func digestFlags(f *flag.FlagSet) action {
	month := f.String("month", "", "`YYYY-MM`: the month; the one before this when it is left out")
	reason := f.String("reason", "", "`TEXT`: why it is made anew; it is printed on the papers")
	printed := f.Bool("print", false, "print the newest edition; nothing is asked for")
	return func(ctx context.Context, e *env, s settings, args []string) error {
		if err := arguments(args); err != nil {
			return err
		}
		if *printed && *reason != "" {
			return usage("--print asks for nothing, so that --reason says nothing")
		}
		of := digest.MonthOf(e.now()).Before(1)
		if *month != "" {
			var err error
			if of, err = digest.ParseMonth(*month); err != nil {
				return usage("--%v", err)
			}
		}
		if e.now().Before(of.Start()) {
			return usage("%s has not begun", of)
		}
		st, err := e.open(ctx, s)
		if err != nil {
			return err
		}
		if *printed {
			return e.printDigest(ctx, st, of)
		}
		return e.orderDigest(ctx, st, queue.DigestOrder{Month: of, By: "operator " + e.user, Reason: *reason})
	}
}

func (e *env) orderDigest(ctx context.Context, st *stack, o queue.DigestOrder) error {
	url, err := st.queueURL(ctx, st.name+"-digest")
	if err != nil {
		return err
	}
	if err := queue.NewDigests(st.config, url).Order(ctx, o); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Asked for the digest of %s. See it in a few minutes with: steledesk digest --month %[1]s --print\n", o.Month)
	return nil
}

func (e *env) printDigest(ctx context.Context, st *stack, of digest.Month) error {
	ed, err := st.table.LatestEdition(ctx, of)
	if errors.Is(err, meeting.ErrNoEdition) {
		return fmt.Errorf("there is no digest of %s yet; ask for it with: steledesk digest --month %[1]s", of)
	}
	if err != nil {
		return err
	}
	o, err := st.table.OfficeAt(ctx, ed.Digest.Office)
	if err != nil {
		return err
	}
	p := digestPrinter{env: e, office: o, Digest: ed.Digest}
	p.head(ed)
	p.figures()
	p.rest(ed)
	return nil
}

// digestPrinter writes a digest for a terminal.
type digestPrinter struct {
	*env
	digest.Digest
	office *office.Office
}

func (p *digestPrinter) head(ed meeting.Edition) {
	by, why := "by the schedule", ""
	if ed.By != "" {
		by = "for " + printable(ed.By)
	}
	if ed.Reason != "" {
		why = ": " + printable(ed.Reason)
	}
	fmt.Fprintf(p.out, "%s, edition %d, made %s %s%s\n", ed.Month, ed.Number, clock(ed.At, ""), by, why)
	whole := "the month was not over"
	if p.Whole {
		whole = "the whole month"
	}
	fmt.Fprintf(p.out, "Counted to %s: %s. %s, 举报 %d.\n\n", clock(p.CutOff, ""), whole, count(p.Tickets, "ticket"), p.Tally.Reports)
}

func (p *digestPrinter) figures() {
	t := table{}
	t.row("", "received", "in time", "late", "overdue", "open", "withdrawn", "on time", "median", "90 %")
	t.figures("all", p.Tally.All)
	for _, k := range ticket.Kinds() {
		if f, any := p.Tally.Kinds[k]; any {
			t.figures(kindName(k), f)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(p.Tally.Sections)) {
		name := ""
		if s, known := p.office.Section(id); known {
			name = s.Name.ZH
		}
		t.figures(named(id, name), p.Tally.Sections[id])
	}
	t.print(p.out, "")
}

func (t *table) figures(name string, f digest.Figures) {
	t.row(name, strconv.Itoa(f.Received), strconv.Itoa(f.InTime), strconv.Itoa(f.Late), strconv.Itoa(f.Overdue), strconv.Itoa(f.Open()),
		strconv.Itoa(f.Withdrawn), percent(f.OnTime()), days(f, .5), days(f, .9))
}

// percent writes a rate with its n; one of few cases is not said.
func percent(r digest.Rate) string {
	if p, ok := r.Percent(); ok {
		return fmt.Sprintf("%.1f %% of %d", p, r.Of)
	}
	return fmt.Sprintf("— of %d", r.Of)
}

func days(f digest.Figures, share float64) string {
	if d, ok := f.Quantile(share); ok {
		return strconv.Itoa(d)
	}
	return "—"
}

func (p *digestPrinter) rest(ed meeting.Edition) {
	all := p.Tally.All
	fmt.Fprintf(p.out, "\nResponse %s, solved %s, satisfied %s.\n", percent(all.Response), percent(all.Solved), percent(all.Satisfied))
	if e := p.Earlier; e.Known {
		fmt.Fprintf(p.out, "Of earlier months %d were open; answered since: %d, still open: %d, of those overdue: %d.\n", e.Open, e.Answered, e.Still, e.Overdue)
	}
	for _, c := range p.Changes {
		fmt.Fprintf(p.out, "Corrected: %s %s → %s\n", c.Figure, orNone(c.Was), orNone(c.Is))
	}
	if p.Broken > 0 {
		fmt.Fprintf(p.out, "Chains that do not hold: %d. steledesk verify --month %s says where.\n", p.Broken, p.Month)
	}
	fmt.Fprintf(p.out, "Root of the month's chains: %s\n", p.Root)
	for _, f := range ed.Papers {
		fmt.Fprintf(p.out, "Paper: %s, %d bytes\n", f.Name, f.Size)
	}
}

func orNone(value string) string {
	if value == "" {
		return "—"
	}
	return value
}
