// Package dynamo keeps tickets, deliveries and office data in the one table. Its items:
//
//	T#<number>  HEAD                     what is true now, with the keys of the indexes, its gist and its alarm
//	T#<number>  E#<seq>                  an event, its bytes as they were hashed
//	T#<number>  CONTACT                  name and phone, sealed
//	T#<number>  D#<event>#<channel>      that a channel was told of an event
//	T#<number>  LOCK                     wrong codes tried lately
//	T#<number>  PUSH#<place>             where a phone hears of its news, sealed
//	B#<channel> TURN                     when a bot may be sent its next message
//	U#<login>   HEAD, LOCK               an account; wrong passwords given lately
//	S#<hash>    HEAD                     a session, by the sum of its token
//	A#<day>     <instant>#<random>       what was done and seen; about 举报 in A#<day>#report
//	P#<id>      HEAD                     what became of a photo
//	FILINGS     <instant>                filings lately, by spot, in slots of five minutes
//	M#<month>   HEAD                     the meeting over a month's digest, versioned
//	M#<month>   ED#<number>              an edition of a month's digest, JSON compressed with gzip
//	M#<month>   R#<number>               a decision of that meeting: the number of its ticket
//	OFFICE      CURRENT, V#<version>     office data
//	DEMO        HEAD                     what made-up tickets the table was filled with
package dynamo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Item is an item as the SDK has it.
type Item = map[string]types.AttributeValue

// Table is the desk's table.
type Table struct {
	client *dynamodb.Client
	name   string
}

// Open gives the table called name. It calls nothing.
func Open(cfg aws.Config, name string) *Table {
	return &Table{client: dynamodb.NewFromConfig(cfg), name: name}
}

func str(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func num[N int | int64](n N) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(int64(n), 10)}
}

func key(pk, sk string) Item { return Item{"pk": str(pk), "sk": str(sk)} }

func text(i Item, name string) string {
	if v, ok := i[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

func number(i Item, name string) int64 {
	v, ok := i[name].(*types.AttributeValueMemberN)
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(v.Value, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// expired reports whether an item's time is over, though the table has not deleted it yet.
func expired(i Item, now time.Time) bool {
	_, ends := i["ttl"]
	return ends && number(i, "ttl") <= now.Unix()
}

// conflictTries is how often a transaction that met another one is tried. DynamoDB refuses the
// later of two that touch an item at the same time; the SDK does not try those again.
const conflictTries = 12

// transact carries out writes together, or nothing of them. When a condition fails the error is
// the *types.TransactionCanceledException, with the reasons in the order of the writes.
func (t *Table) transact(ctx context.Context, writes []types.TransactWriteItem) error {
	var err error
	for try := range conflictTries {
		_, err = t.client.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: writes})
		var cancelled *types.TransactionCanceledException
		if !errors.As(err, &cancelled) || !passing(cancelled) {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
	return fmt.Errorf("after %d tries: %w", conflictTries, err)
}

// passing reports whether a cancelled transaction met nothing worse than others at work: no
// condition of its own failed.
func passing(c *types.TransactionCanceledException) bool {
	found := false
	for _, r := range c.CancellationReasons {
		switch aws.ToString(r.Code) {
		case "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded":
			found = true
		case "", "None":
		default:
			return false
		}
	}
	return found
}

// failed gives the reason at place i when its condition failed, with the item that was there.
func failed(err error, i int) (types.CancellationReason, bool) {
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) || i >= len(cancelled.CancellationReasons) {
		return types.CancellationReason{}, false
	}
	r := cancelled.CancellationReasons[i]
	return r, aws.ToString(r.Code) == "ConditionalCheckFailed"
}

// pause waits a little longer each time, and never the same.
func pause(ctx context.Context, try int) error {
	limit := min(10*time.Millisecond<<try, 500*time.Millisecond)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(rand.N(limit)):
		return nil
	}
}
