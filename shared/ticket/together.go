package ticket

import (
	"fmt"
	"slices"
)

// Change is what a command comes to in one ticket: After and Events are to be stored if it is still at version From.
type Change struct {
	From   int
	After  Head
	Events []Event
}

// Company is who a ticket is changed together with.
type Company struct {
	Heads []Head // of the tickets that CompanyOf names, read after the ticket itself
	Draft *Words // approve: the answer that waits for approval
}

// CompanyOf lists the numbers of the other tickets that a command to h may change, or that it asks about: at most
// MaxLinked.
func CompanyOf(h Head, c Command) []string {
	switch c.Name {
	case Link:
		return unlessEmpty(c.To)
	case Unlink:
		if h.Lead != "" {
			return []string{h.Lead}
		}
		return unlessEmpty(c.To)
	case Reopen, Withdraw:
		if h.Lead != "" {
			return []string{h.Lead}
		}
		return slices.Clone(h.Linked)
	case Answer, Approve, Decline, Refer, Assign, Transfer, Uphold:
		return slices.Clone(h.Linked)
	}
	return nil
}

func unlessEmpty(number string) []string {
	if number == "" {
		return nil
	}
	return []string{number}
}

// ApplyTogether is Apply for a ticket that is linked with others, or is to be: the first change is that of head, and
// with it come those that follow for its company. They are true only together, so they are stored together or not at
// all. Both sides of a link change in one such step, so company that was read after head and does not fit it belongs
// to a head that was changed meanwhile, and is refused with it. Errors: those of Apply.
func ApplyTogether(head Head, with Company, cmd Command, m Moment) ([]Change, error) {
	m.Now = Instant(m.Now)
	d := &decision{head: head, cmd: cmd, moment: m}
	if (cmd.Name == Link || cmd.Name == Unlink) && len(with.Heads) > 0 {
		d.other = &with.Heads[0]
	}
	after, events, err := d.apply()
	if err != nil {
		return nil, err
	}
	changes := []Change{{head.Version, after, events}}
	for _, other := range with.Heads {
		c, err := d.follow(after, other, with.Draft)
		if err != nil {
			return nil, fmt.Errorf("%s together with %s: %w", cmd.Name, other.Number, err)
		}
		if len(c.Events) > 0 {
			changes = append(changes, c)
		}
	}
	return changes, nil
}

// follow is what d, which left its ticket at after, comes to for another one; no events when nothing follows.
func (d *decision) follow(after, other Head, draft *Words) (Change, error) {
	f := &decision{head: other, cmd: d.cmd, moment: d.moment}
	if f.cmd.By.Role == Visitor { // of the other ticket
		f.cmd.By = Actor{Role: Clock}
	}
	what, err := f.consequence(d, after)
	if what == "" || err != nil {
		return Change{}, err
	}
	words := d.words()
	switch {
	case what == LinkedWith || what == UnlinkedFrom:
		words = nil
	case d.cmd.Name == Approve:
		words = draft
	}
	next, events, err := f.append(other, nil, what, f.data, words.copyFor(other.Number))
	if err != nil {
		return Change{}, err
	}
	next, events, err = f.alarmed(next, events)
	return Change{other.Version, next, events}, err
}

// consequence fills in what happens to f's ticket when of has left its own at after; "": nothing.
func (f *decision) consequence(of *decision, after Head) (What, error) {
	lead := Data{Lead: of.head.Number}
	switch of.cmd.Name {
	case Link, Unlink, Withdraw, Reopen:
		f.data = lead
		if of.head.Lead == f.head.Number || of.data.Lead == f.head.Number {
			f.data = Data{Linked: of.head.Number}
		}
		if of.cmd.Name == Link {
			return LinkedWith, nil
		}
		f.data.Undone = of.cmd.Name == Unlink && f.data.Lead != "" && f.head.Before != nil
		return UnlinkedFrom, nil
	case Answer, Approve:
		return f.answerWith(lead.Lead, after)
	case Decline:
		f.data = Data{Reason: of.data.Reason, Outcome: of.data.Outcome, Lead: lead.Lead}
		return DeclinedBy, nil
	case Refer:
		f.data = Data{To: of.data.To, Outcome: of.data.Outcome, Lead: lead.Lead}
		return ReferredTo, nil
	}
	return f.goWith(of.head, after)
}

// answerWith answers f's ticket as its lead was; a draft is no answer yet.
func (f *decision) answerWith(lead string, after Head) (What, error) {
	if after.State != Answered {
		return "", nil
	}
	f.data = Data{Outcome: after.Outcome, Lead: lead}
	if f.head.State != Waiting {
		return AnswerGiven, nil
	}
	return AnswerGiven, resume(f)
}

// goWith takes f's ticket to the section its lead was given to. A lead that became a 举报 goes alone.
func (f *decision) goWith(before, after Head) (What, error) {
	switch {
	case after.Kind.Confidential():
		f.data = Data{Lead: before.Number}
		return UnlinkedFrom, nil
	case f.cmd.Name == Transfer && after.Section == before.Section: // another handler, which the lead alone has
		return "", nil
	case after.State == Triage:
		f.data = Data{Section: after.Section, From: f.head.Section, Triage: true, Lead: before.Number}
		return Upheld, nil
	}
	err := f.give(after.Section)
	f.data.Lead = before.Number
	return rules[f.cmd.Name].what, err
}

// copyFor gives the same words for another ticket, with a salt of their own.
func (w *Words) copyFor(number string) *Words {
	if w == nil {
		return nil
	}
	return &Words{Text: w.Text, Wish: w.Wish, Salt: sum([]byte(w.Salt + "/" + number))}
}
