package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// MonthShards is over how many partitions the tickets of one month are spread in the month index.
const MonthShards = 8

const absent = "attribute_not_exists(pk)"

func partition(number string) string { return "T#" + number }

func eventKey(seq int) string { return fmt.Sprintf("E#%06d", seq) }

// File implements visitor.Store: one transaction, and no read before it. The event carries the
// fingerprints, so that a filing that comes again is answered from the refusal itself.
func (t *Table) File(ctx context.Context, f visitor.Filed) error {
	writes, err := t.filing(f)
	if err != nil {
		return err
	}
	err = t.transact(ctx, writes)
	if taken := takenBy(err, f); taken != nil {
		return taken
	}
	if err != nil {
		return fmt.Errorf("store ticket: %w", err)
	}
	return nil
}

// filing gives the writes of a filing: the event first, then that its other numbers are nobody's, which costs a write's
// two units for each of them.
func (t *Table) filing(f visitor.Filed) ([]types.TransactWriteItem, error) {
	head, err := headItem(f.Head)
	if err != nil {
		return nil, err
	}
	if f.Event.Words != nil {
		head["gist"] = str(visitor.Gist(f.Event.Words.Text))
	}
	event, err := eventItem(f.Event)
	if err != nil {
		return nil, err
	}
	event["keySum"], event["matter"] = str(f.KeySum), str(f.MatterID)
	writes := []types.TransactWriteItem{t.create(event)}
	for _, number := range f.Others {
		writes = append(writes, t.free(number))
	}
	writes = append(writes, t.create(head))
	if f.Contact != "" {
		contact := contactItem(f.Head, f.Contact)
		writes = append(writes, t.create(contact))
	}
	if f.Head.By != "" {
		writes = append(writes, t.create(ownItem(f.Head)))
	}
	return append(writes, t.keepPhotos([]ticket.Event{f.Event})...), nil
}

// free is the condition that no ticket has a number.
func (t *Table) free(number string) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &t.name, Key: key(partition(number), eventKey(1)), ConditionExpression: aws.String(absent),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
}

// takenBy tells of the filing that was stored first, from its event's item; nil when no number of f was taken.
func takenBy(err error, f visitor.Filed) *visitor.Taken {
	for i, number := range append([]string{f.Head.Number}, f.Others...) {
		if r, is := failed(err, i); is {
			return &visitor.Taken{Number: number, First: record(r.Item), KeySum: text(r.Item, "keySum"), MatterID: text(r.Item, "matter")}
		}
	}
	return nil
}

// Ticket implements visitor.Store: one query over events and head, which lie side by side.
func (t *Table) Ticket(ctx context.Context, number string) (visitor.Stored, error) {
	var s visitor.Stored
	pages := dynamodb.NewQueryPaginator(t.client, &dynamodb.QueryInput{
		TableName:              &t.name,
		KeyConditionExpression: aws.String("pk = :pk AND sk BETWEEN :from AND :to"),
		ExpressionAttributeValues: Item{
			":pk": str(partition(number)), ":from": str("E#"), ":to": str("HEAD"),
		},
		ConsistentRead: aws.Bool(true),
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return s, fmt.Errorf("read ticket: %w", err)
		}
		for _, i := range page.Items {
			if err := gather(&s, i); err != nil {
				return s, err
			}
		}
	}
	if s.Head.Number == "" {
		return s, visitor.ErrNotFound
	}
	return s, nil
}

// gather puts an item of a ticket's partition in its place.
func gather(s *visitor.Stored, i Item) (err error) {
	switch text(i, "sk") {
	case "HEAD":
		s.Head, err = head(i)
	default:
		s.Records = append(s.Records, record(i))
	}
	return err
}

// Append implements visitor.Store: AppendAll for one ticket.
func (t *Table) Append(ctx context.Context, version int, after ticket.Head, events []ticket.Event) error {
	return t.AppendAll(ctx, []ticket.Change{{From: version, After: after, Events: events}})
}

// AppendAll implements visitor.Store: one transaction of each head, if it is still at its version, its events, and the
// record of what staff did. What stands beside a head and is not of it, as the gist does, stays. A lead and the most
// tickets that may be linked with it (ticket.MaxLinked) are 84 writes, of the 100 of a transaction.
func (t *Table) AppendAll(ctx context.Context, changes []ticket.Change) error {
	var writes []types.TransactWriteItem
	for _, c := range changes {
		writes = append(writes, t.keepContact(c.After, c.Events)...)
	}
	return t.append(ctx, changes, writes...)
}

// append is AppendAll with whatever else is to be written in the same transaction, and nothing of contacts.
func (t *Table) append(ctx context.Context, changes []ticket.Change, also ...types.TransactWriteItem) error {
	var writes []types.TransactWriteItem
	for _, c := range changes {
		change, err := t.change(c)
		if err != nil {
			return err
		}
		writes = append(writes, change...)
	}
	own := len(writes)
	err := t.transact(ctx, append(writes, also...))
	for i := range own { // a head at another version, or an event of that number that is somebody else's
		if _, is := failed(err, i); is {
			return visitor.ErrChanged
		}
	}
	if err != nil {
		return fmt.Errorf("append to tickets: %w", err)
	}
	return nil
}

// change writes what a command came to in one ticket.
func (t *Table) change(c ticket.Change) ([]types.TransactWriteItem, error) {
	head, err := headItem(c.After)
	if err != nil {
		return nil, err
	}
	writes := []types.TransactWriteItem{{Update: t.updateHead(head, c.From, gone(c))}}
	for _, e := range c.Events {
		item, err := eventItem(e)
		if err != nil {
			return nil, err
		}
		writes = append(writes, t.create(item))
	}
	acts, err := t.acts(c.Events)
	return append(append(writes, t.keepPhotos(c.Events)...), acts...), err
}

// CountWrong implements visitor.Store. A window of time begins with the first wrong code and its
// item is deleted by the table after it; numbers that do not exist leave no trace.
func (t *Table) CountWrong(ctx context.Context, number string, now time.Time, window time.Duration) (int, time.Time, error) {
	until := now.Add(window)
	wrong, err := t.bumpLock(ctx, number, now, until)
	if err != nil {
		return 0, time.Time{}, err
	}
	if wrong != nil {
		n, end := lock(wrong)
		return n, end, nil
	}
	return 0, time.Time{}, nil
}

// bumpLock gives the lock as it is after one more wrong code, nil when there is no such ticket.
func (t *Table) bumpLock(ctx context.Context, number string, now, until time.Time) (Item, error) {
	exists := types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &t.name, Key: key(partition(number), "HEAD"), ConditionExpression: aws.String("attribute_exists(pk)"),
	}}
	first := key(partition(number), "LOCK")
	first["wrong"], first["ttl"] = num(1), num(until.Unix())
	begin := types.TransactWriteItem{Put: &types.Put{
		TableName: &t.name, Item: first,
		ConditionExpression:                 aws.String("attribute_not_exists(pk) OR #ttl <= :now"),
		ExpressionAttributeNames:            map[string]string{"#ttl": "ttl"},
		ExpressionAttributeValues:           Item{":now": num(now.Unix())},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
	err := t.transact(ctx, []types.TransactWriteItem{exists, begin})
	if _, missing := failed(err, 0); missing {
		return nil, nil
	}
	if _, begun := failed(err, 1); !begun {
		return first, wrap("count wrong code", err)
	}
	out, err := t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: key(partition(number), "LOCK"),
		UpdateExpression:          aws.String("ADD wrong :one SET #ttl = if_not_exists(#ttl, :until)"),
		ExpressionAttributeNames:  map[string]string{"#ttl": "ttl"},
		ExpressionAttributeValues: Item{":one": num(1), ":until": num(until.Unix())},
		ReturnValues:              types.ReturnValueAllNew,
	})
	if err != nil {
		return nil, wrap("count wrong code", err)
	}
	return out.Attributes, nil
}

// StoredEvent reads an event from the image a stream carries.
func StoredEvent(image map[string]events.DynamoDBAttributeValue) (ticket.Event, error) {
	field := func(name string) string {
		if v, ok := image[name]; ok && v.DataType() == events.DataTypeString {
			return v.String()
		}
		return ""
	}
	r := ticket.Record{Body: field("body"), Hash: field("hash")}
	if r.Body == "" {
		return ticket.Event{}, errors.New("stream image has no event in its body attribute")
	}
	return r.Event()
}

// EventOf decodes a ticket's event, and reports whether an item is one that can be read.
func EventOf(i Item) (ticket.Event, bool) {
	if _, is := TicketOf(i); !is || !strings.HasPrefix(text(i, "sk"), "E#") {
		return ticket.Event{}, false
	}
	e, err := record(i).Event()
	return e, err == nil
}

func (t *Table) create(i Item) types.TransactWriteItem {
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &t.name, Item: i, ConditionExpression: aws.String(absent),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
}

// sparse are the keys of the indexes that a head is in only at times. A head without them leaves the index.
var sparse = []string{"alarm", "alarmAt", "filed", "spot"}

// gone are the attributes that a head must not keep where a change leaves them out.
func gone(c ticket.Change) []string {
	if c.After.ErasedAt.IsZero() {
		return sparse
	}
	return append(slices.Clip(sparse), "gist")
}

// updateHead writes the attributes of a head over those of version, and takes away those of leaves that it has not.
func (t *Table) updateHead(head Item, version int, leaves []string) *types.Update {
	number := head["pk"]
	names, values := map[string]string{"#version": "version"}, Item{":before": num(version)}
	var set []string
	for _, name := range slices.Sorted(maps.Keys(head)) {
		if name != "pk" && name != "sk" {
			names["#"+name], values[":"+name] = name, head[name]
			set = append(set, "#"+name+" = :"+name)
		}
	}
	update := "SET " + strings.Join(set, ", ")
	var remove []string
	for _, name := range leaves {
		if _, is := head[name]; !is {
			names["#"+name] = name
			remove = append(remove, "#"+name)
		}
	}
	if len(remove) > 0 {
		update += " REMOVE " + strings.Join(remove, ", ")
	}
	return &types.Update{
		TableName: &t.name, Key: Item{"pk": number, "sk": str("HEAD")},
		UpdateExpression: &update, ConditionExpression: aws.String("#version = :before"),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	}
}

// headItem writes a head with the keys it is found by: its queue, soonest due first, its month, its
// alarm, and its spot while it is open; a 举报 is not found by where it happened. What is not dated comes first in a queue, so that somebody looks at it.
func headItem(h ticket.Head) (Item, error) {
	body, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("encode head of %s: %w", h.Number, err)
	}
	due := h.Due.AnswerBy
	if due.IsZero() {
		due = h.FiledAt
	}
	i := key(partition(h.Number), "HEAD")
	i["head"], i["version"] = str(string(body)), num(h.Version)
	if h.Canary { // no list and no clock comes upon it, and the table forgets it if nobody removes it
		i[canaryMark], i["ttl"] = str("yes"), num(h.FiledAt.Add(canaryKept).Unix())
		return i, nil
	}
	i["queue"], i["due"] = str(queueOf(h)), str(instant(due)+"#"+h.Number)
	i["month"], i["number"] = str(MonthShard(h.FiledAt, shardOf(h.Number))), str(h.Number)
	if !h.Alarm.IsZero() {
		i["alarm"], i["alarmAt"] = str(alarmShard(h.Number)), str(instant(h.Alarm))
	}
	if h.Spot != "" && h.State.Open() && !h.Kind.Confidential() {
		i["spot"], i["filed"] = str(h.Spot), str(instant(h.FiledAt)+"#"+h.Number)
	}
	return i, nil
}

func queueOf(h ticket.Head) string {
	if h.State.Open() {
		return Queue(h.Owner(), true)
	}
	return Queue(h.Owner(), false)
}

// Queue is the partition of the queue index that holds a section's open, or ended, tickets.
func Queue(section string, open bool) string {
	if open {
		return section + "#open"
	}
	return section + "#done"
}

// MonthShard is a partition of the month index: the month of t in China, and a shard from 0.
func MonthShard(t time.Time, shard int) string {
	return fmt.Sprintf("%s#%d", t.In(ticket.Zone).Format("2006-01"), shard)
}

func shardOf(number string) int { return int(spread(number) % MonthShards) }

// spread is the same for the same number, and even over many.
func spread(number string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(number))
	return h.Sum32()
}

const instantLayout = "2006-01-02T15:04:05.000Z"

// instant writes a time so that text order is time order.
func instant(t time.Time) string { return t.UTC().Format(instantLayout) }

func eventItem(e ticket.Event) (Item, error) {
	r, err := e.Record()
	if err != nil {
		return nil, err
	}
	i := key(partition(e.Ticket), eventKey(e.Seq))
	i["body"], i["hash"] = str(r.Body), str(r.Hash)
	if r.Words != "" {
		i["words"] = str(r.Words)
	}
	if e.After.Canary {
		i["ttl"] = num(e.At.Add(canaryKept).Unix())
	}
	return i, nil
}

func head(i Item) (ticket.Head, error) {
	var h ticket.Head
	if err := json.Unmarshal([]byte(text(i, "head")), &h); err != nil {
		return h, fmt.Errorf("decode head %s: %w", text(i, "pk"), err)
	}
	if at := text(i, "alarmAt"); at != "" {
		alarm, err := time.Parse(instantLayout, at)
		if err != nil {
			return h, fmt.Errorf("decode alarm of %s: %w", text(i, "pk"), err)
		}
		h.Alarm = alarm.In(ticket.Zone)
	}
	return h, nil
}

func record(i Item) ticket.Record {
	return ticket.Record{Body: text(i, "body"), Hash: text(i, "hash"), Words: text(i, "words")}
}

func lock(i Item) (int, time.Time) {
	return int(number(i, "wrong")), time.Unix(number(i, "ttl"), 0).In(ticket.Zone)
}

func wrap(verb string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", verb, err)
}
