package office

import (
	"fmt"
	"time"

	"steledesk/shared/ticket"
)

// Retention says how long is kept what must not be kept for ever.
type Retention struct {
	// ContactMonths is for how many months after a ticket ended its visitor's name and phone are kept; 0: 12.
	ContactMonths int `json:"contactMonths,omitempty"`
	// RecordYears is for how many years after a ticket ended what people wrote and photographed is kept; 0: 10. What
	// is left then says what happened, when and by which section, and the figures stay what they were.
	RecordYears int `json:"recordYears,omitempty"`
}

// The bounds of ContactMonths: long enough for a complaint about the answer, no longer than a purpose lasts
// (个人信息保护法 art. 19).
const (
	contactMonths    = 12
	minContactMonths = 6
	maxContactMonths = 24
)

// The bounds of RecordYears: no shorter than the record of who saw it, so that a complaint about the handling can be
// looked into for as long; no longer than the longest fixed term of public archives (定期 30 年, 定期 10 年 being the
// usual one for such matters). What a unit's own list keeps for ever is taken to its archives, out of the desk.
const (
	recordYears    = 10
	minRecordYears = 3
	maxRecordYears = 30
)

// ContactMonths is for how many months after its end a ticket's contact is kept.
func (o *Office) ContactMonths() int {
	if o.Retention.ContactMonths == 0 { // office data older than the field
		return contactMonths
	}
	return o.Retention.ContactMonths
}

// RecordYears is for how many years after its end a ticket's words and photos are kept.
func (o *Office) RecordYears() int {
	if o.Retention.RecordYears == 0 { // office data older than the field
		return recordYears
	}
	return o.Retention.RecordYears
}

// KeepContact implements ticket.Terms.
func (o *Office) KeepContact(ended time.Time) time.Time {
	return ended.AddDate(0, o.ContactMonths(), 0)
}

// KeepRecord implements ticket.Terms.
func (o *Office) KeepRecord(ended time.Time) time.Time {
	return ended.AddDate(o.RecordYears(), 0, 0)
}

// over erases an ended ticket when its record's time is over. Erased, it is nothing to the clock any more.
func (o *Office) over(h ticket.Head) ticket.Alarm {
	if !h.ErasedAt.IsZero() {
		return ticket.Alarm{}
	}
	return ticket.Alarm{At: o.KeepRecord(h.ClosedAt), Command: ticket.Command{Name: ticket.Erase, By: clock(), Years: o.RecordYears()}}
}

func (c *checker) checkRetention() {
	if n := c.Retention.ContactMonths; n != 0 && (n < minContactMonths || n > maxContactMonths) {
		c.add("retention.contactMonths", fmt.Sprintf("is %d", n), fmt.Sprintf("write %d to %d months", minContactMonths, maxContactMonths))
	}
	if n := c.Retention.RecordYears; n != 0 && (n < minRecordYears || n > maxRecordYears) {
		c.add("retention.recordYears", fmt.Sprintf("is %d", n), fmt.Sprintf("write %d to %d years", minRecordYears, maxRecordYears))
	}
}
