package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/office"
)

// This file is what the operator's command reads; no function does.

// DeliveryKept is how long the table knows that a channel was told of an event.
const DeliveryKept = deliveryKept

// ErrNoVersion is the error of an office version that was never stored.
var ErrNoVersion = errors.New("there is no such version of the office data")

// OfficeVersion is one entry of the office data's history.
type OfficeVersion struct {
	Version int       `json:"version"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
}

// OfficeHistory lists every version of the office data that was ever in force, newest first. The
// built-in data, version 0, is not among them.
func (t *Table) OfficeHistory(ctx context.Context) ([]OfficeVersion, error) {
	var all []OfficeVersion
	pages := dynamodb.NewQueryPaginator(t.client, &dynamodb.QueryInput{
		TableName:                 &t.name,
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :v)"),
		ExpressionAttributeValues: Item{":pk": str("OFFICE"), ":v": str("V#")},
		ProjectionExpression:      aws.String("#version, #by, #at"),
		ExpressionAttributeNames:  map[string]string{"#version": "version", "#by": "by", "#at": "at"},
		ScanIndexForward:          aws.Bool(false),
		ConsistentRead:            aws.Bool(true),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read office history: %w", err)
		}
		for _, i := range page.Items {
			at, err := time.Parse(time.RFC3339, text(i, "at"))
			if err != nil {
				return nil, fmt.Errorf("read office history: version %d: %w", number(i, "version"), err)
			}
			all = append(all, OfficeVersion{Version: int(number(i, "version")), By: text(i, "by"), At: at})
		}
	}
	return all, nil
}

// OfficeAt reads the office data of a version, in force or not; 0 is the built-in data. The channels'
// addresses and secrets are sealed. ErrNoVersion.
func (t *Table) OfficeAt(ctx context.Context, version int) (*office.Office, error) {
	if version == 0 {
		return office.Default(), nil
	}
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: key("OFFICE", fmt.Sprintf("V#%06d", version)), ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("read office data: %w", err)
	}
	if out.Item == nil {
		return nil, ErrNoVersion
	}
	o := new(office.Office)
	if err := json.Unmarshal([]byte(text(out.Item, "office")), o); err != nil {
		return nil, fmt.Errorf("decode office data of version %d: %w", version, err)
	}
	return o, nil
}

// OpenTickets counts a section's open tickets.
func (t *Table) OpenTickets(ctx context.Context, section string) (int, error) {
	count := 0
	pages := dynamodb.NewQueryPaginator(t.client, &dynamodb.QueryInput{
		TableName: &t.name, IndexName: aws.String("queue"), Select: types.SelectCount,
		KeyConditionExpression:    aws.String("#queue = :queue"),
		ExpressionAttributeNames:  map[string]string{"#queue": "queue"},
		ExpressionAttributeValues: Item{":queue": str(Queue(section, true))},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, fmt.Errorf("count open tickets of %s: %w", section, err)
		}
		count += int(page.Count)
	}
	return count, nil
}

// HasContact reports whether a ticket has a contact, without reading it.
func (t *Table) HasContact(ctx context.Context, number string) (bool, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: key(partition(number), "CONTACT"), ProjectionExpression: aws.String("pk"),
	})
	return err == nil && out.Item != nil, wrap("look for a contact", err)
}

// FiledIn lists the numbers of the tickets filed in the month of month in China, one shard of
// MonthShards of them, page by page. It ends at the first error.
func (t *Table) FiledIn(ctx context.Context, month time.Time, shard int) iter.Seq2[string, error] {
	pages := dynamodb.NewQueryPaginator(t.client, &dynamodb.QueryInput{
		TableName: &t.name, IndexName: aws.String("month"),
		KeyConditionExpression:    aws.String("#month = :month"),
		ExpressionAttributeNames:  map[string]string{"#month": "month"},
		ExpressionAttributeValues: Item{":month": str(MonthShard(month, shard))},
	})
	return numbers(func() ([]Item, bool, error) {
		if !pages.HasMorePages() {
			return nil, false, nil
		}
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, true, fmt.Errorf("list a month's tickets: %w", err)
		}
		return page.Items, true, nil
	})
}

// numbers gives the ticket numbers of pages of items. Items of one ticket follow each other.
func numbers(next func() (items []Item, more bool, err error)) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		last := ""
		for {
			items, more, err := next()
			if err != nil {
				yield("", err)
				return
			}
			if !more {
				return
			}
			for _, i := range items {
				number := strings.TrimPrefix(text(i, "pk"), partition(""))
				if number == last {
					continue
				}
				last = number
				if !yield(number, nil) {
					return
				}
			}
		}
	}
}
