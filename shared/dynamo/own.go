package dynamo

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/desk"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// ownItem is what a supervisor finds their feedback by: it lies with all of theirs, in the order it was filed.
func ownItem(h ticket.Head) Item {
	i := key("F#"+h.By, instant(h.FiledAt)+"#"+h.Number)
	i["number"] = str(h.Number)
	return i
}

var ownPlace = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z#[A-Z]{2}-[0-9A-Z]{8}$`)

// FiledBy gives up to limit of a supervisor's feedback, the latest first, and the cursor to go on with, empty at the end:
// one query, and one reading of the heads. limit is 100 at most. Errors: desk.ErrCursor.
func (t *Table) FiledBy(ctx context.Context, login, cursor string, limit int) ([]visitor.Brief, string, error) {
	in := &dynamodb.QueryInput{
		TableName: &t.name, Limit: aws.Int32(int32(limit)), ScanIndexForward: aws.Bool(false), ConsistentRead: aws.Bool(true),
		KeyConditionExpression: aws.String("pk = :pk"), ExpressionAttributeValues: Item{":pk": str("F#" + login)},
	}
	if cursor != "" {
		place, err := base64.RawURLEncoding.DecodeString(cursor)
		if err != nil || !ownPlace.Match(place) {
			return nil, "", desk.ErrCursor
		}
		in.ExclusiveStartKey = key("F#"+login, string(place))
	}
	out, err := t.client.Query(ctx, in)
	if err != nil {
		return nil, "", fmt.Errorf("query feedback: %w", err)
	}
	next := ""
	if len(out.LastEvaluatedKey) > 0 {
		next = base64.RawURLEncoding.EncodeToString([]byte(text(out.LastEvaluatedKey, "sk")))
	}
	keys := make([]map[string]types.AttributeValue, len(out.Items))
	for i, item := range out.Items {
		keys[i] = key(partition(text(item, "number")), "HEAD")
	}
	briefs, err := t.briefs(ctx, keys)
	return briefs, next, err
}

// briefs reads heads, the latest filed first.
func (t *Table) briefs(ctx context.Context, keys []map[string]types.AttributeValue) ([]visitor.Brief, error) {
	var found []visitor.Brief
	for try := 0; len(keys) > 0; try++ {
		if try == conflictTries {
			return nil, fmt.Errorf("read heads: the table gave nothing in %d tries", conflictTries)
		}
		out, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{t.name: {Keys: keys, ConsistentRead: aws.Bool(true)}},
		})
		if err != nil {
			return nil, fmt.Errorf("read heads: %w", err)
		}
		for _, item := range out.Responses[t.name] {
			b, err := brief(item)
			if err != nil {
				return nil, err
			}
			found = append(found, b)
		}
		if keys = out.UnprocessedKeys[t.name].Keys; len(keys) > 0 {
			if err := pause(ctx, try); err != nil {
				return nil, fmt.Errorf("read heads: %w", err)
			}
		}
	}
	slices.SortFunc(found, func(a, b visitor.Brief) int {
		return cmp.Or(b.Head.FiledAt.Compare(a.Head.FiledAt), cmp.Compare(b.Head.Number, a.Head.Number))
	})
	return found, nil
}
