package events

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// digestPayloads are the schedule's tick on the first of the month, the same after three tries that failed, and an order.
func digestPayloads(t *testing.T) map[string]any {
	tick := events.CloudWatchEvent{
		Version: "0", ID: "7bf73129-1428-4cd3-a780-95db273d1602", DetailType: "Scheduled Event", Source: "aws.events",
		AccountID: "000000000000", Time: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Region: "us-east-1",
		Resources: []string{"arn:aws:events:us-east-1:000000000000:rule/steledesk-digest"}, Detail: json.RawMessage("{}"),
	}
	failed, err := json.Marshal(object{
		"version": "1.0", "timestamp": "2026-12-01T00:18:07.000Z",
		"requestContext": object{
			"requestId": "0b8b7a52-8f0c-4f6d-b3c8-0f3c8b1c2a11", "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:steledesk-digest:$LATEST",
			"condition": "RetriesExhausted", "approximateInvokeCount": 3,
		},
		"requestPayload": tick, "responseContext": object{"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
		"responsePayload": object{"errorType": "errorString", "errorMessage": "count 2026-11: list a month's tickets"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"digest/monthly": tick, "digest/again": queuedIn("digest", string(failed)),
		"digest/ordered": queuedIn("digest", `{"v":1,"month":"2026-10","by":"office","reason":"节假日有误"}`),
	}
}
