package stream_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/stream"
)

func TestRetryNamesTheFirstFailure(t *testing.T) {
	var records []events.DynamoDBEventRecord
	for _, sequence := range []string{"100", "101", "102", "103"} {
		records = append(records, events.DynamoDBEventRecord{EventID: "event " + sequence,
			Change: events.DynamoDBStreamRecord{SequenceNumber: sequence}})
	}
	bad := errors.New("bad")
	for want, failed := range map[string]map[int]error{
		`{"batchItemFailures":[]}`:                         nil,
		`{"batchItemFailures":[{"itemIdentifier":"100"}]}`: {3: bad, 0: bad},
		`{"batchItemFailures":[{"itemIdentifier":"102"}]}`: {3: bad, 2: bad, 1: nil},
	} {
		if got, err := json.Marshal(stream.Retry(records, failed)); string(got) != want || err != nil {
			t.Errorf("%v: got %s, %v; want %s", failed, got, err, want)
		}
	}
}
