package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/ticket"
)

// AppendContact implements visitor.Store.
func (t *Table) AppendContact(ctx context.Context, version int, after ticket.Head, events []ticket.Event, sealed string) error {
	item := contactItem(after, sealed)
	write := types.TransactWriteItem{Put: &types.Put{TableName: &t.name, Item: item}}
	if sealed == "" {
		write = types.TransactWriteItem{Delete: &types.Delete{TableName: &t.name, Key: key(partition(after.Number), "CONTACT")}}
	}
	return t.append(ctx, []ticket.Change{{From: version, After: after, Events: events}}, write)
}

// contactItem writes a contact. That of an ended ticket is deleted by the table itself when its time is over.
func contactItem(h ticket.Head, sealed string) Item {
	i := key(partition(h.Number), "CONTACT")
	i["sealed"] = str(sealed)
	if !h.ContactUntil.IsZero() {
		i["ttl"] = num(h.ContactUntil.Unix())
	}
	return i
}

// keepContact gives a contact its end when its ticket ended, and takes it away when the ticket was reopened. It
// reads nothing: the head says whether there is a contact.
func (t *Table) keepContact(after ticket.Head, events []ticket.Event) []types.TransactWriteItem {
	update := &types.Update{
		TableName: &t.name, Key: key(partition(after.Number), "CONTACT"), ExpressionAttributeNames: map[string]string{"#ttl": "ttl"},
	}
	for _, e := range events {
		switch {
		case after.Anonymous:
		case e.Ends():
			update.UpdateExpression = aws.String("SET #ttl = :until")
			update.ExpressionAttributeValues = Item{":until": num(after.ContactUntil.Unix())}
		case e.What == ticket.Reopened || e.Data.Undone: // also when an end that came by a mistaken link was undone
			update.UpdateExpression = aws.String("REMOVE #ttl")
		}
	}
	if update.UpdateExpression == nil {
		return nil
	}
	return []types.TransactWriteItem{{Update: update}}
}
