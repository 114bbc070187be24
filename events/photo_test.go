package events

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/visitor/visitortest"
)

// photoID is the id of the payloads' photo.
const photoID = "2emvfnxgxmbi4hcxd5oyvu7mqa-0123456789abcdef"

// photoPayloads are what wakes photo: an upload, one that failed as often as Lambda tries by itself, and the end of a
// photo that no ticket named.
func photoPayloads(t *testing.T) map[string]any {
	t.Helper()
	uploaded := object{"Records": []any{object{
		"eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "us-east-1", "eventTime": visitortest.Nine.UTC().Format("2006-01-02T15:04:05.000Z"),
		"eventName": "ObjectCreated:Post", "userIdentity": object{"principalId": "AWS:AROAEXAMPLE"},
		"requestParameters": object{"sourceIPAddress": "203.0.113.9"},
		"responseElements":  object{"x-amz-request-id": "C3D13FE58DE4C810", "x-amz-id-2": "FMyUVURIY8/IgAtTv8xRjskZQpcIZ9KG4V5Wp6S7S/JRWeUWerMUE5JgHvANOjpD"},
		"s3": object{
			"s3SchemaVersion": "1.0", "configurationId": "PhotoFunctionUploaded",
			"bucket": object{"name": "steledesk-photos-000000000000", "ownerIdentity": object{"principalId": "A3NL1KOZZKExample"}, "arn": "arn:aws:s3:::steledesk-photos-000000000000"},
			"object": object{"key": "uploads/" + photoID, "size": 284113, "eTag": "d41d8cd98f00b204e9800998ecf8427e", "sequencer": "0A1B2C3D4E5F678901"},
		},
	}}}
	failed, err := json.Marshal(object{
		"version": "1.0", "timestamp": visitortest.Nine.UTC().Format("2006-01-02T15:04:05.000Z"),
		"requestContext": object{
			"requestId": "e4b46cbf-b738-4dc2-9ff8-4b6b1b4bd1a2", "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:steledesk-photo:$LATEST",
			"condition": "RetriesExhausted", "approximateInvokeCount": 3,
		},
		"requestPayload": uploaded, "responseContext": object{"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
		"responsePayload": object{"errorType": "Runtime.ExitError", "errorMessage": "RequestId: e4b46cbf Error: Runtime exited with error: signal: killed"},
	})
	if err != nil {
		t.Fatal(err)
	}
	again := queued("x", string(failed))
	again.Records[0].EventSourceARN = "arn:aws:sqs:us-east-1:000000000000:steledesk-photo-failures"
	return map[string]any{
		"photo/uploaded": uploaded, "photo/again": again,
		"photo/forgotten": events.DynamoDBEvent{Records: []events.DynamoDBEventRecord{record(1, events.DynamoDBOperationTypeRemove, image{
			"pk": text("P#" + photoID), "sk": text("HEAD"), "state": text("ready"), "width": number(1600), "height": number(1200),
			"tries": number(1), "ttl": number(1795914000),
		}, nil)}},
	}
}
