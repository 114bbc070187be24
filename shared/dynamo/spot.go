package dynamo

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// AtSpot implements visitor.Store: one query of an index that holds nothing but open tickets with a spot, no 举报
// among them. What it gives has no alarm.
func (t *Table) AtSpot(ctx context.Context, spot string, from, until time.Time, limit int) ([]visitor.Brief, error) {
	out, err := t.client.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, IndexName: aws.String("spot"), Limit: aws.Int32(int32(limit)), ScanIndexForward: aws.Bool(false),
		KeyConditionExpression: aws.String("spot = :spot AND filed BETWEEN :from AND :until"),
		ExpressionAttributeValues: Item{
			":spot": str(spot), ":from": str(instant(from)), ":until": str(instant(until) + "~"), // behind every number of that instant
		},
	})
	if err != nil {
		return nil, fmt.Errorf("query spot index: %w", err)
	}
	briefs := make([]visitor.Brief, len(out.Items))
	for i, item := range out.Items {
		if briefs[i], err = brief(item); err != nil {
			return nil, err
		}
	}
	return briefs, nil
}

// Brief implements desk.Store: a ticket as lists have it.
func (t *Table) Brief(ctx context.Context, number string) (visitor.Brief, error) {
	item, err := t.headItem(ctx, number)
	if err != nil {
		return visitor.Brief{}, err
	}
	return brief(item)
}

// Head implements visitor.Store: what is true of a ticket now, its alarm with it.
func (t *Table) Head(ctx context.Context, number string) (ticket.Head, error) {
	item, err := t.headItem(ctx, number)
	if err != nil {
		return ticket.Head{}, err
	}
	return head(item)
}

func (t *Table) headItem(ctx context.Context, number string) (Item, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: key(partition(number), "HEAD"), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("read head of %s: %w", number, err)
	}
	if out.Item == nil {
		return nil, visitor.ErrNotFound
	}
	return out.Item, nil
}

func brief(i Item) (visitor.Brief, error) {
	h, err := head(i)
	return visitor.Brief{Head: h, Gist: text(i, "gist")}, err
}
