package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/infra/local/lambda"
	"steledesk/infra/torture/fault"
	"steledesk/infra/torture/raw"
)

// adversary does between filings what no single call suffers: poison, redelivery, a clock that jumps. What it does after
// the n-th filing follows from seed and n alone.
type adversary struct {
	house  *house
	ledger *ledger
	seed   uint64

	mu     sync.Mutex
	poison []string
	err    error
}

// after is called after the n-th life.
func (a *adversary) after(ctx context.Context, n int) {
	err := a.turn(ctx, n, newRand(a.seed^0xBAD, uint64(n)))
	a.mu.Lock()
	defer a.mu.Unlock()
	a.err = cmp.Or(a.err, err)
}

// turn is its turn. Whoever lives meanwhile goes on: some of it waits for what they do.
func (a *adversary) turn(ctx context.Context, n int, r *rand.Rand) error {
	switch turnOf(n) {
	case fault.Poison:
		return a.feed(ctx, n, r)
	case fault.Skip:
		a.house.jump(time.Duration(r.IntN(300)-150) * time.Second) // together less than hides a message
		a.house.proxy.Count(fault.Skip, 1)
	case fault.Again:
		return a.redeliver(ctx)
	case fault.Rewind:
		return a.rewind(ctx, r)
	}
	return nil
}

// turnOf is what is done after the n-th life.
func turnOf(n int) fault.Kind {
	switch {
	case n%40 == 7:
		return fault.Poison
	case n%25 == 11:
		return fault.Skip
	case n%60 == 31:
		return fault.Again
	case n%60 == 43:
		return fault.Rewind
	}
	return fault.None
}

// poisons are messages that no program of the desk can tell, each wrong in its own way.
var poisons = []string{
	`no JSON at all %d`,
	`{"v":1,"event":"WX-NOTHING.%d"}`,
	`{"v":99,"event":"%d","ticket":"WX-00000000"}`,
	`{"v":1,"event":7,"seq":"%d"}`,
	`[%d]`,
	`{"v":1,"what":"papers","month":"%d"}`,
}

// feed puts poison into a section's queue.
func (a *adversary) feed(ctx context.Context, n int, r *rand.Rand) error {
	body := fmt.Sprintf(poisons[r.IntN(len(poisons))], n)
	a.mu.Lock()
	a.poison = append(a.poison, body) // before it is there: what is delivered again is never poison
	a.mu.Unlock()
	sections := []string{"ticketing", "security", "gardens", "visitors", "discipline"}
	if err := a.house.send(ctx, sections[r.IntN(len(sections))], body); err != nil {
		return err
	}
	a.house.proxy.Count(fault.Poison, 1)
	return nil
}

// redelivered is how many messages, and of how many tickets the records, are delivered again at a time.
const redelivered = 20

// redeliver sends sections' queues again what is in them, as SQS may. The crowd goes on: there is soon something.
func (a *adversary) redeliver(ctx context.Context) error {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline) && ctx.Err() == nil; wait(ctx, 50*time.Millisecond) {
		if sent, err := a.resend(ctx); err != nil || sent > 0 {
			return err
		}
	}
	return nil
}

// resend sends again what is in sections' queues now, and says how much that was.
func (a *adversary) resend(ctx context.Context) (sent int, err error) {
	all, err := a.house.queues(ctx)
	if err != nil {
		return 0, err
	}
	a.mu.Lock()
	poison := slices.Clone(a.poison)
	a.mu.Unlock()
	for _, m := range all {
		section, is := strings.CutPrefix(m.Queue, "steledesk-section-")
		if !is || slices.Contains(poison, m.Body) {
			continue
		}
		if err := a.house.send(ctx, section, m.Body); err != nil {
			return sent, err
		}
		a.house.proxy.Count(fault.Again, 1)
		if sent++; sent == redelivered {
			break
		}
	}
	return sent, nil
}

// rewind gives dispatch the records of tickets filed before once more: each ticket's in their order, those of several
// tickets in any, as a stream may that is read again from an older place. What dispatch fails at is given to it once more, as a
// stream does; what it fails at twice is no loss, and does not count.
func (a *adversary) rewind(ctx context.Context, r *rand.Rand) error {
	var records []raw.Record
	for _, number := range a.ledger.some(redelivered, r) {
		of, err := raw.Records(ctx, a.house.checker(), "steledesk", number)
		if err != nil {
			return err
		}
		records = shuffled(records, of, r)
	}
	batch, err := raw.Batch(records)
	if err != nil {
		return err
	}
	for range 2 {
		result, err := a.house.Functions().Invoke(ctx, "steledesk-dispatch", batch)
		if err != nil {
			return fmt.Errorf("deliver records again: %w", err)
		}
		if took(result) {
			a.house.proxy.Count(fault.Rewind, len(records))
			return nil
		}
	}
	return nil
}

// took reports whether a function took every record that it was given.
func took(result lambda.Result) bool {
	var answer struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	return result.Error == nil && json.Unmarshal(result.Payload, &answer) == nil && len(answer.BatchItemFailures) == 0
}

// shuffled puts two lists together in a random order that keeps each one's own.
func shuffled[T any](a, b []T, r *rand.Rand) []T {
	all := make([]T, 0, len(a)+len(b))
	for len(a)+len(b) > 0 {
		if r.IntN(len(a)+len(b)) < len(a) {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return all
}

// send puts a message into a section's queue, past the proxy.
func (h *house) send(ctx context.Context, section, body string) error {
	client := sqs.NewFromConfig(h.checker())
	found, err := client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String("steledesk-section-" + section)})
	if err == nil {
		_, err = client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: found.QueueUrl, MessageBody: &body})
	}
	if err != nil {
		return fmt.Errorf("send to section %s: %w", section, err)
	}
	return nil
}

// replay runs `steledesk replay`, as an operator does after an alarm, until the graves hold nothing that can come back.
func (h *house) replay(ctx context.Context) error {
	for range 3 {
		said, err := h.operate(ctx, "replay")
		if err != nil && !leftSome(err) { // messages are left in place, as poison must be
			return err
		}
		if strings.Contains("\n"+said, "\n0 messages sent again") {
			return nil
		}
		if err := h.drain(ctx, 2*time.Minute); err != nil {
			return err
		}
	}
	return nil
}
