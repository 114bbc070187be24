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

// deliveryKept is how long after an event it is remembered that a channel was told of it: longer
// than any queue keeps a message.
const deliveryKept = 60 * 24 * time.Hour

// Delivery is the telling of one event.
type Delivery struct {
	Event  string    // its id, "<number>.<seq>"
	At     time.Time // when it happened
	Holder string    // the message that carries it
}

// The states of a delivery.
//
//	(none) ── claim ──▶ sending ── told ──▶ told
//	                     │   ▲
//	             release ▼   │ claim
//	                    free ┘     a sending whose lease ran out, or whose message is handed
//	                               out again, is claimed as a repeat: its sender died and
//	                               nobody knows what the channel heard
const (
	sending = "sending"
	told    = "told"
	free    = "free"
)

// Claimed says what a sender may do about each event it asked for.
type Claimed struct {
	Fresh  []Delivery // tell them: nobody did
	Repeat []Delivery // tell them: a sender died in the middle, they may have been told
	Busy   []Delivery // another sender is at it: ask again later
	Told   []Delivery // done
}

// Claim takes events for a channel until now+lease, in one transaction when nobody was there before.
// At most 100 events at a time.
func (t *Table) Claim(ctx context.Context, channel string, all []Delivery, now time.Time, lease time.Duration) (Claimed, error) {
	var c Claimed
	asked := make([]claim, len(all))
	for i, d := range all {
		asked[i] = claim{Delivery: d}
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
	Delivery
	state  string // empty: none was found
	until  int64
	repeat bool
}

func (c *Claimed) take(a claim) {
	if a.repeat {
		c.Repeat = append(c.Repeat, a.Delivery)
	} else {
		c.Fresh = append(c.Fresh, a.Delivery)
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
			c.Told = append(c.Told, a.Delivery)
		case a.state == sending && a.until > now.UnixMilli() && text(r.Item, "holder") != a.Holder:
			c.Busy = append(c.Busy, a.Delivery)
		default:
			a.repeat = a.state == sending
			left = append(left, a)
		}
	}
	return left, decided
}

func (t *Table) claim(channel string, a claim, now time.Time, lease time.Duration) types.TransactWriteItem {
	put := &types.Put{
		TableName: &t.name, Item: delivery(channel, a.Delivery, sending, now),
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
func (t *Table) Told(ctx context.Context, channel string, all []Delivery, now time.Time) error {
	return t.settle(ctx, channel, all, told, now)
}

// Release gives events back that the channel surely was not told of.
func (t *Table) Release(ctx context.Context, channel string, all []Delivery, now time.Time) error {
	return t.settle(ctx, channel, all, free, now)
}

// Doubt gives events back that the channel may have been told of: whoever claims them next repeats.
func (t *Table) Doubt(ctx context.Context, channel string, all []Delivery, now time.Time) error {
	return t.settle(ctx, channel, all, sending, now)
}

func (t *Table) settle(ctx context.Context, channel string, all []Delivery, state string, now time.Time) error {
	writes := make([]types.TransactWriteItem, len(all))
	for i, d := range all {
		item := delivery(channel, d, state, now)
		item["until"] = num(0)
		writes[i] = types.TransactWriteItem{Put: &types.Put{TableName: &t.name, Item: item}}
	}
	return wrap("note deliveries "+state, t.transact(ctx, writes))
}

// delivery writes the item of an event and a channel.
func delivery(channel string, d Delivery, state string, now time.Time) Item {
	ticket, seq, _ := strings.Cut(d.Event, ".")
	i := key(partition(ticket), "D#"+seq+"#"+channel)
	i["holder"] = str(d.Holder)
	i["state"], i["at"], i["ttl"] = str(state), str(instant(now)), num(d.At.Add(keptFor(channel)).Unix())
	return i
}

// keptFor is how long after an event its delivery to a channel is kept: a canary's goes with its ticket, also when it
// comes after it.
func keptFor(channel string) time.Duration {
	if channel == CanaryChannel {
		return canaryKept
	}
	return deliveryKept
}

// TakeTurn lets a bot be sent one message now, if the last turn is gap ago; otherwise it gives how
// long to wait before asking again. All senders of a bot, wherever they run, share its turns.
func (t *Table) TakeTurn(ctx context.Context, bot string, now time.Time, gap time.Duration) (time.Duration, error) {
	_, err := t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: key("B#"+bot, "TURN"),
		UpdateExpression:    aws.String("SET notBefore = :next"),
		ConditionExpression: aws.String("attribute_not_exists(notBefore) OR notBefore <= :now"),
		ExpressionAttributeValues: Item{
			":now": num(now.UnixMilli()), ":next": num(now.Add(gap).UnixMilli()),
		},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var early *types.ConditionalCheckFailedException
	if errors.As(err, &early) {
		return max(time.UnixMilli(number(early.Item, "notBefore")).Sub(now), time.Millisecond), nil
	}
	return 0, wrap("take a bot's turn", err)
}
