package ticket

import (
	"slices"
	"time"
)

// evolve is the head after e. It believes e: what may happen was decided by Apply.
func evolve(h Head, e Event) Head {
	h.Barred = slices.Clip(h.Barred) // appended to below: never into the caller's array
	h.ReturnDenied = slices.Clip(h.ReturnDenied)
	h.Steps = slices.Clip(h.Steps)
	h.Linked = slices.Clip(h.Linked)
	if e.Data.Lead != "" && ends(e.What) {
		h.Before = before(h)
	}
	if change, ok := changes[e.What]; ok {
		change(&h, e)
	}
	if e.Data.Due != nil {
		h.Due = *e.Data.Due
	}
	h.Version = e.Seq
	h.Hash = e.Hash
	return h
}

// changes is what each event does to the head. Events that only say something are not in it.
var changes = map[What]func(*Head, Event){
	Filed:       filed,
	AssignedTo:  given,
	Transferred: given,
	Upheld:      upheld,
	Denied: func(h *Head, _ Event) {
		h.ReturnDenied = append(h.ReturnDenied, h.Section)
		h.State, h.ReturnedFrom = h.ReturnedFrom, ""
	},
	DeclinedBy:  endsAs(Declined),
	ReferredTo:  endsAs(Referred),
	WithdrawnBy: func(h *Head, e Event) { endsAs(Withdrawn)(h, e); h.Outcome = OutcomeWithdraw; h.release() },
	Approved:    func(h *Head, e Event) { h.State, h.AnsweredAt = Answered, e.At },
	Rejected:    func(h *Head, _ Event) { h.State, h.Outcome = Handling, "" },
	Urged:       func(h *Head, _ Event) { h.Urged++ },
	Overseen:    func(h *Head, _ Event) { h.Overseen++ },
	Published:   func(h *Head, _ Event) { h.Published = true },
	Unpublished: func(h *Head, _ Event) { h.Published = false },
	Signed: func(h *Head, e Event) {
		h.State = Handling
		if e.Data.Handler != "" {
			h.Handler = e.Data.Handler
		}
	},
	Claimed:     func(h *Head, e Event) { h.Handler = e.Data.Handler },
	HandedOver:  func(h *Head, e Event) { h.Handler = e.Data.Handler },
	Asked:       func(h *Head, e Event) { h.State, h.AskedAt = Waiting, e.At },
	Supplied:    func(h *Head, _ Event) { h.State, h.AskedAt = Handling, time.Time{} },
	AnswerGiven: answered,
	ReturnAsked: func(h *Head, _ Event) { h.ReturnedFrom, h.State = h.State, Returned },
	Extended:    func(h *Head, _ Event) { h.Extensions++ },
	Rated:       func(h *Head, e Event) { h.Solved, h.Satisfaction = e.Data.Solved, e.Data.Level },
	Reopened:    reopened,
	LinkedWith:  linked,
	Reminded:    stepped,
	Escalated:   stepped,

	UnlinkedFrom: unlinked,
	ClosedSilent: endsAs(Closed),
	ClosedRated:  endsAs(Closed),

	ContactChanged: func(h *Head, _ Event) { h.Anonymous = false },
	ContactDeleted: func(h *Head, _ Event) { h.Anonymous = true },
	Erased:         func(h *Head, e Event) { h.ErasedAt, h.Published = e.At, false },
}

// stepped is a step of the ladder: an escalation counts as what it amounts to.
func stepped(h *Head, e Event) {
	h.Steps = append(append(h.Steps, e.Data.Passed...), e.Data.Step)
	switch e.Data.Does {
	case Urge:
		h.Urged++
	case Oversee:
		h.Overseen++
	}
}

func filed(h *Head, e Event) {
	d := e.Data
	*h = Head{
		Number: e.Ticket, Kind: d.Kind, Category: d.Category, Spot: d.Spot, Section: d.Section, Language: d.Language,
		State: Assigned, Urgent: d.Urgent, Anonymous: d.Anonymous, Publishable: d.Publishable, FiledAt: e.At, Round: 1,
		Canary: d.Canary,
	}
	if e.By.Role == Supervisor {
		h.By, h.About = e.By.Login, d.About
	}
	if d.Triage {
		h.State = Triage
	}
}

func given(h *Head, e Event) {
	d := e.Data
	h.State, h.Section, h.Handler, h.ReturnedFrom = Assigned, d.Section, d.Handler, ""
	h.AskedAt = time.Time{}
	if d.Category != "" {
		h.Category = d.Category
	}
	if d.Kind != "" {
		h.Kind = d.Kind
	}
	if h.Kind.Confidential() {
		h.Publishable = false
		h.release()
	}
}

func upheld(h *Head, e Event) {
	given(h, e)
	if e.Data.Triage {
		h.State = Triage
	}
}

func answered(h *Head, e Event) {
	h.Outcome, h.AskedAt = e.Data.Outcome, time.Time{}
	if e.Data.Draft {
		h.State = Review
		return
	}
	h.State, h.AnsweredAt = Answered, e.At
}

func endsAs(s State) func(*Head, Event) {
	return func(h *Head, e Event) {
		h.State, h.ClosedAt, h.AskedAt, h.ReturnedFrom = s, e.At, time.Time{}, ""
		if e.Data.Outcome != "" {
			h.Outcome = e.Data.Outcome
		}
		if s == Declined {
			h.AnsweredAt = e.At
		}
	}
}

// reopened starts a round: the handler of the last one is barred, what was said of it is forgotten
// by the head (the events keep it).
func reopened(h *Head, e Event) {
	if e.Data.Handler != "" {
		h.Barred = append(h.Barred, e.Data.Handler)
	}
	if h.State == Declined || e.Data.Triage { // the office decides anew
		h.State, h.Section = Triage, triageSection(*h)
	} else {
		h.State = Assigned
	}
	h.Handler, h.Outcome, h.Solved, h.Satisfaction = "", "", "", 0
	h.AnsweredAt, h.ClosedAt, h.RoundAt = time.Time{}, time.Time{}, e.At
	h.Extensions, h.Steps, h.Published = 0, nil, false
	h.Round++
	h.release()
}

func triageSection(h Head) string {
	if h.Kind.Confidential() {
		return DisciplineSection
	}
	return OfficeSection
}
