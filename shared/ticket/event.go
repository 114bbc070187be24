package ticket

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// What names what happened. One command gives one event of its own, and rate may close.
type What string

// The events.
const (
	Filed        What = "filed"
	AssignedTo   What = "assigned"
	Transferred  What = "transferred"
	Signed       What = "signed"
	Claimed      What = "claimed"
	HandedOver   What = "handed-over"
	Asked        What = "asked"
	Supplied     What = "supplied"
	ReturnAsked  What = "returned"
	Upheld       What = "upheld"
	Denied       What = "denied"
	Extended     What = "extended"
	AnswerGiven  What = "answered"
	Approved     What = "approved"
	Rejected     What = "rejected"
	Noted        What = "noted"
	LinkedWith   What = "linked"   // on both tickets of a link
	UnlinkedFrom What = "unlinked" // on both; also when a link ends by itself
	Messaged     What = "messaged"
	DeclinedBy   What = "declined"
	ReferredTo   What = "referred"
	WithdrawnBy  What = "withdrawn"
	Urged        What = "urged"
	Overseen     What = "overseen"
	Published    What = "published"
	Unpublished  What = "unpublished"
	Rated        What = "rated"
	Reopened     What = "reopened"
	Reminded     What = "reminded"
	Escalated    What = "escalated"
	Dated        What = "dated"         // the calendar arrived that its deadlines waited for
	ClosedSilent What = "closed-silent" // the visitor said nothing for as long as the office waits
	ClosedRated  What = "closed-rated"  // the visitor said it is solved

	ContactChanged What = "contact-changed" // name and phone were corrected, or given later
	ContactDeleted What = "contact-deleted"

	Erased What = "erased" // its record's time was over: what people wrote and photographed was deleted
)

// Role is what somebody is to the desk.
type Role string

// The roles.
const (
	Visitor      Role = "visitor"
	SectionStaff Role = "section"
	OfficeStaff  Role = "office"
	Discipline   Role = "discipline"
	Leader       Role = "leader"
	Supervisor   Role = "supervisor"
	Clock        Role = "clock"
)

// Actor is who did something. Visitors have no login: the desk does not know them.
type Actor struct {
	Role    Role   `json:"role"`
	Login   string `json:"login,omitempty"`
	Section string `json:"section,omitempty"` // the section they act for
}

// Words is what a person wrote. It is kept beside the event and hashed into it with a random
// salt, so that it can be erased when its time has come without breaking the chain, and nobody
// can guess erased words from their sum.
type Words struct {
	Text string `json:"text"`
	Wish string `json:"wish,omitempty"`
	Salt string `json:"salt"`
}

// Sum is the hex SHA-256 of the words' JSON, which their event carries.
func (w Words) Sum() (string, error) {
	b, err := json.Marshal(w)
	if err != nil {
		return "", fmt.Errorf("encode words: %w", err)
	}
	return sum(b), nil
}

// Data is what an event says beyond what, who and when. Each kind of event fills its own fields.
type Data struct {
	Kind        Kind      `json:"kind,omitempty"`
	Category    string    `json:"category,omitempty"`
	Spot        string    `json:"spot,omitempty"`
	Section     string    `json:"section,omitempty"` // the section it goes to
	From        string    `json:"from,omitempty"`    // the section it comes from
	Handler     string    `json:"handler,omitempty"`
	Triage      bool      `json:"triage,omitempty"`
	Urgent      bool      `json:"urgent,omitempty"`
	Anonymous   bool      `json:"anonymous,omitempty"`
	Publishable bool      `json:"publishable,omitempty"`
	Language    string    `json:"language,omitempty"`
	HappenedAt  time.Time `json:"happenedAt,omitzero"`
	Photos      []string  `json:"photos,omitempty"`
	Why         string    `json:"why,omitempty"`    // the routing rule that decided
	Office      int       `json:"office,omitempty"` // version of the office data in force
	Due         *Due      `json:"due,omitempty"`    // the deadlines from here on
	Days        int       `json:"days,omitempty"`
	Reason      string    `json:"reason,omitempty"` // a reason's code, never free text
	To          string    `json:"to,omitempty"`     // the outside body a matter is referred to
	Outcome     Outcome   `json:"outcome,omitempty"`
	Draft       bool      `json:"draft,omitempty"` // the answer waits for approval
	Solved      Solved    `json:"solved,omitempty"`
	Level       int       `json:"level,omitempty"`
	Step        string    `json:"step,omitempty"`
	Passed      []string  `json:"passed,omitempty"` // weaker steps that fell due with it
	Does        Name      `json:"does,omitempty"`   // what an escalation amounts to: urge or oversee
	Told        []string  `json:"told,omitempty"`   // the sections that hear of a step
	Lead        string    `json:"lead,omitempty"`   // on a linked ticket: the lead it happened through
	Linked      string    `json:"linked,omitempty"` // on a lead: the ticket that was linked or unlinked
	About       string    `json:"about,omitempty"`  // filed feedback: what it is about
	Undone      bool      `json:"undone,omitempty"` // unlinked: what came through the lead is taken back
	Canary      bool      `json:"canary,omitempty"` // filed: by the desk, to try itself
	Years       int       `json:"years,omitempty"`  // erased: the rule, for how many years after its end the record was kept
}

// After is where an event leaves its ticket: enough to route the news without reading the head.
type After struct {
	Kind     Kind      `json:"kind"`
	Category string    `json:"category,omitempty"`
	Spot     string    `json:"spot,omitempty"`
	Urgent   bool      `json:"urgent,omitempty"`
	State    State     `json:"state"`
	Section  string    `json:"section"`
	Owner    string    `json:"owner"`
	AnswerBy time.Time `json:"answerBy,omitzero"`
	Canary   bool      `json:"canary,omitempty"`
}

// Event is one link of a ticket's chain.
type Event struct {
	Ticket   string    `json:"ticket"`
	Seq      int       `json:"seq"` // from 1
	What     What      `json:"what"`
	By       Actor     `json:"by"`
	At       time.Time `json:"at"`
	Data     Data      `json:"data,omitzero"`
	After    After     `json:"after"`
	WordsSum string    `json:"words,omitempty"` // hex SHA-256 of the words, when there are any
	Prev     string    `json:"prev,omitempty"`  // hash of the event before; empty for the first

	Words *Words `json:"-"` // nil: none, or erased
	Hash  string `json:"-"` // hex SHA-256 of the event's JSON
}

// ID names an event for good: "WX-7K3FQ2MK.3".
func (e Event) ID() string { return fmt.Sprintf("%s.%d", e.Ticket, e.Seq) }

// Erased reports whether the event had words that are no longer kept.
func (e Event) Erased() bool { return e.WordsSum != "" && e.Words == nil }

// Ends reports whether the event ended its ticket.
func (e Event) Ends() bool {
	switch e.What {
	case ClosedSilent, ClosedRated, DeclinedBy, ReferredTo, WithdrawnBy:
		return true
	}
	return false
}

// Audience lists the sections whose queue carries the event, the one that must act first.
// A 举报 is carried to discipline and nowhere else, a step of the clock's to those it is meant for. That a record's
// time was over is news to nobody.
func (e Event) Audience() []string {
	switch {
	case e.What == Erased:
		return nil
	case e.After.Kind.Confidential():
		return []string{DisciplineSection}
	case len(e.Data.Told) > 0:
		return slices.Clone(e.Data.Told)
	}
	var out []string
	for _, s := range []string{e.After.Owner, e.After.Section, e.Data.From} {
		if s != "" && !contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// Record is an event as it is stored: the exact bytes its hash was taken over, and the words.
type Record struct {
	Body  string // the event's JSON
	Hash  string // hex SHA-256 of Body
	Words string // JSON of Words; empty when there are none or they were erased
}

// Record gives the event as it is to be stored.
func (e Event) Record() (Record, error) {
	body, err := json.Marshal(e)
	if err != nil {
		return Record{}, fmt.Errorf("encode event %s: %w", e.ID(), err)
	}
	r := Record{Body: string(body), Hash: sum(body)}
	if e.Words != nil {
		words, err := json.Marshal(e.Words)
		if err != nil {
			return Record{}, fmt.Errorf("encode words of %s: %w", e.ID(), err)
		}
		r.Words = string(words)
	}
	return r, nil
}

// Event reads a stored event back. It does not check the chain: Verify does.
func (r Record) Event() (Event, error) {
	var e Event
	if err := json.Unmarshal([]byte(r.Body), &e); err != nil {
		return Event{}, fmt.Errorf("decode event: %w", err)
	}
	e.At = e.At.In(Zone)
	e.Hash = r.Hash
	if r.Words != "" {
		e.Words = new(Words)
		if err := json.Unmarshal([]byte(r.Words), e.Words); err != nil {
			return Event{}, fmt.Errorf("decode words of %s: %w", e.ID(), err)
		}
	}
	return e, nil
}

// link gives e its place in the chain: its words' sum and its own hash.
func (e Event) link(prev string) (Event, error) {
	e.Prev = prev
	if e.Words != nil {
		words, err := e.Words.Sum()
		if err != nil {
			return Event{}, err
		}
		e.WordsSum = words
	}
	r, err := e.Record()
	if err != nil {
		return Event{}, err
	}
	e.Hash = r.Hash
	return e, nil
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}
