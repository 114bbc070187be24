package meeting_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"steledesk/shared/digest"
	"steledesk/shared/meeting"
)

// shelf has editions of some months, and counts how many are being read at once.
type shelf struct {
	mu        sync.Mutex
	of        map[digest.Month]meeting.Edition
	now, most int
	fails     error
}

func (s *shelf) LatestEdition(_ context.Context, m digest.Month) (meeting.Edition, error) {
	s.mu.Lock()
	s.now++
	s.most = max(s.most, s.now)
	s.mu.Unlock()
	defer func() { s.mu.Lock(); s.now--; s.mu.Unlock() }()
	if e, has := s.of[m]; has {
		return e, nil
	}
	if s.fails != nil {
		return meeting.Edition{}, s.fails
	}
	return meeting.Edition{}, meeting.ErrNoEdition
}

func counted(m digest.Month, n int) meeting.Edition {
	d := digest.Digest{Month: m, Edition: 1, Whole: true, CutOff: m.End()}
	for range n {
		d.Tally.Add(digest.Case{Kind: "complaint", Section: "works", FiledAt: m.Start(), Timing: digest.InTime})
	}
	return meeting.Edition{Month: m, Number: 1, Digest: d}
}

// A year is read from what there is, a few editions at a time; a month that cannot be read is a failure and not a month
// that is missing.
func TestYearIsReadFromItsMonths(t *testing.T) {
	office, table := meetings(t)
	s := &shelf{of: map[digest.Month]meeting.Edition{"2026-02": counted("2026-02", 7), "2026-10": counted("2026-10", 3), "2025-10": counted("2025-10", 6)}}
	held := meeting.Meeting{Month: october, Status: meeting.Held, When: at("2026-11-10 09:00"), Version: 1}
	if err := table.PutMeeting(t.Context(), held); err != nil {
		t.Fatal(err)
	}
	if _, err := office.Decide(t.Context(), chief, "a-key-of-the-decision", decision(), at("2026-11-10 10:00")); err != nil {
		t.Fatal(err)
	}
	r, err := office.Year(t.Context(), s, 2026)
	if err != nil {
		t.Fatal(err)
	}
	if r.Year.Tally.All.Received != 10 || len(r.Year.Standing(digest.Missing)) != 10 || r.Meetings != 1 || r.Decisions != 1 {
		t.Errorf("got %d received, %v missing, %d meetings with %d decisions", r.Year.Tally.All.Received, r.Year.Standing(digest.Missing), r.Meetings, r.Decisions)
	}
	if c := r.Year.Compare; c == nil || c.Now.Received != 3 || c.Then.Received != 6 {
		t.Errorf("compared: %+v, want October with October", c)
	}
	if s.most > 4 {
		t.Errorf("%d editions were read at once, want 4 at the most", s.most)
	}
	if r, err := office.Year(t.Context(), s, 2027); !errors.Is(err, meeting.ErrNoYear) {
		t.Errorf("a year without papers: %+v, %v", r, err)
	}
	s.fails = errors.New("throttled")
	if _, err := office.Year(t.Context(), s, 2026); !errors.Is(err, s.fails) {
		t.Errorf("a month that cannot be read: got %v", err)
	}
}

// A meeting that is planned, or was held in another year, is none of the year's.
func TestYearCountsMeetingsThatWereHeldInIt(t *testing.T) {
	office, table := meetings(t) // October's is planned for November
	for month, when := range map[digest.Month]string{"2025-11": "2026-01-05 09:00", "2026-06": "2026-07-01 09:00", "2026-12": "2027-01-04 09:00", "2025-08": "2025-12-31 23:59"} {
		if err := table.PutMeeting(t.Context(), meeting.Meeting{Month: month, Status: meeting.Held, When: at(when)}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := office.Year(t.Context(), &shelf{of: map[digest.Month]meeting.Edition{"2026-02": counted("2026-02", 7)}}, 2026)
	if err != nil || r.Meetings != 2 || r.Decisions != 0 {
		t.Errorf("%d meetings with %d decisions, %v; want 2 with none", r.Meetings, r.Decisions, err)
	}
}
