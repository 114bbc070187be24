package archive

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Item is an item of the table as the SDK has it.
type Item = map[string]types.AttributeValue

// Encode writes an item as one line of DynamoDB's own JSON ({"pk":{"S":"…"}}), its attributes in order: the same item is
// always the same line.
func Encode(i Item) ([]byte, error) {
	line := make(map[string]events.DynamoDBAttributeValue, len(i))
	for name, v := range i {
		one, err := outgoing(v)
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", name, err)
		}
		line[name] = one
	}
	return json.Marshal(line)
}

// Key names an item: its pk and sk.
func Key(i Item) string {
	pk, _ := i["pk"].(*types.AttributeValueMemberS)
	sk, _ := i["sk"].(*types.AttributeValueMemberS)
	if pk == nil || sk == nil {
		return ""
	}
	return pk.Value + " " + sk.Value
}

// Sum is the SHA-256 of one thing in an archive.
type Sum [sha256.Size]byte

func sumOf(kind string, line []byte) Sum { return sha256.Sum256(append([]byte(kind+"\x00"), line...)) }

// SumOf is an item's sum.
func SumOf(i Item) (Sum, error) {
	line, err := Encode(i)
	return sumOf("item", line), err
}

func outgoing(v types.AttributeValue) (events.DynamoDBAttributeValue, error) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return events.NewStringAttribute(v.Value), nil
	case *types.AttributeValueMemberN:
		return events.NewNumberAttribute(v.Value), nil
	case *types.AttributeValueMemberB:
		return events.NewBinaryAttribute(v.Value), nil
	case *types.AttributeValueMemberBOOL:
		return events.NewBooleanAttribute(v.Value), nil
	case *types.AttributeValueMemberNULL:
		return events.NewNullAttribute(), nil
	case *types.AttributeValueMemberSS:
		return events.NewStringSetAttribute(v.Value), nil
	case *types.AttributeValueMemberNS:
		return events.NewNumberSetAttribute(v.Value), nil
	case *types.AttributeValueMemberL:
		return list(v.Value)
	case *types.AttributeValueMemberM:
		return object(v.Value)
	}
	return events.DynamoDBAttributeValue{}, fmt.Errorf("%T is nothing the desk stores", v)
}

func list(all []types.AttributeValue) (events.DynamoDBAttributeValue, error) {
	out := make([]events.DynamoDBAttributeValue, len(all))
	for n, v := range all {
		var err error
		if out[n], err = outgoing(v); err != nil {
			return out[n], err
		}
	}
	return events.NewListAttribute(out), nil
}

func object(all Item) (events.DynamoDBAttributeValue, error) {
	out := make(map[string]events.DynamoDBAttributeValue, len(all))
	for name, v := range all {
		one, err := outgoing(v)
		if err != nil {
			return one, err
		}
		out[name] = one
	}
	return events.NewMapAttribute(out), nil
}
