package sqs

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"steledesk/infra/local/awsendpoint/awsjson"
)

// receipt names one receive of one message.
type receipt struct {
	id    int64
	nonce string
}

// String is the receipt handle.
func (r receipt) String() string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d:%s", r.id, r.nonce))
}

func parseReceipt(handle string) (r receipt, err error) {
	if handle == "" {
		return r, missing("ReceiptHandle")
	}
	text, err := base64.RawURLEncoding.DecodeString(handle)
	number, nonce, found := strings.Cut(string(text), ":")
	id, numberErr := strconv.ParseInt(number, 10, 64)
	if err != nil || numberErr != nil || !found {
		return r, awsjson.Errorf("ReceiptHandleIsInvalid", "The input receipt handle %q is invalid.", handle)
	}
	return receipt{id, nonce}, nil
}

func stale() error {
	return awsjson.Errorf("ReceiptHandleIsInvalid", "The receipt handle is stale: the message was received again since.")
}

// errGone: the message was deleted already, or the queue never had it.
var errGone = errors.New("no such message")

// held finds the message a receipt stands for. It returns errGone, or an error to tell when the receipt is stale.
func (r receipt) held(ctx context.Context, tx *sql.Tx, queue int64) (visibleAt int64, err error) {
	var nonce string
	err = tx.QueryRowContext(ctx, `SELECT receipt, visible_at FROM message WHERE id = ? AND queue = ?`, r.id, queue).
		Scan(&nonce, &visibleAt)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, errGone
	}
	if err != nil {
		return 0, fmt.Errorf("find message: %w", err)
	}
	if nonce != r.nonce {
		return 0, stale()
	}
	return visibleAt, nil
}

type deleteMessageInput struct{ QueueUrl, ReceiptHandle string }

func (s *Server) deleteMessage(ctx context.Context, _ awsjson.Request, in deleteMessageInput) (any, error) {
	q, err := s.queue(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return nil, s.store.transaction(ctx, func(tx *sql.Tx) error { return remove(ctx, tx, q, in.ReceiptHandle) })
}

// remove deletes a message; one that is gone already is no error, so a delete may be repeated.
func remove(ctx context.Context, tx *sql.Tx, q *queue, handle string) error {
	r, err := parseReceipt(handle)
	if err != nil {
		return err
	}
	if _, err := r.held(ctx, tx, q.id); errors.Is(err, errGone) {
		return nil
	} else if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM message WHERE id = ?`, r.id); err != nil {
		return fmt.Errorf("delete message: %w", err)
	}
	return nil
}

type visibility struct {
	ReceiptHandle     string
	VisibilityTimeout *int
}

type changeVisibilityInput struct {
	QueueUrl string
	visibility
}

func (s *Server) changeVisibility(ctx context.Context, _ awsjson.Request, in changeVisibilityInput) (any, error) {
	q, err := s.queue(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	err = s.store.transaction(ctx, func(tx *sql.Tx) error { return s.hide(ctx, tx, q, in.visibility) })
	if err == nil {
		s.bells.ring(q.id) // a message may have become visible, or sooner than polls expect
	}
	return nil, err
}

// hide changes until when a message in flight stays invisible.
func (s *Server) hide(ctx context.Context, tx *sql.Tx, q *queue, v visibility) error {
	if v.VisibilityTimeout == nil {
		return missing("VisibilityTimeout")
	}
	if err := between("VisibilityTimeout", *v.VisibilityTimeout, 0, 43200); err != nil {
		return err
	}
	r, err := parseReceipt(v.ReceiptHandle)
	if err != nil {
		return err
	}
	now := s.now()
	visibleAt, err := r.held(ctx, tx, q.id)
	if errors.Is(err, errGone) || err == nil && visibleAt <= now {
		return &awsjson.Error{Code: "MessageNotInflight", Query: "AWS.SimpleQueueService.MessageNotInflight",
			Message: "The message is deleted, or visible again, and so not in flight."}
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE message SET visible_at = ? WHERE id = ?`, now+1000*int64(*v.VisibilityTimeout), r.id)
	return err
}
