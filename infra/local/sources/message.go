package sources

import (
	"encoding/json"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// message is the record of an SQS event. AWS leaves the digest of attributes out where there are none.
type message struct {
	events.SQSMessage
	MD5OfMessageAttributes string `json:"md5OfMessageAttributes,omitempty"`
}

func (q *Queue) message(m types.Message) message {
	record := message{
		SQSMessage: events.SQSMessage{
			MessageId:         aws.ToString(m.MessageId),
			ReceiptHandle:     aws.ToString(m.ReceiptHandle),
			Body:              aws.ToString(m.Body),
			Md5OfBody:         aws.ToString(m.MD5OfBody),
			Attributes:        m.Attributes,
			MessageAttributes: make(map[string]events.SQSMessageAttribute, len(m.MessageAttributes)),
			EventSourceARN:    q.mapping.QueueARN,
			EventSource:       "aws:sqs",
			AWSRegion:         q.Region,
		},
		MD5OfMessageAttributes: aws.ToString(m.MD5OfMessageAttributes),
	}
	for name, a := range m.MessageAttributes {
		record.MessageAttributes[name] = events.SQSMessageAttribute{
			StringValue:      a.StringValue,
			BinaryValue:      a.BinaryValue,
			StringListValues: []string{},
			BinaryListValues: [][]byte{},
			DataType:         aws.ToString(a.DataType),
		}
	}
	return record
}

func (q *Queue) encode(m types.Message) []byte {
	record, _ := json.Marshal(q.message(m)) // strings and bytes only
	return record
}

// filterDocument is what a filter pattern sees of a message: the record, its body decoded where it is a JSON
// object or list.
func (q *Queue) filterDocument(m types.Message) any {
	var document map[string]any
	_ = json.Unmarshal(q.encode(m), &document) // our own encoding
	var body any
	if json.Unmarshal([]byte(aws.ToString(m.Body)), &body) == nil {
		switch body.(type) {
		case map[string]any, []any:
			document["body"] = body
		}
	}
	return document
}
