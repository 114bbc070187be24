package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// eraseBatch is how many events lose their words in one transaction, of whose 100 places the head's check takes one.
const eraseBatch = 90

// Erase is Append for the end of a record's time: first it deletes what people wrote, photographed and left to be
// reached by, and last it stores the event that says so. Stopped anywhere, the same call again does the rest, for the
// head is at its version until the end. visitor.ErrChanged when it is not.
func (t *Table) Erase(ctx context.Context, version int, after ticket.Head, events []ticket.Event) error {
	s, err := t.Ticket(ctx, after.Number)
	switch {
	case err != nil:
		return err
	case s.Head.Version != version:
		return visitor.ErrChanged
	}
	life, err := s.Events()
	if err != nil {
		return err
	}
	for worded := range slices.Chunk(slices.DeleteFunc(slices.Clone(life), wordless), eraseBatch) {
		if err := t.dropWords(ctx, s.Head, worded); err != nil {
			return err
		}
	}
	for _, e := range life {
		if err := t.dropPhotos(ctx, e); err != nil {
			return err
		}
	}
	if err := t.dropReach(ctx, after.Number); err != nil {
		return err
	}
	return t.Append(ctx, version, after, events)
}

// wordless reports whether an event holds nothing of anybody's: without words, or with a salt alone. Such a salt stays,
// so that nobody is told of a text there never was.
func wordless(e ticket.Event) bool {
	return e.Words == nil || e.Words.Text == "" && e.Words.Wish == "" && len(e.Data.Photos) == 0
}

// dropWords takes the words from events of a ticket that is still as h says.
func (t *Table) dropWords(ctx context.Context, h ticket.Head, events []ticket.Event) error {
	writes := []types.TransactWriteItem{{ConditionCheck: &types.ConditionCheck{
		TableName: &t.name, Key: key(partition(h.Number), "HEAD"), ConditionExpression: aws.String("version = :version"),
		ExpressionAttributeValues: Item{":version": num(h.Version)},
	}}}
	for _, e := range events {
		writes = append(writes, types.TransactWriteItem{Update: &types.Update{
			TableName: &t.name, Key: key(partition(e.Ticket), eventKey(e.Seq)), UpdateExpression: aws.String("REMOVE words"),
			ConditionExpression: aws.String("attribute_exists(pk)"),
		}})
	}
	err := t.transact(ctx, writes)
	if _, changed := failed(err, 0); changed {
		return visitor.ErrChanged
	}
	return wrap("erase words of "+h.Number, err)
}

// dropPhotos deletes the items of photos that an event names; what they stand for is deleted by function photo, which
// the table's stream tells. A photo that another ticket named first is that one's.
func (t *Table) dropPhotos(ctx context.Context, e ticket.Event) error {
	for _, id := range e.Data.Photos {
		_, err := t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: &t.name, Key: key(photoPartition(id), "HEAD"),
			ConditionExpression:       aws.String("ticket = :ticket"),
			ExpressionAttributeValues: Item{":ticket": str(e.Ticket)},
		})
		var others *types.ConditionalCheckFailedException // or gone already
		if err != nil && !errors.As(err, &others) {
			return fmt.Errorf("erase photo of %s: %w", e.Ticket, err)
		}
	}
	return nil
}

// dropReach deletes how a ticket's visitor was reached: the contact, and the phones that heard of its news.
func (t *Table) dropReach(ctx context.Context, number string) error {
	_, err := t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &t.name, Key: key(partition(number), "CONTACT")})
	if err != nil {
		return fmt.Errorf("erase contact of %s: %w", number, err)
	}
	out, err := t.client.Query(ctx, t.phoneQuery(number))
	if err != nil {
		return fmt.Errorf("read subscriptions: %w", err)
	}
	for _, i := range out.Items {
		_, err := t.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &t.name, Key: key(text(i, "pk"), text(i, "sk"))})
		if err != nil {
			return fmt.Errorf("erase subscription of %s: %w", number, err)
		}
	}
	return nil
}
