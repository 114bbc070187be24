package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/dynamo"
	"steledesk/shared/queue"
)

// Teller carries news of papers to the office and gives an error for each, by its place, that did not arrive.
type Teller interface {
	Tell(ctx context.Context, all []queue.Papers) map[int]error
}

// tellPapers carries what was stored of digests. A failure is its record's, as with events.
func (d *dispatcher) tellPapers(ctx context.Context, records []events.DynamoDBEventRecord, failed map[int]error) {
	var all []queue.Papers
	var places []int
	for i, r := range records {
		p, is, err := papersOf(r)
		switch {
		case err != nil:
			failed[i] = err
		case is:
			all, places = append(all, p), append(places, i)
		}
	}
	if len(all) == 0 {
		return
	}
	for i, err := range d.papers.Tell(ctx, all) {
		failed[places[i]] = fmt.Errorf("%s: %w", all[i].Event, err)
	}
}

// papersOf reads from a record's keys which edition was stored; is is false of other records.
func papersOf(r events.DynamoDBEventRecord) (p queue.Papers, is bool, err error) {
	pk, sk := r.Change.Keys["pk"], r.Change.Keys["sk"]
	if !dynamo.News(r.Change.NewImage) || r.EventName != string(events.DynamoDBOperationTypeInsert) || pk.DataType() != events.DataTypeString || sk.DataType() != events.DataTypeString {
		return p, false, nil
	}
	month, number, is, err := dynamo.EditionOf(pk.String(), sk.String())
	if !is || err != nil {
		return p, is, err
	}
	return queue.NewPapers(month, number, r.Change.ApproximateCreationDateTime.Time), true, nil
}
