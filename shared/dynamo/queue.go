package dynamo

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/desk"
	"steledesk/shared/ticket"
)

// ErrCursor is the error of a cursor that no page gave.
var ErrCursor = errors.New("not a cursor")

// Page is a part of a section's queue.
type Page struct {
	Heads []ticket.Head
	Next  string // the cursor of the next page; empty at the end
}

// QueuePage gives limit of a section's open tickets, or of its ended ones, from cursor on (empty:
// from the start), soonest due first: one query, whatever the queue's length. Errors: ErrCursor.
func (t *Table) QueuePage(ctx context.Context, section string, open bool, limit int, cursor string) (Page, error) {
	start, err := decodeCursor(cursor)
	if err != nil {
		return Page{}, err
	}
	if start != nil && text(start, "queue") != Queue(section, open) {
		return Page{}, ErrCursor // another section's
	}
	out, err := t.client.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, IndexName: aws.String("queue"),
		KeyConditionExpression:    aws.String("#queue = :queue"),
		ExpressionAttributeNames:  map[string]string{"#queue": "queue"},
		ExpressionAttributeValues: Item{":queue": str(Queue(section, open))},
		Limit:                     aws.Int32(int32(limit)),
		ExclusiveStartKey:         start,
	})
	if err != nil {
		return Page{}, fmt.Errorf("read queue of %s: %w", section, err)
	}
	page := Page{Heads: make([]ticket.Head, len(out.Items))}
	for i, item := range out.Items {
		if page.Heads[i], err = head(item); err != nil {
			return Page{}, err
		}
	}
	page.Next = encodeCursor(out.LastEvaluatedKey)
	return page, nil
}

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

// Contact implements desk.Store.
func (t *Table) Contact(ctx context.Context, number string) (string, error) {
	out, err := t.client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.name, Key: key(partition(number), "CONTACT")})
	if err != nil {
		return "", fmt.Errorf("read contact of %s: %w", number, err)
	}
	return text(out.Item, "sealed"), nil
}

func encodeCursor(key Item) string {
	if len(key) == 0 {
		return ""
	}
	plain := make(map[string]string, len(key))
	for name := range key {
		plain[name] = text(key, name)
	}
	b, err := json.Marshal(plain)
	if err != nil { // strings only
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodeCursor(cursor string) (Item, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, ErrCursor
	}
	var plain map[string]string
	if err := json.Unmarshal(b, &plain); err != nil || len(plain) != 4 {
		return nil, ErrCursor
	}
	key := Item{}
	for _, name := range []string{"pk", "sk", "queue", "due"} {
		if plain[name] == "" {
			return nil, ErrCursor
		}
		key[name] = &types.AttributeValueMemberS{Value: plain[name]}
	}
	return key, nil
}
