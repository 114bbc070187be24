package sources

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// A record is a stream record as the function gets it.
type record struct {
	sequence string
	created  time.Time // by the endpoint's clock
	json     []byte
}

// record turns a stream record into the event's form and says whether it is for the function.
func (s *Stream) record(r types.Record, since time.Time) (rec record, wanted bool, err error) {
	change := r.Dynamodb
	if change == nil || change.SequenceNumber == nil {
		return record{}, false, fmt.Errorf("record %s has no sequence number", aws.ToString(r.EventID))
	}
	rec.sequence = *change.SequenceNumber
	rec.created = aws.ToTime(change.ApproximateCreationDateTime)
	if rec.created.Before(since) {
		return rec, false, nil
	}
	if rec.json, err = json.Marshal(s.eventRecord(r)); err != nil {
		return rec, false, fmt.Errorf("encode record %s: %w", rec.sequence, err)
	}
	if len(s.filters) == 0 {
		return rec, true, nil
	}
	var document any
	if err := json.Unmarshal(rec.json, &document); err != nil {
		return rec, false, fmt.Errorf("decode record %s: %w", rec.sequence, err)
	}
	return rec, s.filters.Match(document), nil
}

func (s *Stream) eventRecord(r types.Record) events.DynamoDBEventRecord {
	event := events.DynamoDBEventRecord{
		AWSRegion:      s.Region,
		EventID:        aws.ToString(r.EventID),
		EventName:      string(r.EventName),
		EventSource:    "aws:dynamodb",
		EventVersion:   aws.ToString(r.EventVersion),
		EventSourceArn: s.mapping.StreamARN,
		Change: events.DynamoDBStreamRecord{
			ApproximateCreationDateTime: events.SecondsEpochTime{Time: aws.ToTime(r.Dynamodb.ApproximateCreationDateTime).Truncate(time.Second)},

			Keys:           attributes(r.Dynamodb.Keys),
			NewImage:       attributes(r.Dynamodb.NewImage),
			OldImage:       attributes(r.Dynamodb.OldImage),
			SequenceNumber: *r.Dynamodb.SequenceNumber,
			SizeBytes:      aws.ToInt64(r.Dynamodb.SizeBytes),
			StreamViewType: string(r.Dynamodb.StreamViewType),
		},
	}
	if id := r.UserIdentity; id != nil {
		event.UserIdentity = &events.DynamoDBUserIdentity{Type: aws.ToString(id.Type), PrincipalID: aws.ToString(id.PrincipalId)}
	}
	return event
}

func attributes(item map[string]types.AttributeValue) map[string]events.DynamoDBAttributeValue {
	converted := make(map[string]events.DynamoDBAttributeValue, len(item))
	for name, value := range item {
		converted[name] = attribute(value)
	}
	return converted
}

// attribute converts from the SDK's type, which knows no JSON, to that of events, which does.
func attribute(value types.AttributeValue) events.DynamoDBAttributeValue {
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		return events.NewStringAttribute(v.Value)
	case *types.AttributeValueMemberN:
		return events.NewNumberAttribute(v.Value)
	case *types.AttributeValueMemberB:
		return events.NewBinaryAttribute(v.Value)
	case *types.AttributeValueMemberBOOL:
		return events.NewBooleanAttribute(v.Value)
	case *types.AttributeValueMemberSS:
		return events.NewStringSetAttribute(v.Value)
	case *types.AttributeValueMemberNS:
		return events.NewNumberSetAttribute(v.Value)
	case *types.AttributeValueMemberBS:
		return events.NewBinarySetAttribute(v.Value)
	case *types.AttributeValueMemberM:
		return events.NewMapAttribute(attributes(v.Value))
	case *types.AttributeValueMemberL:
		list := make([]events.DynamoDBAttributeValue, len(v.Value))
		for i, element := range v.Value {
			list[i] = attribute(element)
		}
		return events.NewListAttribute(list)
	}
	return events.NewNullAttribute() // AttributeValueMemberNULL, the only one left
}
