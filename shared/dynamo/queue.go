package dynamo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/shared/desk"
)

// QueueSlice implements desk.Store: one query of the index.
func (t *Table) QueueSlice(ctx context.Context, s desk.Slice) (desk.Part, error) {
	queue := Queue(s.Section, s.Open)
	in := &dynamodb.QueryInput{
		TableName: &t.name, IndexName: aws.String("queue"), Limit: aws.Int32(int32(s.Limit)), ScanIndexForward: &s.Open,
		KeyConditionExpression:    aws.String("#queue = :queue"),
		ExpressionAttributeNames:  map[string]string{"#queue": "queue"},
		ExpressionAttributeValues: Item{":queue": str(queue)},
	}
	if !s.Until.IsZero() {
		if s.After >= instant(s.Until) { // a start outside the condition is an error
			return desk.Part{}, nil
		}
		in.KeyConditionExpression = aws.String("#queue = :queue AND #due < :until")
		in.ExpressionAttributeNames["#due"], in.ExpressionAttributeValues[":until"] = "due", str(instant(s.Until))
	}
	if s.After != "" { // the place need not be one of this queue: it is where its ticket would stand
		_, number, _ := strings.Cut(s.After, "#")
		in.ExclusiveStartKey = key(partition(number), "HEAD")
		in.ExclusiveStartKey["queue"], in.ExclusiveStartKey["due"] = str(queue), str(s.After)
	}
	out, err := t.client.Query(ctx, in)
	if err != nil {
		return desk.Part{}, fmt.Errorf("query queue index: %w", err)
	}
	part := desk.Part{More: len(out.LastEvaluatedKey) > 0, Rows: make([]desk.Row, len(out.Items))}
	for i, item := range out.Items {
		h, err := head(item)
		if err != nil {
			return desk.Part{}, err
		}
		part.Rows[i] = desk.Row{Head: h, Gist: text(item, "gist"), Place: text(item, "due")}
	}
	return part, nil
}

// Contact implements desk.Store. The table deletes what is over when it comes to it, days later perhaps; for readers it
// is gone at once.
func (t *Table) Contact(ctx context.Context, number string, now time.Time) (string, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.name, Key: key(partition(number), "CONTACT")})
	if err != nil {
		return "", fmt.Errorf("read contact of %s: %w", number, err)
	}
	if expired(out.Item, now) {
		return "", nil
	}
	return text(out.Item, "sealed"), nil
}
