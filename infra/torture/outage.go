package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"steledesk/infra/torture/raw"
)

// unheard is how many filings meet each outage.
const unheard = 5

// outages has a section's program refuse everything until its messages are dead letters, and then dispatch find no queue
// until the stream gives up, which takes its ten tries a minute: a short storm leaves that out. It gives the messages that were given up, the poison aside. Both are mended at the end.
func (s storm) outages(ctx context.Context, h *house, e *stormEvidence, people *staff) error {
	before, err := h.given(ctx, e, graves[0])
	if err != nil {
		return err
	}
	h.receiver.outage("gardens", true)
	s.fileTo(ctx, h, e, people, "cleanliness", s.filings)
	err = h.buried(ctx, e, graves[0], before+unheard)
	h.receiver.outage("gardens", false)
	if err != nil || s.short {
		return err
	}
	h.proxy.Cut("dispatch", "sqs.SendMessageBatch", true)
	s.fileTo(ctx, h, e, people, "traffic", s.filings+unheard)
	err = h.buried(ctx, e, graves[1], 1) // one message may stand for several records
	h.proxy.Cut("dispatch", "sqs.SendMessageBatch", false)
	return err
}

// fileTo files complaints of a category.
func (s storm) fileTo(ctx context.Context, h *house, e *stormEvidence, people *staff, category string, from int) {
	for n := range unheard {
		l := newLife(h, people, e.ledger, s.seed, from+n)
		l.kind, l.category = "complaint", category
		l.file(ctx)
	}
}

// buried waits until a grave holds so many messages that are no poison, and notes how many it holds.
func (h *house) buried(ctx context.Context, e *stormEvidence, grave string, want int) error {
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		if err := h.drain(ctx, 2*time.Minute); err != nil {
			return err
		}
		n, err := h.given(ctx, e, grave)
		if err != nil {
			return err
		}
		if n >= want {
			e.buried += n
			return nil
		}
	}
	return fmt.Errorf("nothing came into %s in two minutes", grave)
}

// given counts what a grave holds that is no poison.
func (h *house) given(ctx context.Context, e *stormEvidence, grave string) (int, error) {
	all, err := h.queues(ctx)
	n := 0
	for _, m := range all {
		if m.Queue == grave && !slices.Contains(e.poison, m.Body) {
			n++
		}
	}
	return n, err
}

// cameBack names what was given up and is there still: see misplaced for those that should be.
func (e *stormEvidence) cameBack() []string {
	if e.buried < unheard {
		return []string{fmt.Sprintf("only %d messages were given up: this run shows nothing of replay", e.buried)}
	}
	left := slices.DeleteFunc(slices.Clone(e.queues), func(m raw.Message) bool { return slices.Contains(e.poison, m.Body) })
	var bad []string
	for _, m := range left {
		bad = append(bad, fmt.Sprintf("in %s: %.120s", m.Queue, m.Body))
	}
	return bad
}
