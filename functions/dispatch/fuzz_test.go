package main

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/shared/visitor/visitortest"
)

// FuzzStream: no image of the table's stream brings the function down; what is an event is sent, or comes again.
func FuzzStream(f *testing.F) {
	for _, name := range []string{"inserted-event", "two-tickets", "modify-head", "poison"} {
		f.Add(golden.Payload(f, "dispatch/"+name))
	}
	f.Add([]byte(`{"Records":[{"eventName":"INSERT","dynamodb":{"Keys":{"sk":{"S":"E#000001"}},"NewImage":{"body":{"L":[]},"hash":{"NULL":true}}}}]}`))
	f.Fuzz(func(t *testing.T, payload []byte) {
		var e events.DynamoDBEvent
		if json.Unmarshal(payload, &e) != nil {
			return // the runtime does not even call
		}
		s := &sender{}
		d := &dispatcher{sections: s, visitors: &s.visitors, phones: &s.visitors, counter: &s.counts, stack: "steledesk", now: func() time.Time { return visitortest.Nine }, papers: &told{}, log: slog.New(slog.DiscardHandler)}
		out, err := d.handle(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		due := 0
		for _, r := range e.Records {
			if isEvent(r) {
				due++
			}
		}
		if due > len(s.sent) && len(out.BatchItemFailures) == 0 {
			t.Errorf("%d events, %d sent, nothing comes again: %s", due, len(s.sent), payload)
		}
	})
}
