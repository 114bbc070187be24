package events

import (
	"encoding/json"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/visitor/visitortest"
)

// deadlinePayloads are ticks of the schedule that wakes deadline.
func deadlinePayloads() map[string]any {
	return map[string]any{
		"deadline/wake": events.CloudWatchEvent{
			Version: "0", ID: "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa", DetailType: "Scheduled Event", Source: "aws.events",
			AccountID: "000000000000", Time: visitortest.Nine.Add(48 * time.Hour).UTC(), Region: "us-east-1",
			Resources: []string{"arn:aws:events:us-east-1:000000000000:rule/steledesk-deadline"}, Detail: json.RawMessage("{}"),
		},
	}
}
