package dynamo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	canaryMark = "canary"
	// canaryKept is how long the table keeps a canary's ticket that nobody removed.
	canaryKept = 24 * time.Hour
)

// CanaryChannel is where notify writes down that a canary's messages got to it.
const CanaryChannel = "canary"

// ErrNoCanary is the error of removing a ticket that is no canary's.
var ErrNoCanary = errors.New("ticket is no canary's")

// WasTold reports whether a channel was told of a ticket's event.
func (t *Table) WasTold(ctx context.Context, number string, seq int, channel string) (bool, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, ConsistentRead: aws.Bool(true),
		Key: key(partition(number), fmt.Sprintf("D#%d#%s", seq, channel)),
	})
	if err != nil {
		return false, fmt.Errorf("read delivery: %w", err)
	}
	return text(out.Item, "state") == told, nil
}

// RemoveCanary deletes all there is of a ticket that the desk filed to try itself, or nothing. One that is not there is
// no error. Errors: ErrNoCanary.
func (t *Table) RemoveCanary(ctx context.Context, number string) error {
	out, err := t.client.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, KeyConditionExpression: aws.String("pk = :pk"), ConsistentRead: aws.Bool(true),
		ExpressionAttributeValues: Item{":pk": str(partition(number))}, ProjectionExpression: aws.String("pk, sk"),
	})
	if err != nil {
		return fmt.Errorf("read canary: %w", err)
	}
	if len(out.Items) == 0 {
		return nil
	}
	writes := []types.TransactWriteItem{{Delete: &types.Delete{
		TableName: &t.name, Key: key(partition(number), "HEAD"), ConditionExpression: aws.String("attribute_exists(" + canaryMark + ")"),
	}}}
	for _, i := range out.Items {
		if text(i, "sk") != "HEAD" {
			writes = append(writes, types.TransactWriteItem{Delete: &types.Delete{TableName: &t.name, Key: i}})
		}
	}
	err = t.transact(ctx, writes)
	if _, is := failed(err, 0); is {
		return fmt.Errorf("%s: %w", number, ErrNoCanary)
	}
	return wrap("remove canary", err)
}
