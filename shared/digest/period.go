package digest

import (
	"fmt"
	"time"

	"steledesk/shared/ticket"
)

// Month names a month, such as 2026-10.
type Month string

const monthLayout = "2006-01"

// ParseMonth reads a month written yyyy-mm.
func ParseMonth(text string) (Month, error) {
	t, err := time.Parse(monthLayout, text)
	if err != nil || t.Format(monthLayout) != text {
		return "", fmt.Errorf("month %q is not written like 2026-10", text)
	}
	return Month(text), nil
}

// MonthOf gives the month of t in China.
func MonthOf(t time.Time) Month { return Month(t.In(ticket.Zone).Format(monthLayout)) }

// Start is the first moment of the month, +08:00.
func (m Month) Start() time.Time {
	t, _ := time.ParseInLocation(monthLayout, string(m), ticket.Zone) // made by ParseMonth or MonthOf
	return t
}

// End is the first moment after the month.
func (m Month) End() time.Time { return m.Start().AddDate(0, 1, 0) }

// Before gives the month n months earlier.
func (m Month) Before(n int) Month { return MonthOf(m.Start().AddDate(0, -n, 0)) }

// CutOff is until when a month is counted: to its end, or to now while it lasts.
func (m Month) CutOff(now time.Time) time.Time {
	if end := m.End(); now.After(end) {
		return end
	}
	return ticket.Instant(now)
}
