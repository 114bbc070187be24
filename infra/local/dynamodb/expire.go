package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// API is what SweepExpired needs of a DynamoDB client.
type API interface {
	DescribeTable(context.Context, *dynamodb.DescribeTableInput, ...func(*dynamodb.Options)) (*dynamodb.DescribeTableOutput, error)
	DeleteItem(context.Context, *dynamodb.DeleteItemInput, ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
}

// expiredBatch is how many expired items one query of a sweep takes.
const expiredBatch = 500

// SweepExpired deletes the table's items whose attribute, in seconds since 1970, has passed, which dynoxide does
// not do itself, and returns how many. It reads no more than the expired items: a partial index of the engine's own
// table finds them. Each is deleted through client, so the stream tells of it, and only if it is still expired, so a
// prolonged item stays. As on AWS, times more than five years past are taken for no time at all.
func (s *Server) SweepExpired(ctx context.Context, client API, table, attribute string, now time.Time) (int, error) {
	keys, err := keyNames(ctx, client, table)
	if err != nil {
		return 0, err
	}
	if err := s.file.indexExpiry(ctx, table, attribute); err != nil {
		return 0, err
	}
	swept, after := 0, expiry{at: float64(now.AddDate(-5, 0, 0).Unix())}
	for {
		items, next, err := s.file.expired(ctx, table, attribute, after, now)
		if err != nil || len(items) == 0 {
			return swept, err
		}
		deleted, err := expired{client, table, attribute, keys}.delete(ctx, items, now)
		if swept += deleted; err != nil {
			return swept, err
		}
		after = next
	}
}

func keyNames(ctx context.Context, client API, table string) ([]string, error) {
	described, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table})
	if err != nil {
		return nil, fmt.Errorf("describe table %s: %w", table, err)
	}
	var names []string
	for _, element := range described.Table.KeySchema {
		names = append(names, aws.ToString(element.AttributeName))
	}
	return names, nil
}

// expiry is a place in the order of expiry.
type expiry struct {
	at  float64
	row int64
}

// expired is a table whose items expire.
type expired struct {
	client           API
	table, attribute string
	keys             []string // the names of its key attributes
}

// delete deletes items by their keys and returns how many there were.
func (e expired) delete(ctx context.Context, items []string, now time.Time) (int, error) {
	deleted := 0
	for _, item := range items {
		values, err := attributevalue.UnmarshalMapJSON([]byte(item))
		if err != nil {
			return deleted, fmt.Errorf("read expired item: %w", err)
		}
		key := map[string]types.AttributeValue{}
		for _, name := range e.keys {
			key[name] = values[name]
		}
		_, err = e.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: &e.table, Key: key,
			ConditionExpression:       aws.String("#expiry <= :now"),
			ExpressionAttributeNames:  map[string]string{"#expiry": e.attribute},
			ExpressionAttributeValues: map[string]types.AttributeValue{":now": &types.AttributeValueMemberN{Value: strconv.FormatInt(now.Unix(), 10)}},
		})
		var prolonged *types.ConditionalCheckFailedException
		if errors.As(err, &prolonged) {
			continue
		}
		if err != nil {
			return deleted, fmt.Errorf("delete expired item: %w", err)
		}
		deleted++
	}
	return deleted, nil
}

// expiryOf is the SQL of an item's time of expiry: a number, or NULL when it has none.
func expiryOf(attribute string) string {
	path := `$."` + attribute + `".N`
	return `CAST(json_extract(item_json, '` + strings.ReplaceAll(path, "'", "''") + `') AS REAL)`
}

func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// has says that an item has the attribute as a number; CAST alone would make 0 of a missing one.
func has(attribute string) string { return expiryOf(attribute) + ` IS NOT NULL` }

func (f *file) indexExpiry(ctx context.Context, table, attribute string) error {
	if strings.Contains(attribute, `"`) {
		return fmt.Errorf("sweep table %s: the name of the expiry attribute, %s, holds a quotation mark", table, attribute)
	}
	statement := fmt.Sprintf("CREATE INDEX IF NOT EXISTS %s ON %s (%s) WHERE %s",
		quoteName("steledesk_expiry_"+table+"_"+attribute), quoteName(table), expiryOf(attribute), has(attribute))
	if _, err := f.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("index expiry of table %s: %w", table, err)
	}
	return nil
}

// expired returns up to a batch of items that expired after a place and up to now, and the place of the last.
func (f *file) expired(ctx context.Context, table, attribute string, after expiry, now time.Time) ([]string, expiry, error) {
	at := expiryOf(attribute)
	query := fmt.Sprintf(`SELECT %s, rowid, item_json FROM %s WHERE %s AND (%s, rowid) > (?, ?) AND %s <= ?
		ORDER BY %s, rowid LIMIT %d`, at, quoteName(table), has(attribute), at, at, at, expiredBatch)
	rows, err := f.QueryContext(ctx, query, after.at, after.row, now.Unix())
	if err != nil {
		return nil, after, fmt.Errorf("find expired items of table %s: %w", table, err)
	}
	defer rows.Close()
	var items []string
	for rows.Next() {
		var item string
		if err := rows.Scan(&after.at, &after.row, &item); err != nil {
			return nil, after, fmt.Errorf("find expired items of table %s: %w", table, err)
		}
		items = append(items, item)
	}
	return items, after, rows.Err()
}
