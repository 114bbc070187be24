package office

import (
	"errors"
	"testing"
	"time"

	"steledesk/shared/ticket"
	"steledesk/shared/workday"
)

// A section that was assigned a matter late in the year could not send it back: with the answer's date the right to
// return it was left undated too.
func TestTolerantDatesWhatItCan(t *testing.T) {
	terms := &Tolerant{Terms: Default()}
	from := time.Date(2026, 12, 29, 9, 0, 0, 0, ticket.Zone)
	due, err := terms.Due(ticket.Complaint, false, from)
	if err != nil || !due.AnswerBy.IsZero() || due.ReturnBy.IsZero() || due.SignBy.IsZero() {
		t.Errorf("got %+v, %v; want all but the answer dated", due, err)
	}
	if !errors.Is(terms.Missing, workday.ErrNoData) {
		t.Errorf("missing: %v", terms.Missing)
	}
	if _, err := terms.Extended(ticket.Complaint, false, from, 3); !errors.Is(err, workday.ErrNoData) {
		t.Errorf("an extension that cannot be counted: %v", err)
	}
}

func TestTolerantHidesNoOtherError(t *testing.T) {
	terms := &Tolerant{Terms: Default()}
	if _, err := terms.Extended(ticket.Complaint, false, time.Date(2026, 11, 23, 9, 0, 0, 0, ticket.Zone), 99); !errors.Is(err, ErrExtension) {
		t.Errorf("got %v, want ErrExtension", err)
	}
	if terms.Missing != nil {
		t.Errorf("missing: %v", terms.Missing)
	}
}
