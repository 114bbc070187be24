package sqs

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"steledesk/infra/local/awsendpoint/awsjson"
)

type receiveMessageInput struct {
	QueueUrl                    string
	AttributeNames              []string
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
	MaxNumberOfMessages         *int
	VisibilityTimeout           *int
	WaitTimeSeconds             *int
	ReceiveRequestAttemptId     string // means something for FIFO queues only
}

type receiveMessageOutput struct {
	Messages []received `json:",omitempty"`
}

type received struct {
	MessageId              string
	ReceiptHandle          string
	MD5OfBody              string
	Body                   string
	Attributes             map[string]string    `json:",omitempty"`
	MD5OfMessageAttributes string               `json:",omitempty"`
	MessageAttributes      map[string]attribute `json:",omitempty"`
}

// asked is a checked receiveMessageInput.
type asked struct {
	most       int
	visibility int64 // milliseconds; negative: the queue's
	wait       time.Duration
}

func (in receiveMessageInput) check(q *queue) (asked, error) {
	a := asked{most: 1, visibility: -1, wait: time.Duration(q.number("ReceiveMessageWaitTimeSeconds")) * time.Second}
	if in.MaxNumberOfMessages != nil {
		a.most = *in.MaxNumberOfMessages
	}
	if in.VisibilityTimeout != nil {
		if err := between("VisibilityTimeout", *in.VisibilityTimeout, 0, 43200); err != nil {
			return a, err
		}
		a.visibility = 1000 * int64(*in.VisibilityTimeout)
	}
	if in.WaitTimeSeconds != nil {
		if err := between("WaitTimeSeconds", *in.WaitTimeSeconds, 0, 20); err != nil {
			return a, err
		}
		a.wait = time.Duration(*in.WaitTimeSeconds) * time.Second
	}
	return a, between("MaxNumberOfMessages", a.most, 1, 10)
}

func (s *Server) receiveMessage(ctx context.Context, _ awsjson.Request, in receiveMessageInput) (out receiveMessageOutput, err error) {
	q, err := s.queue(ctx, in.QueueUrl)
	if err != nil {
		return out, err
	}
	ask, err := in.check(q)
	if err != nil {
		return out, err
	}
	rows, err := s.poll(ctx, q.name, ask)
	if err != nil {
		return out, err
	}
	system := append(in.AttributeNames, in.MessageSystemAttributeNames...)
	for _, row := range rows {
		m, err := s.present(row, system, in.MessageAttributeNames)
		if err != nil {
			return out, err
		}
		out.Messages = append(out.Messages, m)
	}
	return out, nil
}

// poll takes messages, waiting for some as long as was asked. A waiting poll costs one look per ring of its queue's bell
// and one when the next hidden message becomes visible; it writes only when there is something to take.
func (s *Server) poll(ctx context.Context, name string, ask asked) ([]row, error) {
	deadline := time.Now().Add(ask.wait)
	for {
		q, err := s.queue(ctx, name) // again each time: it may have been deleted or changed
		if err != nil {
			return nil, err
		}
		bell := s.bells.bell(q.id)
		next, err := s.store.nextVisible(ctx, q.id)
		if err != nil {
			return nil, err
		}
		if next <= s.now() {
			rows, err := s.take(ctx, q, ask)
			if err != nil || len(rows) > 0 {
				return rows, err
			}
			continue // what was visible had expired or moved to the dead-letter queue
		}
		patience := min(time.Until(deadline), time.Duration(min(next-s.now(), maxVisibility.Milliseconds()))*time.Millisecond)
		if time.Until(deadline) <= 0 || !s.waits(ctx, bell, patience) {
			return nil, ctx.Err()
		}
	}
}

// waits reports whether to look again: the bell rang or the time is over. It is false when the caller or the server is gone.
func (s *Server) waits(ctx context.Context, bell <-chan struct{}, patience time.Duration) bool {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-bell:
		return true
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	case <-s.closing.Done():
		return false
	}
}

// never is later than any message's time.
const never = int64(1) << 62

// nextVisible is when the first message of a queue is or becomes visible; never when there is none.
func (s *store) nextVisible(ctx context.Context, queue int64) (int64, error) {
	var next sql.NullInt64
	err := s.read.QueryRowContext(ctx, `SELECT MIN(visible_at) FROM message WHERE queue = ?`, queue).Scan(&next)
	if err != nil {
		return 0, fmt.Errorf("look for messages: %w", err)
	}
	if !next.Valid {
		return never, nil
	}
	return next.Int64, nil
}

// row is a message as it was when it was received.
type row struct {
	id                         int64
	messageID, body            string
	attributes, trace, source  string
	sent, receives, firstTaken int64
	receipt                    string
}

// take makes visible messages invisible and returns them. On the way it drops those whose retention has ended and moves
// those received too often to the dead-letter queue.
func (s *Server) take(ctx context.Context, q *queue, ask asked) (taken []row, err error) {
	now := s.now()
	var target *queue
	err = s.store.transaction(ctx, func(tx *sql.Tx) error {
		expired := now - 1000*q.number("MessageRetentionPeriod")
		if _, err := tx.ExecContext(ctx, `DELETE FROM message WHERE queue = ? AND sent <= ?`, q.id, expired); err != nil {
			return fmt.Errorf("drop expired messages: %w", err)
		}
		if target, err = s.redrive(ctx, tx, q, ask.most, now); err != nil {
			return err
		}
		visibility := ask.visibility
		if visibility < 0 {
			visibility = 1000 * q.number("VisibilityTimeout")
		}
		taken, err = takeVisible(ctx, tx, q.id, ask.most, now, now+visibility)
		return err
	})
	if err == nil && target != nil {
		s.bells.ring(target.id)
	}
	return taken, err
}

// redrive moves to the dead-letter queue what would be received next but was received too often. It returns that queue,
// or nil when the queue has none.
func (s *Server) redrive(ctx context.Context, tx *sql.Tx, q *queue, next int, now int64) (*queue, error) {
	target, most, err := s.deadLetters(ctx, tx, q)
	if err != nil || target == nil {
		return nil, err
	}
	for {
		moved, err := moveDead(ctx, tx, dead{from: q, to: target, next: next, most: most}, now)
		if err != nil || moved == 0 {
			return target, err
		}
	}
}

// deadLetters is the queue's dead-letter queue and after how many receives a message goes there; nil when it has none,
// or one that was deleted: then messages stay, as on AWS.
func (s *Server) deadLetters(ctx context.Context, tx *sql.Tx, q *queue) (*queue, int64, error) {
	policy, most, ok := q.redrive()
	if !ok {
		return nil, 0, nil
	}
	target, err := findQueue(ctx, tx, strings.TrimPrefix(policy.Target, s.arnPrefix()))
	if errors.Is(err, errNoQueue) {
		return nil, 0, nil
	}
	return target, most, err
}

// dead says what becomes a dead letter: of the next messages of a queue, those received most times or more.
type dead struct {
	from, to *queue
	next     int
	most     int64
}

// moveDead moves those of the next visible messages that were received as often as allowed, and returns how many. They keep
// their id, sent time and count. It looks at the next ones only: a backlog may be long.
func moveDead(ctx context.Context, tx *sql.Tx, d dead, now int64) (int64, error) {
	result, err := tx.ExecContext(ctx, `UPDATE message SET queue = ?, visible_at = ?, receipt = '', source = ?
		WHERE id IN (SELECT id FROM (SELECT id, receives FROM message WHERE queue = ? AND visible_at <= ?
			ORDER BY visible_at, id LIMIT ?) WHERE receives >= ?)`, d.to.id, now, d.from.name, d.from.id, now, d.next, d.most)
	if err != nil {
		return 0, fmt.Errorf("move messages to %s: %w", d.to.name, err)
	}
	return result.RowsAffected()
}

func takeVisible(ctx context.Context, tx *sql.Tx, queue int64, most int, now, until int64) ([]row, error) {
	rows, err := tx.QueryContext(ctx, `
		UPDATE message SET receives = receives + 1, visible_at = ?, receipt = lower(hex(randomblob(8))),
			first_received = CASE first_received WHEN 0 THEN ? ELSE first_received END
		WHERE id IN (SELECT id FROM message WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, id LIMIT ?)
		RETURNING id, message_id, body, attributes, trace, source, sent, receives, first_received, receipt`,
		until, now, queue, now, most)
	if err != nil {
		return nil, fmt.Errorf("receive messages: %w", err)
	}
	defer rows.Close()
	var taken []row
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.id, &r.messageID, &r.body, &r.attributes, &r.trace, &r.source, &r.sent, &r.receives,
			&r.firstTaken, &r.receipt); err != nil {
			return nil, fmt.Errorf("receive messages: %w", err)
		}
		taken = append(taken, r)
	}
	slices.SortFunc(taken, func(a, b row) int { return cmp.Compare(a.id, b.id) }) // RETURNING promises no order
	return taken, rows.Err()
}

// present is a message as the API shows it, with the attributes that were asked for.
func (s *Server) present(r row, system, names []string) (received, error) {
	m := received{MessageId: r.messageID, ReceiptHandle: receipt{r.id, r.receipt}.String(),
		Body: r.body, MD5OfBody: md5OfBody(r.body), Attributes: s.systemAttributes(r, system)}
	var attributes map[string]attribute
	if err := json.Unmarshal([]byte(r.attributes), &attributes); err != nil {
		return m, fmt.Errorf("read attributes of message %s: %w", r.messageID, err)
	}
	m.MessageAttributes = map[string]attribute{}
	for name, a := range attributes {
		if slices.ContainsFunc(names, func(pattern string) bool { return named(pattern, name) }) {
			m.MessageAttributes[name] = a
		}
	}
	m.MD5OfMessageAttributes = md5OfAttributes(m.MessageAttributes)
	return m, nil
}

// named reports whether a name was asked for: by itself, by a prefix with .*, or with all.
func named(pattern, name string) bool {
	if prefix, ok := strings.CutSuffix(pattern, ".*"); ok {
		return strings.HasPrefix(name, prefix)
	}
	return pattern == "All" || pattern == name
}

func (s *Server) systemAttributes(r row, names []string) map[string]string {
	all := map[string]string{
		"SenderId":                         "AIDALOCAL",
		"SentTimestamp":                    strconv.FormatInt(r.sent, 10),
		"ApproximateReceiveCount":          strconv.FormatInt(r.receives, 10),
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(r.firstTaken, 10),
	}
	if r.trace != "" {
		all["AWSTraceHeader"] = r.trace
	}
	if r.source != "" {
		all["DeadLetterQueueSourceArn"] = s.ARN(r.source)
	}
	if slices.Contains(names, "All") {
		return all
	}
	chosen := map[string]string{}
	for _, name := range names {
		if value, ok := all[name]; ok {
			chosen[name] = value
		}
	}
	return chosen
}
