package main

import (
	"context"
	"fmt"
	"time"
)

// afterwards lets the time pass for which people are kept, and then that for which their words are, and looks again.
func (v *privacy) afterwards(ctx context.Context, out *report) error {
	months, years := keeps()
	v.house.skip(45 * 24 * time.Hour) // what was answered closes by itself
	if err := v.until(ctx, "every ticket has ended", func(last string) bool { return ends[last] }); err != nil {
		return err
	}
	before, err := v.contacts(ctx)
	if err != nil {
		return err
	}
	v.house.skip(time.Duration(months+1) * 31 * 24 * time.Hour)
	if err := v.unreachable(ctx, before, out); err != nil {
		return err
	}
	for range years {
		v.house.skip(366 * 24 * time.Hour)
		if err := v.house.Sweep(ctx); err != nil { // DynamoDB never deletes what has been over for five years
			return err
		}
	}
	v.house.skip(31 * 24 * time.Hour)
	if err := v.until(ctx, "every ticket is erased", func(last string) bool { return last == "erased" }); err != nil {
		return err
	}
	if err := v.house.drain(ctx, 2*time.Minute); err != nil {
		return err
	}
	if err := v.house.Sweep(ctx); err != nil {
		return err
	}
	if err := v.house.drain(ctx, 3*time.Minute); err != nil { // what the table forgot is forgotten in the bucket
		return err
	}
	return v.again(ctx, out)
}

// ends are the events that end a ticket, for good or until it is reopened.
var ends = map[string]bool{"closed-silent": true, "closed-rated": true, "declined": true, "referred": true, "withdrawn": true, "published": true}

// until waits for the last event of every ticket to be as it should. A ticket that is lost is not waited for: the rows say it.
func (v *privacy) until(ctx context.Context, what string, is func(last string) bool) error {
	for end := time.Now().Add(2 * time.Minute); ; {
		table, err := v.house.table(ctx)
		if err != nil {
			return err
		}
		left := ""
		for _, number := range v.numbers {
			k := table.Tickets[number]
			if k == nil || len(k.Events) == 0 {
				continue
			}
			if last := k.Events[len(k.Events)-1]; !is(last.What) {
				left = fmt.Sprintf("%s is last %s", number, last.What)
			}
		}
		switch {
		case left == "":
			return nil
		case time.Now().After(end):
			return fmt.Errorf("wait until %s: %s", what, left)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(300 * time.Millisecond):
		}
	}
}

// unreachable holds that no contact can be read by anybody once its time is over, whether or not the table has deleted it.
func (v *privacy) unreachable(ctx context.Context, before []string, out *report) error {
	var bad []string
	if len(before) < 3 {
		bad = append(bad, fmt.Sprintf("only %d contacts were kept before", len(before)))
	}
	for _, r := range v.receipts {
		asked, err := v.asked(ctx, r)
		if err != nil {
			return err
		}
		bad = append(bad, revealing(r.Number, asked, v.marks)...)
	}
	after, err := v.contacts(ctx)
	if err != nil {
		return err
	}
	out.hold("privacy: contacts", "thirteen months pass", "no name or phone can be read back",
		fmt.Sprintf("%d contacts before, %d not swept yet", len(before), len(after)), bad)
	return nil
}

// contacts are the tickets of which a contact is stored.
func (v *privacy) contacts(ctx context.Context) ([]string, error) {
	table, err := v.house.table(ctx)
	if err != nil {
		return nil, err
	}
	var kept []string
	for number, k := range table.Tickets {
		if k.Contact != "" {
			kept = append(kept, number)
		}
	}
	return kept, nil
}

// again looks for every mark once all that was kept is over: nobody reads anything but what a meeting decided.
func (v *privacy) again(ctx context.Context, out *report) error {
	table, err := v.house.table(ctx)
	if err != nil {
		return err
	}
	after := &leftovers{marks: v.marks, number: v.numbers[0]}
	if err := after.files(v.house.data); err != nil {
		return err
	}
	exported, err := v.exported(ctx, "after")
	if err != nil {
		return err
	}
	shown, err := v.pages(ctx)
	if err != nil {
		return err
	}
	decided := func(t trace, m mark) bool { return m.kind == "decision" && inEdition(t) }
	for _, l := range []look{
		{"table afterwards", traces(table.Fields), v.marks, decided, "nothing but what a meeting decided, in its figures", after.number},
		{"bucket afterwards", after.buckets, v.marks, inPapers, "nothing but that", after.number},
		{"export afterwards", exported, v.marks, func(t trace, m mark) bool { return decided(t, m) || inExport(t, m) && !inTable(t, m) }, "nothing but that", after.number},
		{"pages afterwards", shown.traces, v.marks, func(t trace, m mark) bool { return m.kind == "code" && t.where == "the page of "+m.ticket }, "nothing to anybody", "已到期删除"},
	} {
		l.into(out)
	}
	out.hold("privacy: said afterwards", "everything is erased", "each audience is answered, and told so", fmt.Sprintf("%d answers", len(shown.traces)), shown.silent())
	var bad []string
	for _, number := range v.numbers {
		k := table.Tickets[number]
		if k == nil {
			bad = append(bad, number+" is not there")
		} else if wrong := k.Chain(); wrong != "" {
			bad = append(bad, wrong)
		}
	}
	out.hold("privacy: chains afterwards", "everything is erased", "every chain is whole", fmt.Sprintf("%d tickets", len(v.numbers)), append(bad, after.pictures()...))
	return nil
}

// pictures are the photos that are still there.
func (e *leftovers) pictures() []string {
	var all []string
	for _, f := range e.buckets {
		if len(f.text) > 3 && f.text[:3] == "\xff\xd8\xff" {
			all = append(all, "a photo is left: "+f.where)
		}
	}
	return all
}
