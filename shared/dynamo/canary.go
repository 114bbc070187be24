package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/office"
)

const (
	canaryMark = "canary"
	// canaryKept is how long the table keeps what is of a canary's ticket that nobody removed.
	canaryKept = 24 * time.Hour
)

// CanaryChannel is where notify writes down that a canary's messages got to it.
const CanaryChannel = office.Trials

// canaryLasts is more than a canary takes: by so much the last of its items may outlive the first.
const canaryLasts = 10 * time.Minute

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

// IsTrial reports whether the items of a partition are all there is, or all that is left, of a ticket that the desk filed
// to try itself. Whatever is left of its head and events must say so, events in the bytes that their hash was taken over.
// Where none is left, it must be notes of the canary's channel and nothing else; a lock beside them says nothing.
func IsTrial(items []Item) bool {
	if len(items) == 0 {
		return false
	}
	if _, is := TicketOf(items[0]); !is {
		return false
	}
	for _, i := range items {
		sk := text(i, "sk")
		switch {
		case sk == "HEAD" || strings.HasPrefix(sk, "E#"):
			if !ofTrial(i) {
				return false
			}
		case sk == "LOCK" || strings.HasPrefix(sk, "D#") && strings.HasSuffix(sk, "#"+CanaryChannel):
		case !HasRecord(items):
			return false
		}
	}
	return true
}

// ofTrial reports whether a head or an event says that it is of a trial.
func ofTrial(i Item) bool {
	if text(i, "sk") == "HEAD" {
		h, err := head(i)
		return err == nil && h.Canary
	}
	e, err := record(i).Event()
	return err == nil && e.After.Canary
}

// HasRecord reports whether a ticket's head or any of its events is among items.
func HasRecord(items []Item) bool {
	return slices.ContainsFunc(items, func(i Item) bool {
		sk := text(i, "sk")
		return sk == "HEAD" || strings.HasPrefix(sk, "E#")
	})
}

// TrialEnded reports whether the time of a trial is over, so that the table may be deleting its items one by one.
func TrialEnded(items []Item, now time.Time) bool {
	return slices.ContainsFunc(items, func(i Item) bool {
		_, ends := i["ttl"]
		return ends && HasRecord([]Item{i}) && number(i, "ttl") <= now.Add(canaryLasts).Unix()
	})
}
