package sqs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"

	"steledesk/infra/local/awsendpoint/awsjson"
)

// queue is one row of the table; attributes are those that were set.
type queue struct {
	id                int64
	name              string
	attributes        map[string]string
	created, modified int64 // milliseconds since 1970
}

type queueInput struct{ QueueUrl string }

type createQueueInput struct {
	QueueName  string
	Attributes map[string]string
	Tags       map[string]string `json:"tags"` // taken and not kept: nothing here reads them
}

type queueURLOutput struct{ QueueUrl string }

var queueName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

func (s *Server) createQueue(ctx context.Context, r awsjson.Request, in createQueueInput) (queueURLOutput, error) {
	if strings.HasSuffix(in.QueueName, ".fifo") {
		return queueURLOutput{}, awsjson.Errorf("UnsupportedOperation", "The local SQS serves standard queues only, and %q is a FIFO queue.", in.QueueName)
	}
	if !queueName.MatchString(in.QueueName) {
		return queueURLOutput{}, awsjson.Errorf("InvalidParameterValue",
			"Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length; %q does not.", in.QueueName)
	}
	err := s.store.transaction(ctx, func(tx *sql.Tx) error {
		if err := s.checkAttributes(ctx, tx, in.Attributes); err != nil {
			return err
		}
		existing, err := findQueue(ctx, tx, in.QueueName)
		if errors.Is(err, errNoQueue) {
			return s.insertQueue(ctx, tx, in)
		}
		if err != nil {
			return err
		}
		return sameAttributes(existing, in.Attributes)
	})
	return queueURLOutput{s.URL(r.Host, in.QueueName)}, err
}

func (s *Server) insertQueue(ctx context.Context, tx *sql.Tx, in createQueueInput) error {
	attributes := maps.Clone(in.Attributes)
	if attributes == nil {
		attributes = map[string]string{}
	}
	encoded, err := json.Marshal(attributes)
	if err != nil {
		return err
	}
	now := s.now()
	_, err = tx.ExecContext(ctx, `INSERT INTO queue (name, attributes, created, modified) VALUES (?, ?, ?, ?)`,
		in.QueueName, string(encoded), now, now)
	return err
}

// sameAttributes refuses a second creation that asks for something else; what it does not name does not count.
func sameAttributes(q *queue, asked map[string]string) error {
	for name, want := range asked {
		if got := q.attribute(name); got != want {
			return &awsjson.Error{Code: "QueueNameExists", Query: "QueueAlreadyExists",
				Message: fmt.Sprintf("A queue already exists with the same name and a different value for attribute %s", name)}
		}
	}
	return nil
}

func (s *Server) deleteQueue(ctx context.Context, _ awsjson.Request, in queueInput) (any, error) {
	q, err := s.queue(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if _, err := s.store.write.ExecContext(ctx, `DELETE FROM queue WHERE id = ?`, q.id); err != nil {
		return nil, fmt.Errorf("delete queue %s: %w", q.name, err)
	}
	s.bells.ring(q.id)
	return nil, nil
}

func (s *Server) purgeQueue(ctx context.Context, _ awsjson.Request, in queueInput) (any, error) {
	q, err := s.queue(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if _, err := s.store.write.ExecContext(ctx, `DELETE FROM message WHERE queue = ?`, q.id); err != nil {
		return nil, fmt.Errorf("purge queue %s: %w", q.name, err)
	}
	return nil, nil
}

type listQueuesInput struct {
	QueueNamePrefix string
	MaxResults      *int
	NextToken       string
}

type listQueuesOutput struct {
	QueueUrls []string
	NextToken string `json:",omitempty"`
}

// listQueues pages by name: the token is the last name given.
func (s *Server) listQueues(ctx context.Context, r awsjson.Request, in listQueuesInput) (out listQueuesOutput, err error) {
	most := 1000
	if in.MaxResults != nil {
		if err := between("MaxResults", *in.MaxResults, 1, 1000); err != nil {
			return out, err
		}
		most = *in.MaxResults
	}
	names, err := column[string](ctx, s.store.read, `SELECT name FROM queue WHERE substr(name, 1, length(?1)) = ?1 AND name > ?2
		ORDER BY name LIMIT ?3`, in.QueueNamePrefix, in.NextToken, most+1)
	if err != nil {
		return out, fmt.Errorf("list queues: %w", err)
	}
	if len(names) > most {
		names = names[:most]
		out.NextToken = names[most-1]
	}
	for _, name := range names {
		out.QueueUrls = append(out.QueueUrls, s.URL(r.Host, name))
	}
	return out, nil
}

// column reads a query of one column.
func column[T any](ctx context.Context, db queryer, query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var one T
		if err := rows.Scan(&one); err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

type getQueueURLInput struct {
	QueueName              string
	QueueOwnerAWSAccountId string
}

func (s *Server) getQueueURL(ctx context.Context, r awsjson.Request, in getQueueURLInput) (out queueURLOutput, err error) {
	if in.QueueName == "" {
		return out, missing("QueueName")
	}
	if owner := in.QueueOwnerAWSAccountId; owner != "" && owner != s.options.Account {
		return out, noSuchQueue()
	}
	if _, err := s.queue(ctx, in.QueueName); err != nil {
		return out, err
	}
	return queueURLOutput{s.URL(r.Host, in.QueueName)}, nil
}

func (s *Server) now() int64 { return s.options.Clock().UnixMilli() }

// number is an attribute that checkAttributes has taken for a number.
func (q *queue) number(name string) int64 {
	n, err := strconv.ParseInt(q.attribute(name), 10, 64)
	if err != nil {
		return 0
	}
	return n
}
