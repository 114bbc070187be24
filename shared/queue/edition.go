package queue

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"steledesk/shared/digest"
	"steledesk/shared/ticket"
)

// PapersMade is what happened when a digest was stored.
const PapersMade ticket.What = "papers-made"

// Papers tells that a month's digest was stored, as the office's queue carries it (events/papers-message.v1.schema.json).
// It holds no figure: those are read on the page.
type Papers struct {
	V       int          `json:"v"`
	Event   string       `json:"event"` // papers-2026-10.1: the same whenever it comes again
	What    ticket.What  `json:"what"`
	Month   digest.Month `json:"month"`
	Edition int          `json:"edition"` // from 1
	At      time.Time    `json:"at"`
}

// NewPapers tells of an edition.
func NewPapers(month digest.Month, edition int, at time.Time) Papers {
	return Papers{V: 1, Event: fmt.Sprintf("papers-%s.%d", month, edition), What: PapersMade, Month: month, Edition: edition, At: at}
}

// ParsePapers reads such a message. is tells whether it is one at all.
func ParsePapers(body string) (p Papers, is bool, err error) {
	if err := json.Unmarshal([]byte(body), &p); err != nil || p.What != PapersMade {
		return Papers{}, false, nil // ParseMessage says what it is
	}
	_, err = digest.ParseMonth(string(p.Month))
	switch {
	case err != nil:
	case p.V != 1:
		err = fmt.Errorf("version %d, want 1", p.V)
	case p.Event != NewPapers(p.Month, p.Edition, p.At).Event || p.At.IsZero():
		err = fmt.Errorf("event %q is not edition %d of %s", p.Event, p.Edition, p.Month)
	}
	if err != nil {
		return p, true, fmt.Errorf("decode message of papers: %w", err)
	}
	return p, true, nil
}

// Tell carries news of papers to the office's queue. It gives an error for each, by its place, that did not arrive.
func (s *Sections) Tell(ctx context.Context, all []Papers) map[int]error {
	failed := map[int]error{}
	if len(all) == 0 {
		return failed
	}
	url, err := s.url(ctx, ticket.OfficeSection)
	var postings []posting
	for i, p := range all {
		body, encoding := json.Marshal(p)
		if encoding != nil || err != nil {
			failed[i] = fmt.Errorf("tell of %s: %w", p.Event, errorOf(err, encoding))
			continue
		}
		postings = append(postings, posting{event: i, body: string(body)})
	}
	for start := 0; start < len(postings); start += batch {
		s.send(ctx, url, postings[start:min(start+batch, len(postings))], failed)
	}
	return failed
}

func errorOf(first, second error) error {
	if first != nil {
		return first
	}
	return second
}
