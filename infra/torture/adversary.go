package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/infra/torture/fault"
)

// adversary does between filings what no single call suffers: poison, redelivery, a clock that jumps.
type adversary struct {
	house *house

	mu     sync.Mutex
	r      *rand.Rand
	poison []string
	err    error
}

// after is called after the n-th life.
func (a *adversary) after(ctx context.Context, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.err != nil:
	case n%40 == 7:
		a.err = a.feed(ctx, n)
	case n%25 == 11:
		a.house.jump(time.Duration(a.r.IntN(300)-150) * time.Second) // together less than hides a message
		a.house.proxy.Count(fault.Skip, 1)
	case n%60 == 31:
		a.err = a.redeliver(ctx)
	}
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
func (a *adversary) feed(ctx context.Context, n int) error {
	body := fmt.Sprintf(poisons[a.r.IntN(len(poisons))], n)
	sections := []string{"ticketing", "security", "gardens", "visitors", "discipline"}
	if err := a.house.send(ctx, sections[a.r.IntN(len(sections))], body); err != nil {
		return err
	}
	a.poison = append(a.poison, body)
	a.house.proxy.Count(fault.Poison, 1)
	return nil
}

// redeliver sends a section's queue again what is in it, as SQS may.
func (a *adversary) redeliver(ctx context.Context) error {
	all, err := a.house.queues(ctx)
	if err != nil {
		return err
	}
	for _, m := range all[:min(len(all), 20)] {
		section, is := strings.CutPrefix(m.Queue, "steledesk-section-")
		if !is || slices.Contains(a.poison, m.Body) {
			continue
		}
		if err := a.house.send(ctx, section, m.Body); err != nil {
			return err
		}
		a.house.proxy.Count(fault.Again, 1)
	}
	return nil
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
