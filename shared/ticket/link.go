package ticket

import (
	"slices"
	"time"
)

// MaxLinked is how many tickets may be linked to one lead: an answer to all of them is one transaction.
const MaxLinked = 20

// Before is how a linked ticket stood when it was ended through its lead, so that this can be undone.
type Before struct {
	State   State     `json:"state"`
	Due     Due       `json:"due,omitzero"`
	AskedAt time.Time `json:"askedAt,omitzero"`
}

// leads are the commands that a linked ticket leaves to its lead for as long as it is open. What is left is a
// note, the visitor's own words, the clock, and to unlink it.
var leads = []Name{Sign, Claim, HandOver, Ask, Answer, Return, Extend, Assign, Transfer, Uphold, Deny, Approve,
	Reject, Decline, Refer, Urge, Oversee}

// led reports whether the ticket is being handled with another one.
func (h Head) led() bool { return h.Lead != "" && h.State.Open() }

// allows reports whether the ticket's links leave room for a command; once it is erased, nothing does.
func (h Head) allows(n Name) bool {
	if !h.ErasedAt.IsZero() {
		return false
	}
	switch n {
	case Link:
		return h.Lead == "" && !h.Kind.Confidential()
	case Unlink:
		return len(h.Linked) > 0 || h.Lead != "" && (h.State.Open() || h.Before != nil && h.State != Closed)
	}
	return !h.led() || !slices.Contains(leads, n)
}

// Joined says which of two tickets would lead the other if they were linked, or why they cannot be. A ticket that
// leads others goes on leading; else the one that must be answered first does, so that the other one is never answered
// later than promised because of it.
func Joined(a, b Head) (lead, other Head, why Why) {
	lead, other = a, b
	if len(a.Linked) == 0 && (len(b.Linked) > 0 || sooner(b, a)) {
		lead, other = b, a
	}
	switch {
	case a.Kind.Confidential() || b.Kind.Confidential():
		return lead, other, Confidential
	case !a.State.Open() || !b.State.Open():
		return lead, other, WrongState
	case a.Lead == b.Number || b.Lead == a.Number:
		return lead, other, AlreadyDone
	case a.Lead != "" || b.Lead != "" || len(other.Linked) > 0:
		return lead, other, AlreadyLinked
	case a.Section != b.Section:
		return lead, other, OtherSection
	case len(lead.Linked) >= MaxLinked:
		return lead, other, LeadFull
	case other.Round > 1: // who was not content with one answer gets no common one
		return lead, other, AnsweredAlone
	case other.State == Returned || other.State == Review:
		return lead, other, NotReady
	}
	return lead, other, ""
}

// sooner orders tickets by when they must be answered; what has no date yet comes last.
func sooner(a, b Head) bool {
	x, y := a.Due.AnswerBy, b.Due.AnswerBy
	switch {
	case x.IsZero() != y.IsZero():
		return y.IsZero()
	case !x.Equal(y):
		return x.Before(y)
	case !a.FiledAt.Equal(b.FiledAt):
		return a.FiledAt.Before(b.FiledAt)
	}
	return a.Number < b.Number
}

// link joins the ticket with another one.
func link(d *decision) error {
	if d.head.Kind.Confidential() {
		return d.refuse(Confidential, "")
	}
	switch {
	case d.other == nil && d.cmd.To == "":
		return d.refuse(Missing, "to")
	case d.other == nil || d.other.Number == d.head.Number || d.other.Kind.Confidential(): // of a 举报 nothing is said
		return d.refuse(BadValue, "to")
	}
	lead, other, why := Joined(d.head, *d.other)
	if why != "" {
		return d.refuse(why, "")
	}
	d.data = linkData(d.head.Number, lead.Number, other.Number)
	return nil
}

// unlink undoes a link; when the common answer was given already, that too.
func unlink(d *decision) error {
	if d.other == nil {
		return d.refuse(Missing, "to")
	}
	lead, other := d.head, *d.other
	if d.head.Lead == d.other.Number {
		lead, other = other, lead
	}
	switch {
	case other.Lead != lead.Number:
		return d.refuse(BadValue, "to")
	case !other.allows(Unlink):
		return d.refuse(WrongState, "")
	}
	d.data = linkData(d.head.Number, lead.Number, other.Number)
	d.data.Undone = d.head.Number == other.Number && other.Before != nil
	return nil
}

// linkData is what an event of a link says on the ticket called number.
func linkData(number, lead, other string) Data {
	if number == lead {
		return Data{Linked: other}
	}
	return Data{Lead: lead}
}

// linked is what a link does to either head.
func linked(h *Head, e Event) {
	if e.Data.Lead != "" {
		h.Lead = e.Data.Lead
		return
	}
	h.Linked = append(h.Linked, e.Data.Linked)
}

// unlinked is what the end of a link does to either head.
func unlinked(h *Head, e Event) {
	if e.Data.Linked != "" {
		h.Linked = without(h.Linked, e.Data.Linked)
		return
	}
	if b := h.Before; e.Data.Undone && b != nil {
		h.State, h.Due, h.AskedAt = b.State, b.Due, b.AskedAt
		h.AnsweredAt, h.ClosedAt = time.Time{}, time.Time{}
		h.Outcome, h.Solved, h.Satisfaction, h.Published = "", "", 0, false
	}
	h.release()
}

// without gives a new list: heads share theirs. One without entries is nil, as it is stored.
func without(list []string, s string) []string {
	var rest []string
	for _, x := range list {
		if x != s {
			rest = append(rest, x)
		}
	}
	return rest
}

// release ends every link of the ticket.
func (h *Head) release() { h.Lead, h.Linked, h.Before = "", nil, nil }

// before is how the ticket stands.
func before(h Head) *Before { return &Before{State: h.State, Due: h.Due, AskedAt: h.AskedAt} }

// ends reports whether an event is the desk's last word for now.
func ends(w What) bool { return w == AnswerGiven || w == DeclinedBy || w == ReferredTo }

// TakenBack says of each of a ticket's events, oldest first, whether it was undone later, as the answer of a ticket
// that was linked by mistake is.
func TakenBack(events []Event) []bool {
	back := make([]bool, len(events))
	last := -1
	for i, e := range events {
		switch {
		case e.Data.Lead != "" && ends(e.What):
			last = i
		case e.What == UnlinkedFrom && e.Data.Undone && last >= 0:
			back[last] = true
		}
	}
	return back
}
