package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"steledesk/shared/dynamo"
	"steledesk/shared/ticket"
)

const (
	backlog = 500 // tickets that are due at once, as after an outage
	filers  = 8
)

// clock comes last, since it fills the table. It prints what a tick of deadline costs: with nothing due, and with a backlog, among ever more tickets.
func (b *bench) clock(ctx context.Context) error {
	fmt.Println("## What the clock costs")
	fmt.Println()
	fmt.Println("| a tick with | tickets | AWS calls | capacity units | time |")
	fmt.Println("|---|---|---|---|---|")
	filed := 0
	for _, size := range []int{1_000, 10_000} {
		if err := b.fileMany(ctx, size-filed, time.Now()); err != nil {
			return err
		}
		filed = size
		if err := b.tick(ctx, "nothing due", size, 0); err != nil {
			return err
		}
		if err := b.fileMany(ctx, backlog, time.Now().AddDate(0, 0, -10)); err != nil {
			return err
		}
		filed += backlog
		if err := b.tick(ctx, fmt.Sprintf("%d due", backlog), filed, backlog); err != nil {
			return err
		}
	}
	fmt.Println()
	return nil
}

func (b *bench) fileMany(ctx context.Context, n int, at time.Time) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(filers)
	for range n {
		g.Go(func() error {
			_, err := b.desk.File(ctx, rand.Text(), matter(), at)
			return err
		})
	}
	return g.Wait()
}

// tick does what functions/deadline does, and prints a line of the table.
func (b *bench) tick(ctx context.Context, name string, tickets, want int) error {
	now, done := time.Now(), 0
	b.meter.start()
	for shard := range dynamo.AlarmShards {
		for number, err := range b.table.Due(ctx, shard, now) {
			if err != nil {
				return err
			}
			if err := b.ring(ctx, number, now); err != nil {
				return fmt.Errorf("ring %s: %w", number, err)
			}
			done++
		}
	}
	r := b.meter.stop()
	if done != want {
		return fmt.Errorf("%s: the clock did %d things, want %d", name, done, want)
	}
	fmt.Printf("| %s | %d | %s | %.4g | %s |\n", name, tickets, r.per(1), r.capacity, time.Since(now).Round(time.Millisecond))
	return nil
}

func (b *bench) ring(ctx context.Context, number string, now time.Time) error {
	head, err := b.table.Head(ctx, number)
	if err != nil {
		return err
	}
	o, _, err := b.desk.Offices.Current(ctx)
	if err != nil {
		return err
	}
	alarm, err := o.Next(head, now)
	if err != nil {
		return err
	}
	after, events, err := ticket.Apply(head, alarm.Command, ticket.Moment{Now: now, Terms: o})
	if err != nil {
		return err
	}
	return b.table.Append(ctx, head.Version, after, events)
}
