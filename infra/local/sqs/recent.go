package sqs

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// recentKept is how many of a queue's last messages are remembered for people to look at.
const recentKept = 10

// recents are the last messages sent to each queue since the server was opened, those that were
// taken and deleted too: a person who looks is always later than the consumer.
type recents struct {
	mu      sync.Mutex
	byQueue map[int64][]Message
}

func (r *recents) add(q *queue, m Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byQueue == nil {
		r.byQueue = map[int64][]Message{}
	}
	last := append(r.byQueue[q.id], m)
	r.byQueue[q.id] = last[max(0, len(last)-recentKept):]
}

// sentTo notes a stored message and wakes who waits for one.
func (s *Server) sentTo(q *queue, id, body string) {
	s.recents.add(q, Message{ID: id, Body: body, Sent: time.UnixMilli(s.now())})
	s.bells.ring(q.id)
}

// Recent gives a queue's last messages, newest first, whether they still wait or not. Only ID, Body
// and Sent are set. A queue that does not exist is an error.
func (s *Server) Recent(ctx context.Context, queue string) ([]Message, error) {
	q, err := s.store.queue(ctx, queue)
	if err != nil {
		return nil, fmt.Errorf("look at queue %s: %w", queue, err)
	}
	s.recents.mu.Lock()
	defer s.recents.mu.Unlock()
	all := slices.Clone(s.recents.byQueue[q.id])
	slices.Reverse(all)
	return all, nil
}
