package sqs

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"steledesk/infra/local/awsendpoint/awsjson"
)

// bounds of the attributes that are numbers, with what counts when they are not set.
// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
type bounds struct{ least, most, otherwise int }

var numbers = map[string]bounds{
	"DelaySeconds":                  {0, 900, 0},
	"MaximumMessageSize":            {1024, maxMessage, maxMessage},
	"MessageRetentionPeriod":        {60, 1209600, 345600},
	"ReceiveMessageWaitTimeSeconds": {0, 20, 0},
	"VisibilityTimeout":             {0, 43200, 30},
}

// plain attributes are taken and told again; nothing here acts on them.
var plain = []string{"Policy", "RedriveAllowPolicy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds"}

// attribute is what was set, or its default; empty when it has none.
func (q *queue) attribute(name string) string {
	if set, ok := q.attributes[name]; ok {
		return set
	}
	if b, ok := numbers[name]; ok {
		return strconv.Itoa(b.otherwise)
	}
	if name == "SqsManagedSseEnabled" {
		return "true"
	}
	return ""
}

// redrivePolicy is where messages go that were received too often.
type redrivePolicy struct {
	Target string      `json:"deadLetterTargetArn"`
	Most   json.Number `json:"maxReceiveCount"` // AWS takes a number or a string
}

func (q *queue) redrive() (policy redrivePolicy, most int64, ok bool) {
	if json.Unmarshal([]byte(q.attributes["RedrivePolicy"]), &policy) != nil {
		return policy, 0, false
	}
	most, err := policy.Most.Int64()
	return policy, most, err == nil
}

// checkAttributes refuses what SQS refuses, and by name what it would take and this endpoint does not know.
func (s *Server) checkAttributes(ctx context.Context, tx *sql.Tx, attributes map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if err := s.checkAttribute(ctx, tx, name, attributes[name]); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) checkAttribute(ctx context.Context, tx *sql.Tx, name, value string) error {
	if b, ok := numbers[name]; ok {
		n, err := strconv.Atoi(value)
		if err != nil || n < b.least || n > b.most {
			return badValue(name, fmt.Sprintf("%q is not a number from %d to %d", value, b.least, b.most))
		}
		return nil
	}
	switch {
	case name == "RedrivePolicy":
		return s.checkRedrive(ctx, tx, value)
	case name == "SqsManagedSseEnabled":
		if value != "true" && value != "false" {
			return badValue(name, fmt.Sprintf("%q is neither true nor false", value))
		}
		return nil
	case slices.Contains(plain, name):
		return nil
	}
	return awsjson.Errorf("InvalidAttributeName", "Unknown Attribute %s.", name)
}

func (s *Server) checkRedrive(ctx context.Context, tx *sql.Tx, value string) error {
	if value == "" {
		return nil // takes the policy away
	}
	policy, most, ok := (&queue{attributes: map[string]string{"RedrivePolicy": value}}).redrive()
	if !ok || most < 1 || most > 1000 {
		return invalid("RedrivePolicy", value, `Must be {"deadLetterTargetArn":"…","maxReceiveCount":1 to 1000}.`)
	}
	name, ours := strings.CutPrefix(policy.Target, s.arnPrefix())
	_, err := findQueue(ctx, tx, name)
	if !ours || errors.Is(err, errNoQueue) {
		return invalid("RedrivePolicy", value, "Dead letter target does not exist.")
	}
	return err
}

func badValue(name, reason string) error {
	return awsjson.Errorf("InvalidAttributeValue", "Invalid value for the parameter %s: %s.", name, reason)
}

type setQueueAttributesInput struct {
	QueueUrl   string
	Attributes map[string]string
}

func (s *Server) setQueueAttributes(ctx context.Context, _ awsjson.Request, in setQueueAttributesInput) (any, error) {
	q, err := s.queue(ctx, in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return nil, s.store.transaction(ctx, func(tx *sql.Tx) error {
		if err := s.checkAttributes(ctx, tx, in.Attributes); err != nil {
			return err
		}
		q, err := findQueue(ctx, tx, q.name)
		if errors.Is(err, errNoQueue) {
			return noSuchQueue()
		}
		if err != nil {
			return err
		}
		maps.Copy(q.attributes, in.Attributes)
		maps.DeleteFunc(q.attributes, func(_, value string) bool { return value == "" })
		encoded, err := json.Marshal(q.attributes)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE queue SET attributes = ?, modified = ? WHERE id = ?`, string(encoded), s.now(), q.id)
		return err
	})
}

type getQueueAttributesInput struct {
	QueueUrl       string
	AttributeNames []string
}

type getQueueAttributesOutput struct {
	Attributes map[string]string `json:",omitempty"`
}

func (s *Server) getQueueAttributes(ctx context.Context, _ awsjson.Request, in getQueueAttributesInput) (out getQueueAttributesOutput, err error) {
	q, err := s.queue(ctx, in.QueueUrl)
	if err != nil {
		return out, err
	}
	all, err := s.attributes(ctx, q)
	if err != nil {
		return out, err
	}
	out.Attributes = map[string]string{}
	for _, name := range in.AttributeNames {
		value, known := all[name]
		switch {
		case name == "All":
			maps.Copy(out.Attributes, all)
			maps.DeleteFunc(out.Attributes, func(_, value string) bool { return value == "" })
		case known && value != "":
			out.Attributes[name] = value
		case !known:
			return out, awsjson.Errorf("InvalidAttributeName", "Unknown Attribute %s.", name)
		}
	}
	return out, nil
}

// attributes are all a queue has; those without a value are empty.
func (s *Server) attributes(ctx context.Context, q *queue) (map[string]string, error) {
	counted, err := s.store.counts(ctx, q, s.now())
	if err != nil {
		return nil, err
	}
	all := map[string]string{
		"QueueArn":                              s.ARN(q.name),
		"CreatedTimestamp":                      strconv.FormatInt(q.created/1000, 10),
		"LastModifiedTimestamp":                 strconv.FormatInt(q.modified/1000, 10),
		"ApproximateNumberOfMessages":           strconv.FormatInt(counted.visible, 10),
		"ApproximateNumberOfMessagesNotVisible": strconv.FormatInt(counted.inFlight, 10),
		"ApproximateNumberOfMessagesDelayed":    strconv.FormatInt(counted.delayed, 10),
	}
	for name := range numbers {
		all[name] = q.attribute(name)
	}
	for _, name := range append([]string{"RedrivePolicy", "SqsManagedSseEnabled"}, plain...) {
		all[name] = q.attribute(name)
	}
	return all, nil
}

type counts struct{ visible, inFlight, delayed int64 }

// counts counts without the messages whose retention has ended. The first query reads the index alone.
func (s *store) counts(ctx context.Context, q *queue, now int64) (c counts, err error) {
	expired := now - 1000*q.number("MessageRetentionPeriod")
	var outdated int64
	if err := s.read.QueryRowContext(ctx, `SELECT COUNT(*) FROM message WHERE queue = ? AND sent <= ?`, q.id, expired).
		Scan(&outdated); err != nil {
		return c, fmt.Errorf("count messages: %w", err)
	}
	unexpired := ""
	if outdated > 0 {
		unexpired = fmt.Sprintf(" AND sent > %d", expired)
	}
	err = s.read.QueryRowContext(ctx, `SELECT
		COUNT(*) FILTER (WHERE visible_at <= ?2),
		COUNT(*) FILTER (WHERE visible_at > ?2 AND receives > 0),
		COUNT(*) FILTER (WHERE visible_at > ?2 AND receives = 0)
		FROM message WHERE queue = ?1`+unexpired, q.id, now).Scan(&c.visible, &c.inFlight, &c.delayed)
	if err != nil {
		return c, fmt.Errorf("count messages: %w", err)
	}
	return c, nil
}
