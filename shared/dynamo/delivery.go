package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// deliveryKept is how long it is remembered that a channel was told of an event: longer than any
// queue keeps a message.
const deliveryKept = 60 * 24 * time.Hour

// The states of a delivery.
//
//	(none) ── claim ──▶ sending ── told ──▶ told
//	                     │   ▲
//	             release ▼   │ claim
//	                    free ┘     a sending whose lease ran out is claimed as a repeat:
//	                               its sender died and nobody knows what the channel heard
const (
	sending = "sending"
	told    = "told"
	free    = "free"
)

// Claimed says what a sender may do about each event it asked for.
type Claimed struct {
	Fresh  []string // tell them: nobody did
	Repeat []string // tell them: a sender died in the middle, they may have been told
	Busy   []string // another sender is at it: ask again later
	Told   []string // done
}

// Claim takes events for a channel until now+lease, in one transaction when nobody was there before.
// At most 100 events at a time.
func (t *Table) Claim(ctx context.Context, channel string, ids []string, now time.Time, lease time.Duration) (Claimed, error) {
	var c Claimed
	asked := make([]claim, len(ids))
	for i, id := range ids {
		asked[i] = claim{id: id}
	}
	for len(asked) > 0 {
		writes := make([]types.TransactWriteItem, len(asked))
		for i, a := range asked {
			writes[i] = t.claim(channel, a, now, lease)
		}
		err := t.transact(ctx, writes)
		if err == nil {
			for _, a := range asked {
				c.take(a)
			}
			return c, nil
		}
		left, decided := c.sort(asked, err, now)
		if !decided {
			return c, fmt.Errorf("claim deliveries: %w", err)
		}
		asked = left
	}
	return c, nil
}

// claim is one event asked for, and the delivery that was found in its place.
type claim struct {
	id     string
	state  string // empty: none was found
	until  int64
	repeat bool
}

func (c *Claimed) take(a claim) {
	if a.repeat {
		c.Repeat = append(c.Repeat, a.id)
	} else {
		c.Fresh = append(c.Fresh, a.id)
	}
}

// sort puts aside what others have, and gives what is still to be asked for with what was learnt
// of it. It reports false when the transaction failed for another reason.
func (c *Claimed) sort(asked []claim, err error, now time.Time) ([]claim, bool) {
	var left []claim
	decided := false
	for i, a := range asked {
		r, is := failed(err, i)
		if !is {
			left = append(left, a)
			continue
		}
		decided = true
		a.state, a.until = text(r.Item, "state"), number(r.Item, "until")
		switch {
		case a.state == told:
			c.Told = append(c.Told, a.id)
		case a.state == sending && a.until > now.UnixMilli():
			c.Busy = append(c.Busy, a.id)
		default:
			a.repeat = a.state == sending
			left = append(left, a)
		}
	}
	return left, decided
}

func (t *Table) claim(channel string, a claim, now time.Time, lease time.Duration) types.TransactWriteItem {
	put := &types.Put{
		TableName: &t.name, Item: delivery(channel, a.id, sending, now),
		ConditionExpression:                 aws.String(absent),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}
	put.Item["until"] = num(now.Add(lease).UnixMilli())
	if a.state != "" { // take over exactly what was seen, or lose to whoever was faster
		put.ConditionExpression = aws.String("#state = :state AND #until = :until")
		put.ExpressionAttributeNames = map[string]string{"#state": "state", "#until": "until"}
		put.ExpressionAttributeValues = Item{":state": str(a.state), ":until": num(a.until)}
	}
	return types.TransactWriteItem{Put: put}
}

// Told notes that the channel was told of the events.
func (t *Table) Told(ctx context.Context, channel string, ids []string, now time.Time) error {
	return t.settle(ctx, channel, ids, told, now)
}

// Release gives events back that the channel surely was not told of.
func (t *Table) Release(ctx context.Context, channel string, ids []string, now time.Time) error {
	return t.settle(ctx, channel, ids, free, now)
}

func (t *Table) settle(ctx context.Context, channel string, ids []string, state string, now time.Time) error {
	writes := make([]types.TransactWriteItem, len(ids))
	for i, id := range ids {
		item := delivery(channel, id, state, now)
		item["until"] = num(0)
		writes[i] = types.TransactWriteItem{Put: &types.Put{TableName: &t.name, Item: item}}
	}
	return wrap("note deliveries "+state, t.transact(ctx, writes))
}

// delivery writes the item of an event, named "<number>.<seq>", and a channel.
func delivery(channel, id, state string, now time.Time) Item {
	ticket, seq, _ := strings.Cut(id, ".")
	i := key(partition(ticket), "D#"+seq+"#"+channel)
	i["state"], i["at"], i["ttl"] = str(state), str(instant(now)), num(now.Add(deliveryKept).Unix())
	return i
}

// TakeSlot takes one of limit messages that a bot may be sent in the minute of now, and reports
// false when none is left.
func (t *Table) TakeSlot(ctx context.Context, bot string, now time.Time, limit int) (bool, error) {
	minute := now.UTC().Truncate(time.Minute)
	_, err := t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: key("B#"+bot, "M#"+minute.Format(time.RFC3339)),
		UpdateExpression:         aws.String("ADD sent :one SET #ttl = :ttl"),
		ConditionExpression:      aws.String("attribute_not_exists(sent) OR sent < :limit"),
		ExpressionAttributeNames: map[string]string{"#ttl": "ttl"},
		ExpressionAttributeValues: Item{
			":one": num(1), ":limit": num(limit), ":ttl": num(minute.Add(time.Hour).Unix()),
		},
	})
	var full *types.ConditionalCheckFailedException
	if errors.As(err, &full) {
		return false, nil
	}
	return err == nil, wrap("take a bot's slot", err)
}
