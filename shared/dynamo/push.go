package dynamo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

const (
	phones         = 5                    // of a ticket; one more takes the place of the oldest
	subscribedFor  = 180 * 24 * time.Hour // unless the phone says so again
	subscriptionSK = "PUSH#"
)

// Phone is where a phone hears of a ticket's news.
type Phone struct {
	Place  string
	Sealed string
	since  string
}

// Subscribe implements visitor.Phones. Two that come at once may leave one too many, until the next; no reader sees it.
func (t *Table) Subscribe(ctx context.Context, number, place, sealed string, now time.Time) error {
	item := key(partition(number), subscriptionSK+place)
	item["sealed"], item["since"], item["ttl"] = str(sealed), str(instant(now)), num(now.Add(subscribedFor).Unix())
	if _, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: item}); err != nil {
		return fmt.Errorf("store subscription: %w", err)
	}
	all, err := t.phones(ctx, number, now)
	if err != nil {
		return err
	}
	for _, p := range all[min(phones, len(all)):] {
		if err := t.Unsubscribe(ctx, number, p.Place); err != nil {
			return err
		}
	}
	return nil
}

// Unsubscribe implements visitor.Phones.
func (t *Table) Unsubscribe(ctx context.Context, number, place string) error {
	_, err := t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &t.name, Key: key(partition(number), subscriptionSK+place),
	})
	return wrap("delete subscription", err)
}

// Phones lists where a ticket's news is heard at now, the latest first: one Query.
func (t *Table) Phones(ctx context.Context, number string, now time.Time) ([]Phone, error) {
	all, err := t.phones(ctx, number, now)
	return all[:min(phones, len(all))], err
}

// HasPhones reports whether a ticket's news is heard anywhere, or was until lately: one Query of half a read unit. What is
// over and not deleted yet counts here, and is never told: Phones leaves it out.
func (t *Table) HasPhones(ctx context.Context, number string) (bool, error) {
	q := t.phoneQuery(number)
	q.Select, q.Limit = types.SelectCount, aws.Int32(1)
	out, err := t.client.Query(ctx, q)
	if err != nil {
		return false, fmt.Errorf("look for subscriptions: %w", err)
	}
	return out.Count > 0, nil
}

func (t *Table) phones(ctx context.Context, number string, now time.Time) ([]Phone, error) {
	out, err := t.client.Query(ctx, t.phoneQuery(number)) // a page holds hundreds
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	var all []Phone
	for _, i := range out.Items {
		if expired(i, now) {
			continue
		}
		all = append(all, Phone{strings.TrimPrefix(text(i, "sk"), subscriptionSK), text(i, "sealed"), text(i, "since")})
	}
	slices.SortStableFunc(all, func(a, b Phone) int { return cmp.Compare(b.since, a.since) })
	return all, nil
}

func (t *Table) phoneQuery(number string) *dynamodb.QueryInput {
	return &dynamodb.QueryInput{
		TableName: &t.name, KeyConditionExpression: aws.String("pk = :pk AND begins_with(sk, :push)"),
		ExpressionAttributeValues: Item{":pk": str(partition(number)), ":push": str(subscriptionSK)},
		ConsistentRead:            aws.Bool(true),
	}
}
