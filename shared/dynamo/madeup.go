package dynamo

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// readItems is how many items one BatchGetItem reads, as AWS says.
const readItems = 100

// Known says which of the numbers belong to a stored ticket.
func (t *Table) Known(ctx context.Context, numbers []string) (map[string]bool, error) {
	known := map[string]bool{}
	for len(numbers) > 0 {
		n := min(readItems, len(numbers))
		keys := make([]Item, n)
		for i, number := range numbers[:n] {
			keys[i] = key(partition(number), "HEAD")
		}
		if err := t.findHeads(ctx, keys, known); err != nil {
			return nil, fmt.Errorf("look for tickets: %w", err)
		}
		numbers = numbers[n:]
	}
	return known, nil
}

// findHeads marks in known whose heads there are, asking again for what the table leaves unread.
func (t *Table) findHeads(ctx context.Context, keys []Item, known map[string]bool) error {
	for try := 0; len(keys) > 0; try++ {
		if try == conflictTries {
			return fmt.Errorf("the table gave nothing in %d tries", conflictTries)
		}
		out, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
			t.name: {Keys: keys, ConsistentRead: aws.Bool(true), ProjectionExpression: aws.String("pk")},
		}})
		if err != nil {
			return err
		}
		for _, i := range out.Responses[t.name] {
			known[strings.TrimPrefix(text(i, "pk"), partition(""))] = true
		}
		left := out.UnprocessedKeys[t.name].Keys
		if len(left) == 0 {
			return nil
		}
		if len(left) < len(keys) {
			try = 0 // it goes forward
		}
		keys = left
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
	return nil
}

// MadeUp reads what the table was filled with, as SetMadeUp wrote it; empty: nothing.
func (t *Table) MadeUp(ctx context.Context) (string, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: key("DEMO", "HEAD"), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return "", fmt.Errorf("read what the table was filled with: %w", err)
	}
	return text(out.Item, "made"), nil
}

// SetMadeUp remembers that the table is being filled with made-up tickets.
func (t *Table) SetMadeUp(ctx context.Context, what string) error {
	item := key("DEMO", "HEAD")
	item["made"] = str(what)
	_, err := t.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: item})
	return wrap("remember what the table is filled with", err)
}
