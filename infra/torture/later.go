package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
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
	if err := v.house.drain(ctx, time.Minute); err != nil { // what the table forgot is forgotten in the bucket
		return err
	}
	return v.again(ctx, out)
}

// ends are the events that end a ticket, for good or until it is reopened.
var ends = map[string]bool{"closed-silent": true, "closed-rated": true, "declined": true, "referred": true, "withdrawn": true, "published": true}

// until waits for the last event of every ticket to be as it should.
func (v *privacy) until(ctx context.Context, what string, is func(last string) bool) error {
	for end := time.Now().Add(2 * time.Minute); ; {
		table, err := v.house.table(ctx)
		if err != nil {
			return err
		}
		left := ""
		for _, number := range v.numbers {
			k := table.Tickets[number]
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
		for _, login := range []string{r.Section.ID, "security", "office"} {
			a, err := v.staff.as(ctx, login, "POST", "/v1/desk/tickets/"+r.Number+"/contact", `{"reason":"核实"}`)
			if err != nil {
				return err
			}
			read, err := v.staff.as(ctx, login, "GET", "/v1/desk/tickets/"+r.Number, "")
			if err != nil {
				return err
			}
			masked := []mark{{"masked name", "慕容**", ""}, {"masked phone", "137****", ""}}
			leak := leaks([]trace{{r.Number, string(a.body) + string(read.body)}}, append(masked, v.marks...), func(_ trace, m mark) bool { return m.written() })
			if a.status == http.StatusOK || len(leak) > 0 {
				bad = append(bad, fmt.Sprintf("%s tells %s: %d %v", r.Number, login, a.status, leak))
			}
		}
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
	pages, err := v.pages(ctx)
	if err != nil {
		return err
	}
	decided := func(t trace, m mark) bool { return m.kind == "decision" && inEdition(t) }
	for _, l := range []look{
		{"table afterwards", traces(table.Fields), v.marks, decided, "nothing but what a meeting decided, in its figures", after.number},
		{"bucket afterwards", after.buckets, v.marks, inPapers, "nothing but that", after.number},
		{"export afterwards", exported, v.marks, func(t trace, m mark) bool { return decided(t, m) || inExport(t, m) && !inTable(t, m) }, "nothing but that", after.number},
		{"pages afterwards", pages, v.marks, func(t trace, m mark) bool { return m.kind == "code" && t.where == "the page of "+m.ticket }, "nothing to anybody, and an honest line", "已到期删除"},
	} {
		l.into(out)
	}
	var bad []string
	for _, number := range v.numbers {
		if wrong := table.Tickets[number].Chain(); wrong != "" {
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

// pages are what visitors and staff read of the tickets.
func (v *privacy) pages(ctx context.Context) ([]trace, error) {
	var all []trace
	for _, r := range v.receipts {
		a := v.house.insist(ctx, "GET", "/v1/tickets/"+r.Number, "", "X-Ticket-Code", r.Code)
		page := v.submit(ctx, "/follow", url.Values{"number": {r.Number}, "code": {r.Code}})
		if a.status != http.StatusOK || page.status != http.StatusOK {
			return nil, fmt.Errorf("read %s: %d %.200s, %d", r.Number, a.status, a.body, page.status)
		}
		all = append(all, trace{r.Number, string(a.body)}, trace{"the page of " + r.Number, string(page.body)})
		for _, login := range []string{r.Section.ID, "office", "security"} {
			a, err := v.staff.as(ctx, login, "GET", "/v1/desk/tickets/"+r.Number, "")
			if err != nil {
				return nil, err
			}
			list, err := v.staff.as(ctx, login, "GET", "/v1/desk/tickets?ended=true", "")
			if err != nil {
				return nil, err
			}
			all = append(all, trace{r.Number + " to " + login, string(a.body)}, trace{"the list of " + login, string(list.body)})
		}
	}
	return all, nil
}
