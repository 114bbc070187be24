package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// unheard is how many filings meet each outage.
const unheard = 5

// outages has a section's program refuse everything until its messages are dead letters, and then dispatch find no queue
// until the stream gives up, which takes its ten tries a minute: a short storm leaves that out. A record that nobody can
// read is among those. Both outages are mended at the end.
func (s storm) outages(ctx context.Context, h *house, e *stormEvidence, people *staff) error {
	before, err := h.given(ctx, e, graves[0])
	if err != nil {
		return err
	}
	h.receiver.outage("gardens", true)
	s.fileTo(ctx, h, e, people, "cleanliness", s.filings)
	e.buried, err = h.buried(ctx, e, before+unheard)
	h.receiver.outage("gardens", false)
	if err != nil || s.short {
		return err
	}
	h.proxy.Cut("dispatch", "sqs.SendMessageBatch", true)
	if err := h.spoil(ctx); err != nil {
		return err
	}
	e.spoilt = 1
	s.fileTo(ctx, h, e, people, "traffic", s.filings+unheard)
	given, err := h.passed(ctx, e, e.spoilt+1) // one message may stand for all the filings that wait behind it
	e.passed = given - e.spoilt
	h.proxy.Cut("dispatch", "sqs.SendMessageBatch", false)
	return err
}

// spoil has the table's stream carry a record that looks like an event and that nobody can read. The item itself is taken
// back at once: what was changed in the stream is what is tried here.
func (h *house) spoil(ctx context.Context) error {
	client, table := dynamodb.NewFromConfig(h.checker()), "steledesk"
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	key := map[string]types.AttributeValue{"pk": text("T#WX-SPOILT"), "sk": text("E#000001")}
	item := maps.Clone(key)
	item["body"], item["hash"] = text(`{"ticket":`), text("none")
	if _, err := client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
		return fmt.Errorf("spoil the stream: %w", err)
	}
	if _, err := client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &table, Key: key}); err != nil {
		return fmt.Errorf("spoil the stream: %w", err)
	}
	return nil
}

// fileTo files complaints of a category.
func (s storm) fileTo(ctx context.Context, h *house, e *stormEvidence, people *staff, category string, from int) {
	for n := range unheard {
		l := newLife(h, people, e.ledger, s.seed, from+n)
		l.kind, l.category = "complaint", category
		l.file(ctx)
	}
}

// buried waits until so many messages that are no poison are dead letters, and says how many are. Time runs meanwhile.
func (h *house) buried(ctx context.Context, e *stormEvidence, want int) (n int, err error) {
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		if err := h.drain(ctx, 2*time.Minute); err != nil {
			return 0, err
		}
		if n, err = h.given(ctx, e, graves[0]); err != nil || n >= want {
			return n, err
		}
	}
	return n, fmt.Errorf("after two minutes %s holds %d messages, and not %d", graves[0], n, want)
}

// passed waits until the stream gave up so many times, and says how often it did. Its tries take their time: it gives up
// one record after the other, each after eleven.
func (h *house) passed(ctx context.Context, e *stormEvidence, want int) (n int, err error) {
	const within = 8 * time.Minute
	for deadline := time.Now().Add(within); time.Now().Before(deadline) && ctx.Err() == nil; wait(ctx, time.Second) {
		if n, err = h.given(ctx, e, graves[1]); err != nil || n >= want {
			return n, err
		}
	}
	return n, fmt.Errorf("after %s %s holds %d messages, and not %d", within, graves[1], n, want)
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
	if e.buried < unheard || e.spoilt > 0 && e.passed < 1 {
		return []string{fmt.Sprintf("only %d messages and %d records were given up: this run shows nothing of replay", e.buried, e.passed)}
	}
	var bad []string
	spoilt := 0
	for _, m := range e.queues {
		switch {
		case slices.Contains(e.poison, m.Body):
		case m.Queue == graves[1] && spoilt < e.spoilt:
			spoilt++
		default:
			bad = append(bad, fmt.Sprintf("in %s: %.120s", m.Queue, m.Body))
		}
	}
	if spoilt < e.spoilt {
		bad = append(bad, "the record that nobody can read is gone")
	}
	return bad
}
