package events

import (
	"crypto/md5" //nolint:gosec // SQS's own checksum
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/queue"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// message is a record of an SQS event. AWS leaves out the digest of attributes that are not there.
type message struct {
	events.SQSMessage
	Md5OfMessageAttributes string `json:"md5OfMessageAttributes,omitempty"`
}

type batch struct {
	Records []message `json:"Records"`
}

// queued is a batch of a section's queue.
func queued(section string, bodies ...string) batch { return queuedIn("section-"+section, bodies...) }

// queuedIn is a batch of the stack's queue of that name.
func queuedIn(name string, bodies ...string) batch {
	var b batch
	for i, body := range bodies {
		sum := md5.Sum([]byte(body)) //nolint:gosec // SQS's own checksum
		sent := strconv.FormatInt(visitortest.Nine.UnixMilli()+int64(i), 10)
		b.Records = append(b.Records, message{SQSMessage: events.SQSMessage{
			MessageId:     fmt.Sprintf("059f36b4-87a3-44ab-83d2-661975830a%02d", i+1),
			ReceiptHandle: fmt.Sprintf("AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a%02d", i+1),
			Body:          body, Md5OfBody: hex.EncodeToString(sum[:]),
			Attributes: map[string]string{
				"ApproximateReceiveCount": "1", "SentTimestamp": sent, "SenderId": "AROAEXAMPLE:steledesk-dispatch",
				"ApproximateFirstReceiveTimestamp": sent,
			},
			MessageAttributes: map[string]events.SQSMessageAttribute{},
			EventSource:       "aws:sqs", EventSourceARN: "arn:aws:sqs:us-east-1:000000000000:steledesk-" + name,
			AWSRegion: "us-east-1",
		}})
	}
	return b
}

func body(t *testing.T, e ticket.Event) string {
	t.Helper()
	text, err := json.Marshal(queue.NewMessage(e))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// another files the complaint once more, by another visitor.
func another(n int) visitortest.Filing {
	f := visitortest.Complaint()
	f.Key = fmt.Sprintf("3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7e%02d", n)
	return f
}

func notifyPayloads(t *testing.T) map[string]any {
	complaint := body(t, filed(t, visitortest.Complaint()).Event)
	_, _, sign := signed(t, visitortest.Complaint())
	return map[string]any{
		"notify/one": queued("ticketing", complaint),
		"notify/burst": queued("ticketing", complaint, body(t, filed(t, another(1)).Event),
			body(t, filed(t, another(2)).Event), body(t, sign)),
		"notify/report": queued("discipline", body(t, filed(t, visitortest.Report()).Event)),
		"notify/poison": queued("ticketing", `{"v":1,"event":`, complaint, `{"v":2,"event":"WX-7K3FQ2MK.1","news":"of a later version"}`),
	}
}

func pushPayloads(t *testing.T) map[string]any {
	_, _, sign := signed(t, visitortest.Complaint())
	return map[string]any{"push/news": queuedIn("visitors", body(t, sign), `{"v":1,"event":`)}
}
