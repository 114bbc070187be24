package office

import (
	"fmt"
	"time"
)

// Retention says how long is kept what must not be kept for ever.
type Retention struct {
	// ContactMonths is for how many months after a ticket ended its visitor's name and phone are kept; 0: 12.
	ContactMonths int `json:"contactMonths,omitempty"`
}

// The bounds of ContactMonths: long enough for a complaint about the answer, no longer than a purpose lasts
// (个人信息保护法 art. 19).
const (
	contactMonths    = 12
	minContactMonths = 6
	maxContactMonths = 24
)

// ContactMonths is for how many months after its end a ticket's contact is kept.
func (o *Office) ContactMonths() int {
	if o.Retention.ContactMonths == 0 { // office data older than the field
		return contactMonths
	}
	return o.Retention.ContactMonths
}

// KeepContact implements ticket.Terms.
func (o *Office) KeepContact(ended time.Time) time.Time {
	return ended.AddDate(0, o.ContactMonths(), 0)
}

func (c *checker) checkRetention() {
	if n := c.Retention.ContactMonths; n != 0 && (n < minContactMonths || n > maxContactMonths) {
		c.add("retention.contactMonths", fmt.Sprintf("is %d", n), fmt.Sprintf("write %d to %d months", minContactMonths, maxContactMonths))
	}
}
