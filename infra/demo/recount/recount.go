// Package recount counts a month's digest a second time, from the events' JSON as the table holds it, so that a test can
// hold the desk's own figures to it. It shares no code with them: it imports the standard library alone, knows what
// events mean from their JSON, and has a calendar of its own. It is as plain as can be, and slow.
//
// The definitions, as the digest's readers are told them:
//
//	A case belongs to the month, in China, in which it was filed. What it was is what its events before the cut-off, the
//	end of the month, say. 举报 are one number. Feedback of supervisors and decisions are in no figure of "all".
//	Answers are: an answer that is no draft, an approval, to be declined, to be referred. One that came through a link
//	that was a mistake, and was taken back, is none.
//	In time: not open, and no answer came after its answer-by time. Late: not open, and one did. Overdue: open, and the
//	time was over at the cut-off, or when the visitor was asked if that is waited for. Pending: open, and it was not.
//	Response rate 响应率: taken on (signed, answered, declined, referred, put under a lead) by the time set at filing; of
//	those that were taken on or whose time was over, before the visitor took it back.
//	Solved 解决率: solved, or half when in part, of those rated. Satisfied 满意率: 3 of 5 or better, of those rated that are
//	no enquiry and no praise. The last rating counts. Nothing is given of fewer than five.
//	Days: working days after the day of filing up to the day of the answer that stands; of open cases, to the cut-off.
//	Median and 90th percentile are over all that were to be answered; an open one took longer than any answered one.
//	Sent back, extended, reopened, urged, overseen: cases that were, once each; sent back counts with the section that
//	sent it back, in the table of sections, and with the case everywhere else.
//	Repeated matters: three or more of one category at one spot. Waits: the ten longest, open ones to the cut-off, praise
//	and withdrawn ones not.
//	Earlier: cases of earlier months that could still change at the end of the month before: open ones, and those whose
//	visitor may have them opened again.
//	Decisions: those that were open when the month began, or came back in it, or were decided in it; each with the
//	section's answer, which is the draft that was approved, never the office's note to it, and none once it came back.
package recount

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// event is what an event's JSON says, as far as it is counted.
type event struct {
	Ticket string    `json:"ticket"`
	Seq    int       `json:"seq"`
	What   string    `json:"what"`
	At     time.Time `json:"at"`
	Data   struct {
		Due *struct {
			SignBy time.Time `json:"signBy"`
		} `json:"due"`
		Outcome string `json:"outcome"`
		Draft   bool   `json:"draft"`
		Solved  string `json:"solved"`
		Level   int    `json:"level"`
		Does    string `json:"does"`
		Lead    string `json:"lead"`
		Undone  bool   `json:"undone"`
	} `json:"data"`
	After struct {
		Kind     string    `json:"kind"`
		Category string    `json:"category"`
		Spot     string    `json:"spot"`
		State    string    `json:"state"`
		Section  string    `json:"section"`
		AnswerBy time.Time `json:"answerBy"`
	} `json:"after"`

	text string // what was written, as it is kept beside the body
	hash string // SHA-256 of the body
	back bool   // an answer that was taken back
}

// Desk is every ticket of a table, and the rules its cases are held to.
type Desk struct {
	tickets  map[string][]event
	calendar calendar
	reopen   map[string]int // natural days in which an answer may be objected to, by kind
}

// Add reads an event as it is stored, with the words beside it; empty: none. Those of one ticket come in their order.
func (d *Desk) Add(body, words string) error {
	var e event
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		return fmt.Errorf("read event: %w", err)
	}
	if words != "" {
		var w struct{ Text string }
		if err := json.Unmarshal([]byte(words), &w); err != nil {
			return fmt.Errorf("read words of %s: %w", e.Ticket, err)
		}
		e.text = w.Text
	}
	sum := sha256.Sum256([]byte(body))
	e.hash = hex.EncodeToString(sum[:])
	d.tickets[e.Ticket] = append(d.tickets[e.Ticket], e)
	if got := len(d.tickets[e.Ticket]); got != e.Seq {
		return fmt.Errorf("%s: event %d came as number %d", e.Ticket, e.Seq, got)
	}
	return nil
}

// one is a case at a cut-off.
type one struct {
	number, kind, category, spot, section, state string
	filed                                        time.Time
	timing                                       string
	days                                         int
	responded, awaited                           bool
	returned, extended, reopened, urged, overs   int
	returnedBy                                   []string
	outcome, solved                              string
	level                                        int
	settled                                      bool
	hash                                         string
}

func isOpen(state string) bool {
	return slices.Contains([]string{"triage", "assigned", "handling", "waiting", "returned", "review"}, state)
}

// at reads a ticket as it was at a cut-off; nil: it was not filed yet.
func (d *Desk) at(number string, cutOff time.Time) *one {
	all := d.tickets[number]
	var events []event
	for _, e := range all {
		if e.At.Before(cutOff) {
			events = append(events, e)
		}
	}
	if len(events) == 0 {
		return nil
	}
	takeBack(events)
	last := events[len(events)-1]
	c := &one{
		number: number, kind: last.After.Kind, category: last.After.Category, spot: last.After.Spot, section: last.After.Section,
		state: last.After.State, filed: events[0].At, hash: last.hash,
	}
	if all[len(all)-1].After.Kind == "report" {
		c.kind = "report"
	}
	c.count(events)
	c.respond(events, cutOff)
	end := c.time(events, cutOff)
	c.days = d.calendar.between(c.filed, end)
	c.settled = d.settled(c, events, end, cutOff)
	return c
}

// takeBack marks the answers that a link brought and that were taken back with it.
func takeBack(events []event) {
	for i, e := range events {
		if e.What != "unlinked" || !e.Data.Undone {
			continue
		}
		for j := i; j >= 0; j-- {
			if events[j].Data.Lead != "" && (events[j].What == "answered" || events[j].What == "declined" || events[j].What == "referred") {
				events[j].back = true
				break
			}
		}
	}
}

// count goes through what happened.
func (c *one) count(events []event) {
	for _, e := range events {
		switch e.What {
		case "returned":
			c.returned++
			if !slices.Contains(c.returnedBy, e.After.Section) {
				c.returnedBy = append(c.returnedBy, e.After.Section)
			}
		case "extended":
			c.extended++
		case "reopened":
			c.reopened++
			c.outcome = ""
		case "urged":
			c.urged++
		case "overseen":
			c.overs++
		case "escalated":
			if e.Data.Does == "urge" {
				c.urged++
			}
			if e.Data.Does == "oversee" {
				c.overs++
			}
		case "rated":
			c.solved, c.level = e.Data.Solved, e.Data.Level
		case "withdrawn":
			c.outcome = "withdrawn"
		}
		if e.What == "unlinked" && e.Data.Undone {
			c.solved, c.level, c.outcome = "", 0, ""
		}
		if e.Data.Outcome != "" {
			c.outcome = e.Data.Outcome
		}
	}
	if isOpen(c.state) {
		c.outcome = ""
	}
}

// respond finds whether the case was taken on, and in time.
func (c *one) respond(events []event, cutOff time.Time) {
	var by time.Time
	if events[0].Data.Due != nil {
		by = events[0].Data.Due.SignBy
	}
	if by.IsZero() {
		return
	}
	for _, e := range events {
		under := e.What == "linked" && e.Data.Lead != ""
		if under || slices.Contains([]string{"signed", "answered", "declined", "referred"}, e.What) {
			c.awaited, c.responded = true, !e.At.After(by)
			return
		}
		if e.What == "withdrawn" {
			cutOff = e.At
		}
	}
	c.awaited = by.Before(cutOff)
}

func (e event) answers() bool {
	if e.back {
		return false
	}
	return e.What == "answered" && !e.Data.Draft || e.What == "approved" || e.What == "declined" || e.What == "referred"
}

// time finds how the case stands to its deadline, and until when its days are counted.
func (c *one) time(events []event, cutOff time.Time) (end time.Time) {
	late, asked := false, time.Time{}
	for _, e := range events {
		if e.answers() {
			end = e.At
			late = late || !e.After.AnswerBy.IsZero() && e.At.After(e.After.AnswerBy)
		}
		if e.What == "asked" {
			asked = e.At
		}
	}
	by := events[len(events)-1].After.AnswerBy
	switch {
	case c.state == "withdrawn":
		c.timing = "withdrawn"
		return withdrawnAt(events)
	case !isOpen(c.state) && late:
		c.timing = "late"
		return end
	case !isOpen(c.state):
		c.timing = "in-time"
		return end
	case by.IsZero():
		c.timing = "undated"
	case by.Before(cutOff) && (c.state != "waiting" || by.Before(asked)):
		c.timing = "overdue"
	default:
		c.timing = "pending"
	}
	return cutOff.Add(-time.Millisecond)
}

func withdrawnAt(events []event) (at time.Time) {
	for _, e := range events {
		if e.What == "withdrawn" {
			at = e.At
		}
	}
	return at
}

// settled reports whether the case can not be open again.
func (d *Desk) settled(c *one, events []event, end, cutOff time.Time) bool {
	throughLead := false
	for _, e := range events {
		if e.What == "referred" {
			throughLead = e.Data.Lead != ""
		}
	}
	switch {
	case isOpen(c.state):
		return false
	case c.state == "withdrawn" || c.state == "referred" && !throughLead:
		return true
	}
	days := d.reopen[c.kind]
	return days == 0 || d.calendar.naturalDays(end, days).Before(cutOff)
}
