package dynamo

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/digest"
	"steledesk/shared/meeting"
	"steledesk/shared/ticket"
)

// ErrEditionTooLarge is the error of an edition that does not fit an item: an office with very many spots and
// categories, all of which had matters.
var ErrEditionTooLarge = errors.New("edition is over 400 KB as it is stored")

func meetingPartition(m digest.Month) string { return "M#" + string(m) }

func editionKey(number int) string { return fmt.Sprintf("ED#%03d", number) }

// EditionOf reads from an item's keys which edition it is; is is false of every other item.
func EditionOf(pk, sk string) (month digest.Month, number int, is bool, err error) {
	text, is := strings.CutPrefix(sk, "ED#")
	if !is {
		return "", 0, false, nil
	}
	if number, err = strconv.Atoi(text); err != nil {
		return "", 0, true, fmt.Errorf("edition %s of %s: %w", sk, pk, err)
	}
	month, err = digest.ParseMonth(strings.TrimPrefix(pk, "M#"))
	return month, number, true, err
}

// PutEdition implements meeting.Editions: one conditional write.
func (t *Table) PutEdition(ctx context.Context, e meeting.Edition) error {
	body, err := packed(e)
	if err != nil {
		return fmt.Errorf("encode edition %d of %s: %w", e.Number, e.Month, err)
	}
	if len(body) > MaxItem-1000 {
		return ErrEditionTooLarge
	}
	i := key(meetingPartition(e.Month), editionKey(e.Number))
	i["body"], i["hash"] = &types.AttributeValueMemberB{Value: body}, str(e.Hash)
	_, err = t.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &t.name, Item: i, ConditionExpression: aws.String(absent)})
	var taken *types.ConditionalCheckFailedException
	if errors.As(err, &taken) {
		return meeting.ErrTaken
	}
	return wrap("store edition", err)
}

// LatestEdition implements meeting.Editions.
func (t *Table) LatestEdition(ctx context.Context, month digest.Month) (meeting.Edition, error) {
	return t.oneEdition(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :edition)"),
		ExpressionAttributeValues: Item{":pk": str(meetingPartition(month)), ":edition": str("ED#")},
		ScanIndexForward:          aws.Bool(false), Limit: aws.Int32(1),
	})
}

// Edition reads an edition. meeting.ErrNoEdition.
func (t *Table) Edition(ctx context.Context, month digest.Month, number int) (meeting.Edition, error) {
	return t.oneEdition(ctx, &dynamodb.QueryInput{
		KeyConditionExpression:    aws.String("pk = :pk AND sk = :edition"),
		ExpressionAttributeValues: Item{":pk": str(meetingPartition(month)), ":edition": str(editionKey(number))},
	})
}

func (t *Table) oneEdition(ctx context.Context, q *dynamodb.QueryInput) (meeting.Edition, error) {
	q.TableName, q.ConsistentRead = &t.name, aws.Bool(true)
	out, err := t.client.Query(ctx, q)
	if err != nil {
		return meeting.Edition{}, fmt.Errorf("read edition: %w", err)
	}
	if len(out.Items) == 0 {
		return meeting.Edition{}, meeting.ErrNoEdition
	}
	return edition(out.Items[0])
}

// Editions reads all editions of a month, the oldest first.
func (t *Table) Editions(ctx context.Context, month digest.Month) ([]meeting.Edition, error) {
	var all []meeting.Edition
	pages := dynamodb.NewQueryPaginator(t.client, &dynamodb.QueryInput{
		TableName: &t.name, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :edition)"),
		ExpressionAttributeValues: Item{":pk": str(meetingPartition(month)), ":edition": str("ED#")},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read editions: %w", err)
		}
		for _, i := range page.Items {
			e, err := edition(i)
			if err != nil {
				return nil, err
			}
			all = append(all, e)
		}
	}
	return all, nil
}

// packed is the edition's JSON, compressed: a busy month's places alone may be more than an item holds.
func packed(e meeting.Edition) ([]byte, error) {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if err := json.NewEncoder(z).Encode(e); err != nil {
		return nil, err
	}
	err := z.Close()
	return out.Bytes(), err
}

func edition(i Item) (e meeting.Edition, err error) {
	body, ok := i["body"].(*types.AttributeValueMemberB)
	if !ok {
		return e, fmt.Errorf("decode edition %s %s: it has no body", text(i, "pk"), text(i, "sk"))
	}
	z, err := gzip.NewReader(bytes.NewReader(body.Value))
	if err != nil {
		return e, fmt.Errorf("decode edition %s %s: %w", text(i, "pk"), text(i, "sk"), err)
	}
	plain, err := io.ReadAll(z)
	if err == nil {
		err = json.Unmarshal(plain, &e)
	}
	return e, wrap("decode edition "+text(i, "pk")+" "+text(i, "sk"), err)
}

// Records reads a ticket's events, oldest first, without what was written in them. There are none of a ticket that does
// not exist.
func (t *Table) Records(ctx context.Context, number string) ([]ticket.Record, error) {
	var all []ticket.Record
	pages := dynamodb.NewQueryPaginator(t.client, &dynamodb.QueryInput{
		TableName: &t.name, ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("pk = :pk AND begins_with(sk, :event)"),
		ExpressionAttributeValues: Item{":pk": str(partition(number)), ":event": str("E#")},
		ProjectionExpression:      aws.String("body, #hash"),
		ExpressionAttributeNames:  map[string]string{"#hash": "hash"},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read events of %s: %w", number, err)
		}
		for _, i := range page.Items {
			all = append(all, record(i))
		}
	}
	return all, nil
}
