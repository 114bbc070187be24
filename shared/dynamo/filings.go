package dynamo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Filings are counted by the spot in items of five minutes each, one attribute a spot. They lie in one partition, so
// that the counts of a window are one Query of half a read unit, however long it is and however many spots have filings.
const (
	filings     = "FILINGS"
	filingsSlot = 5 * time.Minute
	filingsKept = 2 * time.Hour // longer than any window an office may set
	nowhere     = "nowhere"     // the attribute of filings without a spot; spots have capital letters
)

// CountFilings adds filings, by spot ("" for those without), to the counts of the time they were filed at: one write.
// Called twice for the same filings it counts them twice.
func (t *Table) CountFilings(ctx context.Context, at time.Time, bySpot map[string]int) error {
	slot := at.Truncate(filingsSlot)
	names, values := map[string]string{"#ttl": "ttl"}, Item{":ttl": num(slot.Add(filingsKept).Unix())}
	var add []string
	for i, spot := range slices.Sorted(maps.Keys(bySpot)) {
		n := strconv.Itoa(i)
		names["#s"+n], values[":n"+n] = spotAttribute(spot), num(bySpot[spot])
		add = append(add, "#s"+n+" :n"+n)
	}
	if len(add) == 0 {
		return nil
	}
	_, err := t.client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &t.name, Key: key(filings, instant(slot)),
		UpdateExpression:         aws.String("SET #ttl = :ttl ADD " + strings.Join(add, ", ")),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	})
	return wrap("count filings", err)
}

// Filings gives how many were filed by spot ("" for those without) since a time, rounded down to five minutes, as far
// as they are counted by now: the stream is a second or so behind.
func (t *Table) Filings(ctx context.Context, since time.Time) (map[string]int, error) {
	out, err := t.client.Query(ctx, &dynamodb.QueryInput{
		TableName: &t.name, KeyConditionExpression: aws.String("pk = :pk AND sk >= :since"),
		ExpressionAttributeValues: Item{":pk": str(filings), ":since": str(instant(since.Truncate(filingsSlot)))},
	})
	if err != nil {
		return nil, fmt.Errorf("read counts of filings: %w", err)
	}
	counts := map[string]int{}
	for _, item := range out.Items {
		for name, value := range item {
			if _, is := value.(*types.AttributeValueMemberN); is && name != "ttl" {
				counts[attributeSpot(name)] += int(number(item, name))
			}
		}
	}
	return counts, nil
}

func spotAttribute(spot string) string {
	if spot == "" {
		return nowhere
	}
	return spot
}

func attributeSpot(name string) string {
	if name == nowhere {
		return ""
	}
	return name
}
