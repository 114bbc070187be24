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

	"steledesk/shared/photo"
	"steledesk/shared/ticket"
)

// unusedKept is how long a photo that no ticket names is kept. Its item goes by the table's own doing, and function
// photo deletes what it stood for.
const unusedKept = 7 * 24 * time.Hour

// forever is the end of the last year that has four digits, in seconds: the time-to-live of what a ticket names.
const forever = 253402300799

func photoPartition(id string) string { return "P#" + id }

// PhotoID gives the id of a photo's item by its partition key.
func PhotoID(pk string) (string, bool) {
	id, is := strings.CutPrefix(pk, "P#")
	return id, is && photo.IsID(id)
}

// BeginPhoto counts a try to clean a photo and gives how many there were with this one; 0 when what becomes of the
// photo is settled already.
func (t *Table) BeginPhoto(ctx context.Context, id string, now time.Time) (int, error) {
	out, err := t.updatePhoto(ctx, id, &dynamodb.UpdateItemInput{
		UpdateExpression:          aws.String("SET #ttl = if_not_exists(kept, :unused) ADD tries :one"),
		ExpressionAttributeNames:  map[string]string{"#state": "state", "#ttl": "ttl"},
		ExpressionAttributeValues: Item{":one": num(1), ":unused": num(now.Add(unusedKept).Unix())},
	})
	if err != nil || out == nil {
		return 0, wrap("begin photo "+id, err)
	}
	return int(number(out.Attributes, "tries")), nil
}

// GiveBackPhoto takes a try back that failed for a reason that is not the photo's.
func (t *Table) GiveBackPhoto(ctx context.Context, id string) error {
	_, err := t.updatePhoto(ctx, id, &dynamodb.UpdateItemInput{
		UpdateExpression:          aws.String("ADD tries :less"),
		ExpressionAttributeNames:  map[string]string{"#state": "state"},
		ExpressionAttributeValues: Item{":less": num(-1)},
	})
	return wrap("give photo "+id+" back", err)
}

// SettlePhoto notes what became of a photo. The first to do so is right for ever.
func (t *Table) SettlePhoto(ctx context.Context, p photo.Photo) error {
	_, err := t.updatePhoto(ctx, p.ID, &dynamodb.UpdateItemInput{
		UpdateExpression:         aws.String("SET #state = :state, #reason = :reason, #width = :width, #height = :height"),
		ExpressionAttributeNames: map[string]string{"#state": "state", "#reason": "reason", "#width": "width", "#height": "height"},
		ExpressionAttributeValues: Item{
			":state": str(string(p.State)), ":reason": str(string(p.Reason)), ":width": num(p.Width), ":height": num(p.Height),
		},
	})
	return wrap("settle photo "+p.ID, err)
}

// updatePhoto updates a photo's item unless what becomes of it is settled; then it gives nil. A filing that names the
// photo at this moment is waited for.
func (t *Table) updatePhoto(ctx context.Context, id string, in *dynamodb.UpdateItemInput) (*dynamodb.UpdateItemOutput, error) {
	in.TableName, in.Key = &t.name, key(photoPartition(id), "HEAD")
	in.ConditionExpression, in.ReturnValues = aws.String("attribute_not_exists(#state)"), types.ReturnValueAllNew
	var err error
	for try := range conflictTries {
		var out *dynamodb.UpdateItemOutput
		out, err = t.client.UpdateItem(ctx, in)
		var settled *types.ConditionalCheckFailedException
		var conflict *types.TransactionConflictException
		switch {
		case errors.As(err, &settled):
			return nil, nil
		case !errors.As(err, &conflict):
			return out, err
		}
		if err := pause(ctx, try); err != nil {
			return nil, err
		}
	}
	return nil, err
}

// keepPhotos writes that a ticket names the photos of events, so that they last as long as it does: also those that
// have not arrived yet.
func (t *Table) keepPhotos(events []ticket.Event) []types.TransactWriteItem {
	var writes []types.TransactWriteItem
	for _, e := range events {
		for _, id := range e.Data.Photos {
			writes = append(writes, types.TransactWriteItem{Update: &types.Update{
				TableName: &t.name, Key: key(photoPartition(id), "HEAD"),
				UpdateExpression:          aws.String("SET ticket = if_not_exists(ticket, :ticket), kept = :forever, #ttl = :forever"),
				ExpressionAttributeNames:  map[string]string{"#ttl": "ttl"},
				ExpressionAttributeValues: Item{":ticket": str(e.Ticket), ":forever": num(forever)},
			}})
		}
	}
	return writes
}

// maxBatch is how many items one BatchGetItem reads.
const maxBatch = 100

// Photos gives what is known of photos, by their ids; of those that have not arrived nothing is.
func (t *Table) Photos(ctx context.Context, ids []string) (map[string]photo.Photo, error) {
	found := map[string]photo.Photo{}
	for chunk := range slices.Chunk(distinct(ids), maxBatch) {
		keys := make([]Item, len(chunk))
		for i, id := range chunk {
			keys[i] = key(photoPartition(id), "HEAD")
		}
		if err := t.readPhotos(ctx, keys, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func distinct(ids []string) []string {
	ids = slices.Sorted(slices.Values(ids))
	return slices.Compact(ids)
}

// readPhotos reads items until none is left over: DynamoDB may answer a part and name the rest.
func (t *Table) readPhotos(ctx context.Context, keys []Item, found map[string]photo.Photo) error {
	for try := 0; len(keys) > 0; try++ {
		out, err := t.client.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{t.name: {Keys: keys}}})
		if err != nil {
			return fmt.Errorf("read photos: %w", err)
		}
		for _, i := range out.Responses[t.name] {
			id, _ := strings.CutPrefix(text(i, "pk"), "P#")
			found[id] = photo.Photo{
				ID: id, State: photo.State(text(i, "state")), Reason: photo.Reason(text(i, "reason")),
				Width: int(number(i, "width")), Height: int(number(i, "height")),
			}
		}
		keys = out.UnprocessedKeys[t.name].Keys
		if len(keys) == 0 {
			return nil
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
	return nil
}
