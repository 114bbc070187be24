// Package stream is the loop of a DynamoDB stream's consumer.
package stream

import (
	"github.com/aws/aws-lambda-go/events"
)

// Retry tells Lambda to come back with the records from the first failed one on. Failed holds the
// places of records that were not carried; none means that all were.
func Retry(records []events.DynamoDBEventRecord, failed map[int]error) events.DynamoDBEventResponse {
	for i, r := range records {
		if failed[i] != nil {
			return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{
				{ItemIdentifier: r.Change.SequenceNumber},
			}}
		}
	}
	return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{}}
}
