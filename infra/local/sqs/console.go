package sqs

import (
	"context"
	"fmt"
	"time"
)

// Queue is a queue's state for people to look at.
type Queue struct {
	Name                       string
	Visible, InFlight, Delayed int64     // messages
	Oldest                     time.Time // when the oldest message was sent; zero when there is none
}

// Queues returns all queues by name.
func (s *Server) Queues(ctx context.Context) ([]Queue, error) {
	names, err := column[string](ctx, s.store.read, `SELECT name FROM queue ORDER BY name`)
	if err != nil {
		return nil, fmt.Errorf("list queues: %w", err)
	}
	var all []Queue
	for _, name := range names {
		q, err := s.store.queue(ctx, name)
		if err != nil {
			return nil, err
		}
		counted, err := s.store.counts(ctx, q, s.now())
		if err != nil {
			return nil, err
		}
		oldest, err := column[int64](ctx, s.store.read, `SELECT sent FROM message WHERE queue = ? ORDER BY sent LIMIT 1`, q.id)
		if err != nil {
			return nil, fmt.Errorf("find oldest message of %s: %w", name, err)
		}
		state := Queue{Name: name, Visible: counted.visible, InFlight: counted.inFlight, Delayed: counted.delayed}
		if len(oldest) > 0 {
			state.Oldest = time.UnixMilli(oldest[0])
		}
		all = append(all, state)
	}
	return all, nil
}

// Message is a message for people to look at.
type Message struct {
	ID        string
	Body      string
	Sent      time.Time
	VisibleAt time.Time // in the future: in flight or delayed
	Receives  int64
}

// Peek returns the first n messages of a queue, oldest first, visible or not, and changes nothing. A queue that does not
// exist is an error.
func (s *Server) Peek(ctx context.Context, queue string, n int) ([]Message, error) {
	q, err := s.store.queue(ctx, queue)
	if err != nil {
		return nil, fmt.Errorf("peek at queue %s: %w", queue, err)
	}
	rows, err := s.store.read.QueryContext(ctx, `SELECT message_id, body, sent, visible_at, receives
		FROM message WHERE queue = ? ORDER BY sent, id LIMIT ?`, q.id, n)
	if err != nil {
		return nil, fmt.Errorf("peek at queue %s: %w", queue, err)
	}
	defer rows.Close()
	var all []Message
	for rows.Next() {
		var m Message
		var sent, visible int64
		if err := rows.Scan(&m.ID, &m.Body, &sent, &visible, &m.Receives); err != nil {
			return nil, fmt.Errorf("peek at queue %s: %w", queue, err)
		}
		m.Sent, m.VisibleAt = time.UnixMilli(sent), time.UnixMilli(visible)
		all = append(all, m)
	}
	return all, rows.Err()
}
