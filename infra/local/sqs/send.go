package sqs

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"steledesk/infra/local/awsendpoint/awsjson"
)

// maxMessage is the size of the largest message, attributes included, and of the largest batch, in bytes.
const maxMessage = 1 << 20

type message struct {
	MessageBody             *string
	DelaySeconds            *int
	MessageAttributes       map[string]attribute
	MessageSystemAttributes map[string]attribute
}

type sendMessageInput struct {
	QueueUrl string
	message
}

type sent struct {
	MessageId                    string
	MD5OfMessageBody             string
	MD5OfMessageAttributes       string `json:",omitempty"`
	MD5OfMessageSystemAttributes string `json:",omitempty"`
}

func (s *Server) sendMessage(ctx context.Context, _ awsjson.Request, in sendMessageInput) (out sent, err error) {
	q, err := s.queue(ctx, in.QueueUrl)
	if err != nil {
		return out, err
	}
	if err := in.check(q); err != nil {
		return out, err
	}
	err = s.store.transaction(ctx, func(tx *sql.Tx) error {
		out, err = s.insert(ctx, tx, q, in.message)
		return err
	})
	if err == nil {
		s.sentTo(q, out.MessageId, *in.MessageBody)
	}
	return out, err
}

// insert stores a message that was checked.
func (s *Server) insert(ctx context.Context, tx *sql.Tx, q *queue, m message) (sent, error) {
	attributes, err := json.Marshal(m.MessageAttributes)
	if err != nil {
		return sent{}, err
	}
	delay := q.number("DelaySeconds")
	if m.DelaySeconds != nil {
		delay = int64(*m.DelaySeconds)
	}
	trace := ""
	if header, ok := m.MessageSystemAttributes["AWSTraceHeader"]; ok {
		trace = *header.StringValue
	}
	id, now := newID(), s.now()
	// The queue may have been deleted since it was found: then SELECT finds nothing to insert.
	result, err := tx.ExecContext(ctx, `INSERT INTO message (queue, message_id, body, attributes, trace, sent, visible_at)
		SELECT id, ?, ?, ?, ?, ?, ? FROM queue WHERE id = ?`,
		id, *m.MessageBody, string(attributes), trace, now, now+1000*delay, q.id)
	if err != nil {
		return sent{}, fmt.Errorf("store message: %w", err)
	}
	if stored, err := result.RowsAffected(); err != nil || stored == 0 {
		return sent{}, noSuchQueue()
	}
	return sent{MessageId: id, MD5OfMessageBody: md5OfBody(*m.MessageBody),
		MD5OfMessageAttributes:       md5OfAttributes(m.MessageAttributes),
		MD5OfMessageSystemAttributes: md5OfAttributes(m.MessageSystemAttributes)}, nil
}

// newID returns a random UUID (version 4).
func newID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// check refuses a message as SQS does.
func (m message) check(q *queue) error {
	if m.MessageBody == nil || *m.MessageBody == "" {
		return missing("MessageBody")
	}
	if strings.ContainsFunc(*m.MessageBody, notXML) {
		return awsjson.Errorf("InvalidMessageContents", "The message holds characters outside those SQS allows: "+
			"#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.")
	}
	if m.DelaySeconds != nil {
		if err := between("DelaySeconds", *m.DelaySeconds, 0, 900); err != nil {
			return err
		}
	}
	if err := checkMessageAttributes(m.MessageAttributes); err != nil {
		return err
	}
	if err := checkSystemAttributes(m.MessageSystemAttributes); err != nil {
		return err
	}
	if most := int(q.number("MaximumMessageSize")); m.size() > most {
		return awsjson.Errorf("InvalidParameterValue", "One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", most)
	}
	return nil
}

// notXML tells the characters that no message may hold.
func notXML(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// size is what counts against the limits, in bytes.
func (m message) size() int {
	total := 0
	if m.MessageBody != nil {
		total = len(*m.MessageBody)
	}
	for name, a := range m.MessageAttributes {
		total += len(name) + len(a.DataType) + len(a.BinaryValue)
		if a.StringValue != nil {
			total += len(*a.StringValue)
		}
	}
	return total
}

const maxAttributes = 10

var (
	attributeName = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)
	attributeType = regexp.MustCompile(`^(String|Number|Binary)(\..{1,249})?$`)
)

func checkMessageAttributes(attributes map[string]attribute) error {
	if len(attributes) > maxAttributes {
		return awsjson.Errorf("InvalidParameterValue", "Number of message attributes [%d] exceeds the allowed maximum [%d].", len(attributes), maxAttributes)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		if len(name) > 256 || !attributeName.MatchString(name) {
			return awsjson.Errorf("InvalidParameterValue", "Invalid message attribute name %q.", name)
		}
		if err := attributes[name].check(name); err != nil {
			return err
		}
	}
	return nil
}

func (a attribute) check(name string) error {
	if !attributeType.MatchString(a.DataType) {
		return awsjson.Errorf("InvalidParameterValue", "The type of message attribute '%s' is invalid. You must use only the following supported type prefixes: Binary, Number, String.", name)
	}
	binary := strings.HasPrefix(a.DataType, "Binary")
	if binary && len(a.BinaryValue) == 0 || !binary && (a.StringValue == nil || *a.StringValue == "") {
		return awsjson.Errorf("InvalidParameterValue", "The message attribute '%s' must contain a non-empty value of its type '%s'.", name, a.DataType)
	}
	return nil
}

func checkSystemAttributes(attributes map[string]attribute) error {
	for name, a := range attributes {
		if name != "AWSTraceHeader" || a.DataType != "String" {
			return awsjson.Errorf("InvalidParameterValue", "Message system attribute %s of type %s is invalid; AWSTraceHeader of type String is the only one.", name, a.DataType)
		}
		if err := a.check(name); err != nil {
			return err
		}
	}
	return nil
}
