package visitor

import (
	"fmt"
	"time"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// Hasty is the error of a message on a ticket on which its visitor wrote as many within the hour as the office allows.
type Hasty struct {
	Most  int
	Until time.Time // when the next one may come
}

func (h *Hasty) Error() string { return fmt.Sprintf("more than %d messages within an hour", h.Most) }

// unhurried gives *Hasty for a message too many. What the section asked for may always be supplied.
func unhurried(s Stored, c ticket.Command, o *office.Office, now time.Time) error {
	if c.Name != ticket.Message {
		return nil
	}
	var lately []time.Time
	for _, r := range s.Records {
		e, err := r.Event()
		if err != nil {
			return fmt.Errorf("read %s: %w", s.Head.Number, err)
		}
		if e.What == ticket.Messaged && e.At.Add(time.Hour).After(now) {
			lately = append(lately, e.At)
		}
	}
	most := o.Limits.InForce().MessagesAnHour
	if len(lately) < most {
		return nil
	}
	return &Hasty{Most: most, Until: lately[len(lately)-most].Add(time.Hour)}
}
