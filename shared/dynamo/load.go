package dynamo

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// batchItems is how much one BatchWriteItem takes, as AWS says.
const batchItems = 25

// loadedMark is on events that were loaded and not said just now.
const loadedMark = "loaded"

// News reports whether an event that the stream carries was stored as it happened.
func News(image map[string]events.DynamoDBAttributeValue) bool {
	_, loaded := image[loadedMark]
	return !loaded
}

// Whole is a ticket as it is loaded: its life so far, not checked here.
type Whole struct {
	Head    ticket.Head
	Events  []ticket.Event // oldest first
	Contact string         // sealed; empty: none
}

// Load stores whole tickets, many to a call and over whatever has their numbers: for filling a table that nobody else
// writes to. What is loaded is no news: its events carry the attribute "loaded", by which the stream's readers leave
// them alone. A ticket's head comes last, so one that has a head is whole. A table that takes only a part at a time is asked again with more and more patience. After an error some
// of the tickets are stored, perhaps in part, and loading the same ones again makes them whole.
func (t *Table) Load(ctx context.Context, tickets []Whole) error {
	var pending []types.WriteRequest
	for _, w := range tickets {
		items, err := w.items()
		if err != nil {
			return err
		}
		for _, i := range items {
			pending = append(pending, types.WriteRequest{PutRequest: &types.PutRequest{Item: i}})
		}
	}
	return t.writeAll(ctx, pending)
}

func (w Whole) items() ([]Item, error) {
	head, err := headItem(w.Head)
	if err != nil {
		return nil, err
	}
	var items []Item
	for _, e := range w.Events {
		if e.What == ticket.Filed && e.Words != nil {
			head["gist"] = str(visitor.Gist(e.Words.Text))
		}
		event, err := eventItem(e)
		if err != nil {
			return nil, err
		}
		event[loadedMark] = str("yes")
		items = append(items, event)
	}
	if w.Head.By != "" {
		items = append(items, ownItem(w.Head))
	}
	if w.Contact != "" {
		items = append(items, contactItem(w.Head, w.Contact))
	}
	return append(items, head), nil
}

// writeBatch writes up to batchItems items.
func (t *Table) writeBatch(ctx context.Context, writes []types.WriteRequest) error {
	for try := 0; try < conflictTries; try++ {
		out, err := t.client.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{
			RequestItems: map[string][]types.WriteRequest{t.name: writes},
		})
		if err != nil {
			return fmt.Errorf("load tickets: %w", err)
		}
		left := out.UnprocessedItems[t.name]
		if len(left) == 0 {
			return nil
		}
		if len(left) < len(writes) {
			try = 0 // it goes forward
		}
		writes = left
		if err := pause(ctx, try); err != nil {
			return fmt.Errorf("load tickets: %w", err)
		}
	}
	return fmt.Errorf("load tickets: the table took nothing in %d tries", conflictTries)
}
