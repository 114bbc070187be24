package raw

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Record is one of the table's stream, of an item that was inserted.
type Record struct {
	image map[string]any
}

// Records are the events of a ticket, oldest first, as the table's stream gave them.
func Records(ctx context.Context, cfg aws.Config, table, number string) ([]Record, error) {
	out, err := dynamodb.NewFromConfig(cfg).Query(ctx, &dynamodb.QueryInput{
		TableName: &table, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("pk = :pk AND begins_with(sk, :e)"),
		ExpressionAttributeValues: item{":pk": &types.AttributeValueMemberS{Value: "T#" + number}, ":e": &types.AttributeValueMemberS{Value: "E#"}},
	})
	if err != nil {
		return nil, fmt.Errorf("read events of %s: %w", number, err)
	}
	all := make([]Record, len(out.Items))
	for i, e := range out.Items {
		all[i] = Record{image(e)}
	}
	return all, nil
}

// Batch is the event that wakes a function with records.
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
func Batch(records []Record) ([]byte, error) {
	all := make([]any, len(records))
	for i, r := range records {
		all[i] = map[string]any{
			"eventID": fmt.Sprintf("%032d", i), "eventName": "INSERT", "eventSource": "aws:dynamodb", "eventVersion": "1.1",
			"dynamodb": map[string]any{
				"Keys": map[string]any{"pk": r.image["pk"], "sk": r.image["sk"]}, "NewImage": r.image,
				"SequenceNumber": fmt.Sprintf("%021d", i+1), "StreamViewType": "NEW_AND_OLD_IMAGES",
			},
		}
	}
	batch, err := json.Marshal(map[string]any{"Records": all})
	if err != nil {
		return nil, fmt.Errorf("encode records: %w", err)
	}
	return batch, nil
}

// image writes an item's texts and numbers, which is all that an event has, as JSON of a stream.
func image(i item) map[string]any {
	out := map[string]any{}
	for name, value := range i {
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			out[name] = map[string]string{"S": v.Value}
		case *types.AttributeValueMemberN:
			out[name] = map[string]string{"N": v.Value}
		}
	}
	return out
}
