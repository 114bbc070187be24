package dynamo

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/shared/photo"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Partitions gives every item of one of segments parts of the table, those of a partition together. It ends at the first
// error. What is written meanwhile is in it or not: see CheckTicket and Partition.
func (t *Table) Partitions(ctx context.Context, segment, segments int) iter.Seq2[[]Item, error] {
	return func(yield func([]Item, error) bool) {
		pages := dynamodb.NewScanPaginator(t.client, &dynamodb.ScanInput{
			TableName: &t.name, Segment: aws.Int32(int32(segment)), TotalSegments: aws.Int32(int32(segments)), ConsistentRead: aws.Bool(true),
		})
		var together []Item
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(nil, fmt.Errorf("read the table: %w", err))
				return
			}
			for _, i := range page.Items {
				if len(together) > 0 && text(together[0], "pk") != text(i, "pk") {
					if !yield(together, nil) {
						return
					}
					together = nil
				}
				together = append(together, i)
			}
		}
		if len(together) > 0 {
			yield(together, nil)
		}
	}
}

// TicketItems reads all there is of a ticket now.
func (t *Table) TicketItems(ctx context.Context, number string) ([]Item, error) {
	return t.Partition(ctx, partition(number))
}

// Partition reads all items of a partition as they are now.
func (t *Table) Partition(ctx context.Context, pk string) ([]Item, error) {
	var all []Item
	pages := dynamodb.NewQueryPaginator(t.client, &dynamodb.QueryInput{
		TableName: &t.name, KeyConditionExpression: aws.String("pk = :pk"), ConsistentRead: aws.Bool(true),
		ExpressionAttributeValues: Item{":pk": str(pk)},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", pk, err)
		}
		all = append(all, page.Items...)
	}
	return all, nil
}

// TicketOf gives the number of the ticket that an item belongs to; none belongs to another item.
func TicketOf(i Item) (number string, is bool) {
	return strings.CutPrefix(text(i, "pk"), partition(""))
}

// IsHead reports whether an item is a ticket's head, which says that the ticket is whole and lets the clock find it.
func IsHead(i Item) bool {
	_, ofTicket := TicketOf(i)
	return ofTicket && text(i, "sk") == "HEAD"
}

// CheckTicket holds a ticket's items, as a partition gives them, against each other. It gives the error of ticket.Verify,
// or why they cannot be read; a ticket of which only a lock or a delivery is left is nothing to check.
func CheckTicket(items []Item) error {
	var s visitor.Stored
	for _, i := range items {
		if sk := text(i, "sk"); sk == "HEAD" || strings.HasPrefix(sk, "E#") {
			if err := gather(&s, i); err != nil {
				return err
			}
		}
	}
	if s.Head.Number == "" && len(s.Records) == 0 {
		return nil
	}
	return ticket.Verify(s.Head, s.Records)
}

// StoredPhoto is what a photo's item says of what can still change.
type StoredPhoto struct {
	ID      string
	Settled bool // what becomes of it
	Kept    bool // a ticket names it
}

// PhotoOf reads a photo's item; is is false of every other.
func PhotoOf(i Item) (p StoredPhoto, is bool) {
	if p.ID, is = PhotoID(text(i, "pk")); !is {
		return p, false
	}
	_, p.Kept = i["kept"]
	p.Settled = text(i, "state") != ""
	return p, true
}

// PhotoItems reads all there is of a photo now.
func (t *Table) PhotoItems(ctx context.Context, id string) ([]Item, error) {
	return t.Partition(ctx, photoPartition(id))
}

// PhotosNamed gives the ids of the photos that the events among items name. An event that cannot be read names none.
func PhotosNamed(items []Item) []string {
	var ids []string
	for _, i := range items {
		if !strings.HasPrefix(text(i, "sk"), "E#") {
			continue
		}
		if e, err := record(i).Event(); err == nil {
			ids = append(ids, e.Data.Photos...)
		}
	}
	return slices.DeleteFunc(ids, func(id string) bool { return !photo.IsID(id) })
}

// Portable gives an item without the mark of what was loaded, which Restore puts on whatever is news.
func Portable(i Item) Item {
	if _, marked := i[loadedMark]; !marked {
		return i
	}
	i = maps.Clone(i)
	delete(i, loadedMark)
	return i
}

// Restore stores items as they are, over whatever has their keys. They are no news: nobody is told of the events and the
// editions among them.
func (t *Table) Restore(ctx context.Context, items []Item) error {
	var writes []types.WriteRequest
	for _, i := range items {
		if sk := text(i, "sk"); strings.HasPrefix(sk, "E#") || strings.HasPrefix(sk, "ED#") {
			i = maps.Clone(i)
			i[loadedMark] = str("yes")
		}
		writes = append(writes, types.WriteRequest{PutRequest: &types.PutRequest{Item: i}})
	}
	return t.writeAll(ctx, writes)
}

// Delete deletes items.
func (t *Table) Delete(ctx context.Context, items []Item) error {
	var writes []types.WriteRequest
	for _, i := range items {
		writes = append(writes, types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: Item{"pk": i["pk"], "sk": i["sk"]}}})
	}
	return t.writeAll(ctx, writes)
}

func (t *Table) writeAll(ctx context.Context, writes []types.WriteRequest) error {
	for len(writes) > 0 {
		n := min(batchItems, len(writes))
		if err := t.writeBatch(ctx, writes[:n]); err != nil {
			return err
		}
		writes = writes[n:]
	}
	return nil
}
