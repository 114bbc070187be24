package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

func ticketCommand() command {
	return command{
		name: "ticket", what: "look at a ticket",
		help: `
For questions that the desk's pages do not answer: what exactly was stored, and whether it was changed since.`,
		below: []command{ticketShow()},
	}
}

func ticketShow() command {
	return command{
		name: "show", args: "NUMBER", what: "show a ticket and everything that was done to it",
		help: `
Shows what is true of the ticket now, its events with their times and who did them, and whether its chain
holds. What people wrote is personal and left out unless --words is given; of a 举报 it is never shown, since
discipline alone reads it, on the desk. A contact is never shown, only that there is one.
The number may be written as people do: in lower case, without the hyphen, with O for 0.`,
		examples: `
$ steledesk ticket show wx7k3fq2mk
number     WX-7K3FQ2MK
kind       complaint 投诉
state      handling 办理中
section    gardens 园林环卫科
...
1  2026-11-02 10:15  filed   visitor            -> gardens, by category:toilets
2  2026-11-02 10:41  signed  section gardens
The chain holds.`,
		flags: ticketShowFlags,
	}
}

func ticketShowFlags(f *flag.FlagSet) action {
	json := f.Bool("json", false, "as JSON")
	words := f.Bool("words", false, "with what people wrote; mind who sees your screen")
	return func(ctx context.Context, e *env, s settings, args []string) error {
		if err := arguments(args, "NUMBER"); err != nil {
			return err
		}
		number, err := parseNumber(args[0])
		if err != nil {
			return err
		}
		st, err := e.open(ctx, s)
		if err != nil {
			return err
		}
		seen, err := st.look(ctx, number)
		if err != nil {
			return err
		}
		seen.hideWords(*words)
		if *json {
			if err := writeJSON(e.out, seen); err != nil {
				return fmt.Errorf("write ticket: %w", err)
			}
			return seen.verdict()
		}
		o, _, err := st.table.Office(ctx)
		if err != nil {
			return err
		}
		seen.print(e.out, o)
		return seen.verdict()
	}
}

// parseNumber reads a number as a person types it.
func parseNumber(text string) (string, error) {
	number, err := ticket.ParseNumber(text)
	if err != nil {
		return "", usage("%q is no ticket number: want two letters and eight characters, such as WX-7K3FQ2MK; one of them may be mistyped", text)
	}
	return number, nil
}

// sight is what an operator may see of a ticket.
type sight struct {
	Head    ticket.Head `json:"head"`
	Contact bool        `json:"contact"` // there is one
	Chain   string      `json:"chain"`   // "holds", or where it is broken
	Events  []seenEvent `json:"events"`
	note    string
}

type seenEvent struct {
	ticket.Event
	Hash string `json:"hash"`
	Text string `json:"text,omitempty"`
	Wish string `json:"wish,omitempty"`
}

func (s *stack) look(ctx context.Context, number string) (*sight, error) {
	stored, err := s.table.Ticket(ctx, number)
	if errors.Is(err, visitor.ErrNotFound) {
		return nil, fmt.Errorf("there is no ticket %s in stack %s; steledesk verify %s says whether anything of it is left", number, s.name, number)
	}
	if err != nil {
		return nil, err
	}
	seen := &sight{Head: stored.Head, Chain: "holds", Events: []seenEvent{}}
	if seen.Contact, err = s.table.HasContact(ctx, number); err != nil {
		return nil, err
	}
	if err := ticket.Verify(stored.Head, stored.Records); err != nil {
		seen.Chain = err.Error()
	}
	for _, r := range stored.Records {
		e, err := r.Event()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", number, err)
		}
		one := seenEvent{Event: e, Hash: e.Hash}
		if e.Words != nil {
			one.Text, one.Wish = e.Words.Text, e.Words.Wish
		}
		seen.Events = append(seen.Events, one)
	}
	return seen, nil
}

// hideWords takes out what people wrote: when it was not asked for, and always of a 举报.
func (s *sight) hideWords(asked bool) {
	confidential := slices.ContainsFunc(s.Events, func(e seenEvent) bool { // at any time of its life
		return e.After.Kind.Confidential()
	})
	if asked && !confidential {
		return
	}
	for i := range s.Events {
		s.Events[i].Text, s.Events[i].Wish = "", ""
	}
	if asked {
		s.note = "What was written in a 举报 is for discipline alone: read it on the desk."
	}
}

// verdict is the error of a ticket whose chain is broken.
func (s *sight) verdict() error {
	if s.Chain == "holds" {
		return nil
	}
	return errProblems
}

func (s *sight) print(w io.Writer, o *office.Office) {
	s.head(o).print(w, "")
	fmt.Fprintln(w)
	s.printEvents(w)
	if s.note != "" {
		fmt.Fprintln(w, s.note)
	}
	if s.Chain == "holds" {
		fmt.Fprintln(w, "The chain holds.")
	} else {
		fmt.Fprintln(w, "The chain is BROKEN:", s.Chain)
	}
}

// head is what is true of the ticket now, line by line.
func (s *sight) head(o *office.Office) table {
	h := s.Head
	t := table{{"number", h.Number}, {"kind", kindName(h.Kind)}, {"state", stateName(h.State)}}
	row := func(is bool, name, value string) {
		if is {
			t.row(name, value)
		}
	}
	section := func(id string) string { return named(id, o.SectionName(id, "zh")) }
	row(h.Category != "", "category", named(h.Category, o.CategoryName(h.Category, "zh")))
	row(h.Spot != "", "spot", named(h.Spot, o.SpotName(h.Spot, "zh")))
	row(true, "section", section(h.Section))
	row(h.Owner() != h.Section, "waits for", section(h.Owner()))
	row(h.Handler != "", "handler", h.Handler)
	row(h.Urgent, "urgent", "yes 紧急")
	row(true, "filed", clock(h.FiledAt, "-"))
	row(!h.Due.SignBy.IsZero(), "sign by", clock(h.Due.SignBy, ""))
	row(true, "answer by", clock(h.Due.AnswerBy, "not set"))
	row(!h.AnsweredAt.IsZero(), "answered", clock(h.AnsweredAt, ""))
	row(!h.ClosedAt.IsZero(), "closed", clock(h.ClosedAt, ""))
	row(s.Contact, "contact", "there is one, sealed")
	row(!s.Contact, "contact", "none")
	row(true, "version", fmt.Sprint(h.Version))
	return t
}

// printEvents writes one line an event, and below it what was written, when it may be seen.
func (s *sight) printEvents(w io.Writer) {
	var lines strings.Builder
	t := table{}
	for _, e := range s.Events {
		t.row(fmt.Sprint(e.Seq), clock(e.At, "-"), string(e.What), actor(e.By), outline(e.Data))
	}
	t.print(&lines, "")
	for i, line := range strings.Split(strings.TrimSuffix(lines.String(), "\n"), "\n") {
		fmt.Fprintln(w, line)
		if i >= len(s.Events) {
			continue
		}
		for _, text := range []string{s.Events[i].Text, s.Events[i].Wish} {
			if text != "" {
				fmt.Fprintln(w, indent(printable(text), "     | "))
			}
		}
	}
}

func actor(by ticket.Actor) string {
	words := []string{string(by.Role)}
	if by.Section != "" {
		words = append(words, by.Section)
	}
	if by.Login != "" {
		words = append(words, "("+by.Login+")")
	}
	return strings.Join(words, " ")
}

// outline says what an event changed, in codes: none of it is what a person wrote.
func outline(d ticket.Data) string {
	var out []string
	add := func(is bool, format string, args ...any) {
		if is {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	add(d.Section != "", "-> %s", d.Section)
	add(d.From != "", "from %s", d.From)
	add(d.Why != "", "by %s", d.Why)
	add(d.Handler != "", "handler %s", d.Handler)
	add(d.Days != 0, "%d days more", d.Days)
	add(d.Reason != "", "reason %s", d.Reason)
	add(d.Outcome != "", "outcome %s", d.Outcome)
	add(d.Draft, "to be reviewed")
	add(d.Solved != "", "solved: %s", d.Solved)
	add(d.Level != 0, "satisfaction %d of 5", d.Level)
	add(d.Step != "", "step %s", d.Step)
	add(len(d.Photos) > 0, "%s", count(len(d.Photos), "photo"))
	return strings.Join(out, ", ")
}
