package dynamo

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// AlarmShards is over how many partitions of the alarm index the tickets are spread that the clock will
// look at.
const AlarmShards = 4

func alarmShard(number string) string { return fmt.Sprintf("A#%d", spread(number)%AlarmShards) }

// Due lists the numbers of the tickets whose alarm has rung by now, the longest due first, one shard of
// AlarmShards of them, page by page: one query when there are few or none, however many tickets there
// are. The index follows the table a moment later, so that a ticket may be listed that was seen to
// already. It ends at the first error.
func (t *Table) Due(ctx context.Context, shard int, now time.Time) iter.Seq2[string, error] {
	pages := dynamodb.NewQueryPaginator(t.client, &dynamodb.QueryInput{
		TableName: &t.name, IndexName: aws.String("alarm"),
		KeyConditionExpression: aws.String("alarm = :alarm AND alarmAt <= :now"),
		ExpressionAttributeValues: Item{
			":alarm": str(fmt.Sprintf("A#%d", shard)), ":now": str(instant(now)),
		},
		Limit: aws.Int32(100), // pages short enough that the next is not stale when its turn comes
	})
	return numbers(func() ([]Item, bool, error) {
		if !pages.HasMorePages() {
			return nil, false, nil
		}
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, true, fmt.Errorf("list tickets that are due: %w", err)
		}
		return page.Items, true, nil
	})
}

// SetAlarm moves a ticket's alarm, or takes it away (the zero time), without anything happening to the
// ticket. visitor.ErrChanged when h is not its head any more.
func (t *Table) SetAlarm(ctx context.Context, h ticket.Head, at time.Time) error {
	update := &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: key(partition(h.Number), "HEAD"),
		UpdateExpression:          aws.String("REMOVE alarm, alarmAt"),
		ConditionExpression:       aws.String("version = :version"),
		ExpressionAttributeValues: Item{":version": num(h.Version)},
	}
	if !at.IsZero() {
		update.UpdateExpression = aws.String("SET alarm = :alarm, alarmAt = :at")
		update.ExpressionAttributeValues[":alarm"] = str(alarmShard(h.Number))
		update.ExpressionAttributeValues[":at"] = str(instant(at))
	}
	_, err := t.client.UpdateItem(ctx, update)
	var changed *types.ConditionalCheckFailedException
	if errors.As(err, &changed) {
		return visitor.ErrChanged
	}
	return wrap("set alarm of "+h.Number, err)
}
