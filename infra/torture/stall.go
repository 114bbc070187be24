package main

import (
	"context"
	"sync"
	"time"
)

// stall measures for how long the whole machine stands still. Beyond the ten seconds that the desk waits for a program's answer,
// such a pause takes the answers of all calls under way: they are told once more, and nothing that torture did is the cause.
type stall struct {
	mu      sync.Mutex
	last    time.Time
	longest time.Duration
}

// pulse is how often the machine is felt.
const pulse = 50 * time.Millisecond

// feel feels it until the returned function is called, which says for how long it stood still at most.
func (s *stall) feel(ctx context.Context) func() time.Duration {
	ctx, stop := context.WithCancel(ctx)
	var feeling sync.WaitGroup
	feeling.Go(func() {
		for s.beat(time.Now()); ctx.Err() == nil; s.beat(time.Now()) {
			wait(ctx, pulse)
		}
	})
	return func() time.Duration {
		stop()
		feeling.Wait()
		return s.longest
	}
}

// beat notes that the machine goes at a time.
func (s *stall) beat(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.last.IsZero() {
		s.longest = max(s.longest, now.Round(0).Sub(s.last)-pulse) // wall clocks: the other one may stand still too
	}
	s.last = now.Round(0)
}
