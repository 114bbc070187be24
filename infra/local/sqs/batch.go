package sqs

import (
	"context"
	"database/sql"
	"errors"
	"regexp"

	"steledesk/infra/local/awsendpoint/awsjson"
)

// batchOutput tells entry by entry what became of a batch.
type batchOutput[T any] struct {
	Successful []T      `json:",omitempty"`
	Failed     []failed `json:",omitempty"`
}

type failed struct {
	Id, Code, Message string
	SenderFault       bool
}

type done struct{ Id string }

const maxBatch = 10

var entryID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

// checkIDs refuses a batch as a whole, as SQS does.
func checkIDs(ids []string) error {
	if len(ids) == 0 {
		return batchError("EmptyBatchRequest", "There should be at least one entry in the request.")
	}
	if len(ids) > maxBatch {
		return batchError("TooManyEntriesInBatchRequest", "Maximum number of entries per request are 10. You have sent more.")
	}
	seen := map[string]bool{}
	for _, id := range ids {
		if !entryID.MatchString(id) {
			return batchError("InvalidBatchEntryId", "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		}
		if seen[id] {
			return batchError("BatchEntryIdsNotDistinct", "Id "+id+" repeated.")
		}
		seen[id] = true
	}
	return nil
}

func batchError(code, message string) error {
	return &awsjson.Error{Code: code, Query: "AWS.SimpleQueueService." + code, Message: message}
}

// add notes an entry's outcome: an error meant for callers fails the entry, any other the call.
func (b *batchOutput[T]) add(id string, success T, err error) error {
	var told *awsjson.Error
	switch {
	case err == nil:
		b.Successful = append(b.Successful, success)
	case errors.As(err, &told):
		b.Failed = append(b.Failed, failed{Id: id, Code: told.Code, Message: told.Message, SenderFault: true})
	default:
		return err
	}
	return nil
}

// ids are the ids of a batch's entries.
func ids[E any](entries []E, id func(E) string) []string {
	all := make([]string, len(entries))
	for i, entry := range entries {
		all[i] = id(entry)
	}
	return all
}

type sendEntry struct {
	Id string
	message
}

type sentEntry struct {
	Id string
	sent
}

type sendMessageBatchInput struct {
	QueueUrl string
	Entries  []sendEntry
}

func (s *Server) sendMessageBatch(ctx context.Context, _ awsjson.Request, in sendMessageBatchInput) (out batchOutput[sentEntry], err error) {
	q, err := s.queue(ctx, in.QueueUrl)
	if err != nil {
		return out, err
	}
	if err := checkIDs(ids(in.Entries, func(e sendEntry) string { return e.Id })); err != nil {
		return out, err
	}
	total := 0
	for _, entry := range in.Entries {
		total += entry.size()
	}
	if total > maxMessage {
		return out, batchError("BatchRequestTooLong", "Batch requests cannot be longer than 1048576 bytes.")
	}
	err = s.store.transaction(ctx, func(tx *sql.Tx) error {
		for _, entry := range in.Entries {
			stored := sent{}
			err := entry.check(q)
			if err == nil {
				stored, err = s.insert(ctx, tx, q, entry.message)
			}
			if err := out.add(entry.Id, sentEntry{entry.Id, stored}, err); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return out, err
	}
	for _, entry := range in.Entries {
		for _, stored := range out.Successful {
			if stored.Id == entry.Id {
				s.sentTo(q, stored.MessageId, *entry.MessageBody)
			}
		}
	}
	return out, nil
}

type deleteEntry struct{ Id, ReceiptHandle string }

type deleteMessageBatchInput struct {
	QueueUrl string
	Entries  []deleteEntry
}

func (s *Server) deleteMessageBatch(ctx context.Context, _ awsjson.Request, in deleteMessageBatchInput) (out batchOutput[done], err error) {
	q, err := s.queue(ctx, in.QueueUrl)
	if err != nil {
		return out, err
	}
	if err := checkIDs(ids(in.Entries, func(e deleteEntry) string { return e.Id })); err != nil {
		return out, err
	}
	err = s.store.transaction(ctx, func(tx *sql.Tx) error {
		for _, entry := range in.Entries {
			if err := out.add(entry.Id, done{entry.Id}, remove(ctx, tx, q, entry.ReceiptHandle)); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

type visibilityEntry struct {
	Id string
	visibility
}

type changeVisibilityBatchInput struct {
	QueueUrl string
	Entries  []visibilityEntry
}

func (s *Server) changeVisibilityBatch(ctx context.Context, _ awsjson.Request, in changeVisibilityBatchInput) (out batchOutput[done], err error) {
	q, err := s.queue(ctx, in.QueueUrl)
	if err != nil {
		return out, err
	}
	if err := checkIDs(ids(in.Entries, func(e visibilityEntry) string { return e.Id })); err != nil {
		return out, err
	}
	err = s.store.transaction(ctx, func(tx *sql.Tx) error {
		for _, entry := range in.Entries {
			if err := out.add(entry.Id, done{entry.Id}, s.hide(ctx, tx, q, entry.visibility)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.bells.ring(q.id)
	}
	return out, err
}
