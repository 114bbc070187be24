package dynamo

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/shared/ticket"
)

// Trace is what shows that there is a ticket, or was.
type Trace struct {
	Number string
	Trial  bool   // its head or an event was seen, and marked as the desk's own trial
	Named  string // the item elsewhere that names the ticket; empty: items of its own were seen
}

// Scan lists every trace of a ticket in one of segments parts of the table: those of which any item is left, once, and
// each item elsewhere that was stored together with an event of a ticket. It reads the whole table, where the index of
// months would not show a ticket whose head was taken away. It ends at the first error.
func (t *Table) Scan(ctx context.Context, segment, segments int) iter.Seq2[Trace, error] {
	return func(yield func(Trace, error) bool) {
		var last Trace
		for i, err := range t.traces(ctx, segment, segments) {
			if err != nil {
				yield(Trace{}, err)
				return
			}
			next := trace(i)
			switch {
			case next.Number == "":
				continue
			case next.Named == "" && last.Named == "" && next.Number == last.Number:
				last.Trial = last.Trial || next.Trial
				continue
			case last.Number != "" && !yield(last, nil):
				return
			}
			last = next
		}
		if last.Number != "" {
			yield(last, nil)
		}
	}
}

// traces gives the items that may be traces, without what is written in them.
func (t *Table) traces(ctx context.Context, segment, segments int) iter.Seq2[Item, error] {
	pages := dynamodb.NewScanPaginator(t.client, &dynamodb.ScanInput{
		TableName: &t.name, Segment: aws.Int32(int32(segment)), TotalSegments: aws.Int32(int32(segments)),
		FilterExpression: aws.String("begins_with(pk, :ticket) OR begins_with(pk, :own) OR begins_with(pk, :acts)" +
			" OR attribute_exists(ticket) AND (begins_with(pk, :photo) OR begins_with(pk, :month))"),
		ExpressionAttributeValues: Item{
			":ticket": str(partition("")), ":own": str("F#"), ":acts": str("A#"), ":photo": str(photoPartition("")), ":month": str("M#"),
		},
		ProjectionExpression:     aws.String("pk, sk, #canary, #ttl, ticket, #number"),
		ExpressionAttributeNames: map[string]string{"#canary": canaryMark, "#ttl": "ttl", "#number": "number"},
	})
	return func(yield func(Item, error) bool) {
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(nil, fmt.Errorf("scan the table: %w", err))
				return
			}
			for _, i := range page.Items {
				if !yield(i, nil) {
					return
				}
			}
		}
	}
}

// trace reads what an item shows; without a number it shows nothing. Of events, only a trial's are ever deleted by time.
func trace(i Item) Trace {
	pk, sk := text(i, "pk"), text(i, "sk")
	if number, own := TicketOf(i); own {
		if !IsTicket([]Item{i}) {
			return Trace{}
		}
		_, marked := i[canaryMark]
		_, ends := i["ttl"]
		return Trace{Number: number, Trial: sk == "HEAD" && marked || strings.HasPrefix(sk, "E#") && ends}
	}
	named := Trace{Named: pk + " " + sk}
	switch pk[:min(2, len(pk))] {
	case "F#":
		named.Number = text(i, "number")
	case "A#": // an entry of what was done is called by its event
		_, event, _ := strings.Cut(sk, "#")
		if number, _, is := strings.Cut(event, "."); is && isNumber(number) {
			named.Number = number
		}
	default:
		named.Number = text(i, "ticket")
	}
	return named
}

// IsTicket reports whether items of a partition are of a ticket, or are what is left of one. What was told of a month's
// papers lies where a ticket's would, and is none's.
func IsTicket(items []Item) bool {
	if len(items) == 0 {
		return false
	}
	number, own := TicketOf(items[0])
	return own && (HasRecord(items) || isNumber(number))
}

func isNumber(text string) bool {
	number, err := ticket.ParseNumber(text)
	return err == nil && number == text
}
