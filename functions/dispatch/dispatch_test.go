package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/events/golden"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }

// sender notes what is sent, and fails what a test wants to fail.
type sender struct {
	sent   []string
	fail   func(ticket.Event) error
	counts counts

	visitors visitors
}

func (s *sender) Send(_ context.Context, all []ticket.Event) map[int]error {
	failed := map[int]error{}
	for i, e := range all {
		if s.fail != nil && s.fail(e) != nil {
			failed[i] = s.fail(e)
			continue
		}
		s.sent = append(s.sent, fmt.Sprintf("%s %s to %v", e.ID(), e.What, e.Audience()))
	}
	return failed
}

// dispatcher is the function over s, with its log in out.
func (s *sender) dispatcher(out *bytes.Buffer) *dispatcher {
	return &dispatcher{
		sections: s, visitors: &s.visitors, phones: &s.visitors, counter: &s.counts, stack: "steledesk", now: func() time.Time { return visitortest.Nine }, log: slog.New(slog.NewJSONHandler(out, nil)),
	}
}

func dispatch(t *testing.T, s *sender, payload []byte) (answer []byte, log string) {
	t.Helper()
	var out bytes.Buffer
	return golden.Invoke(t, s.dispatcher(&out).handle, payload), out.String()
}

func TestPayloads(t *testing.T) {
	const complaint, urgent = "WX-K37G0A0H.1 filed to [ticketing]", "WX-NVNNH70E.1 filed to [relics]"
	for name, want := range map[string][]string{
		"inserted-event": {complaint},
		"two-tickets":    {complaint, urgent, "WX-K37G0A0H.2 signed to [ticketing]"},
		"modify-head":    nil,
		"poison":         {complaint, urgent}, // what comes after the poison may be sent again: its readers know it by its id
	} {
		t.Run(name, func(t *testing.T) {
			s := &sender{}
			answer, log := dispatch(t, s, golden.Payload(t, "dispatch/"+name))
			golden.Check(t, name, answer)
			if strings.Join(s.sent, "\n") != strings.Join(want, "\n") {
				t.Errorf("sent %v, want %v", s.sent, want)
			}
			if (name == "poison") != strings.Contains(log, `"level":"ERROR"`) {
				t.Errorf("log: %s", log)
			}
		})
	}
}

// A poisonous record is named by its sequence number, and what was sent is counted without it: one good event and one
// bad used to be "0 carried".
func TestPoisonIsNamedAndCounted(t *testing.T) {
	_, log := dispatch(t, &sender{}, golden.Payload(t, "dispatch/poison"))
	for _, want := range []string{
		`"sequence":"111000000000000000002","ticket":"WX-K37G0A0H","seq":2`, `"failed":1,"records":3,"events":2,"tickets":["WX-K37G0A0H","WX-NVNNH70E"]`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say %s: %s", want, log)
		}
	}
}

// Lambda comes back from the first record that failed, whichever way and in whichever order it was found.
func TestFirstFailureIsNamed(t *testing.T) {
	s := &sender{fail: func(e ticket.Event) error {
		if e.What == ticket.Signed || strings.HasPrefix(e.Ticket, "WX-NV") {
			return errors.New("SQS is away")
		}
		return nil
	}}
	answer, log := dispatch(t, s, golden.Payload(t, "dispatch/two-tickets"))
	var got events.DynamoDBEventResponse
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatal(err)
	}
	if len(got.BatchItemFailures) != 1 || got.BatchItemFailures[0].ItemIdentifier != "111000000000000000002" {
		t.Errorf("got %+v, want the second record", got)
	}
	for _, want := range []string{`"ticket":"WX-NVNNH70E","seq":1`, `"ticket":"WX-K37G0A0H","seq":2`, "SQS is away", `"failed":2,"records":3,"events":1`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say %s: %s", want, log)
		}
	}
}

// Records that cannot be events' are passed over; those that should be and cannot be read are failures.
func TestOddRecords(t *testing.T) {
	text := events.NewStringAttribute
	record := func(name string, keys, image map[string]events.DynamoDBAttributeValue) events.DynamoDBEventRecord {
		return events.DynamoDBEventRecord{EventName: name, Change: events.DynamoDBStreamRecord{
			Keys: keys, NewImage: image, SequenceNumber: "1"}}
	}
	type image = map[string]events.DynamoDBAttributeValue
	event := image{"pk": text("T#WX-K37G0A0H"), "sk": text("E#000001")}
	tests := []struct {
		name   string
		record events.DynamoDBEventRecord
		fails  bool
	}{
		{"removed by the table", record("REMOVE", event, nil), false},
		{"a contact", record("INSERT", image{"sk": text("CONTACT")}, image{"sealed": text("1:x")}), false},
		{"a delivery", record("INSERT", image{"sk": text("D#1#bot")}, nil), false},
		{"no keys", record("INSERT", nil, nil), false},
		{"a number for a key", record("INSERT", image{"sk": events.NewNumberAttribute("1")}, nil), false},
		{"an event without image", record("INSERT", event, nil), true},
		{"an event without body", record("INSERT", event, image{"hash": text("x")}), true},
		{"a body that is a number", record("INSERT", event, image{"body": events.NewNumberAttribute("1")}), true},
		{"an event that was loaded and is no news", record("INSERT", event, image{"body": text("[]"), "loaded": text("yes")}), false},
		{"a body of another kind", record("INSERT", event, image{"body": text("[]")}), true},
	}
	for _, test := range tests {
		payload, err := json.Marshal(events.DynamoDBEvent{Records: []events.DynamoDBEventRecord{test.record}})
		if err != nil {
			t.Fatal(err)
		}
		answer, _ := dispatch(t, &sender{}, payload)
		if failed := strings.Contains(string(answer), `"itemIdentifier":"1"`); failed != test.fails {
			t.Errorf("%s: got %s", test.name, answer)
		}
	}
}

func TestEmptyBatch(t *testing.T) {
	answer, _ := dispatch(t, &sender{}, []byte(`{"Records":[]}`))
	if string(answer) != `{"batchItemFailures":[]}` {
		t.Errorf("got %s", answer)
	}
}

// The payloads' images are what the table really stores: events/ writes them down, and this finds the drift.
func TestImagesAreTheTables(t *testing.T) {
	cfg, name := dynamotest.Table(t)
	visitortest.File(t, visitortest.Desk(dynamo.Open(cfg, name)), visitortest.Complaint())
	stored := map[string]map[string]types.AttributeValue{}
	out, err := dynamodb.NewFromConfig(cfg).Scan(t.Context(), &dynamodb.ScanInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range out.Items {
		stored[item["sk"].(*types.AttributeValueMemberS).Value] = item
	}
	for payload, sk := range map[string]string{"inserted-event": "E#000001", "modify-head": "HEAD"} {
		var e events.DynamoDBEvent
		if err := json.Unmarshal(golden.Payload(t, "dispatch/"+payload), &e); err != nil {
			t.Fatal(err)
		}
		image := e.Records[0].Change.NewImage
		if payload == "modify-head" {
			image = e.Records[0].Change.OldImage
		}
		if got, want := flat(image), flatItem(stored[sk]); got != want {
			t.Errorf("%s: the payload has\n%s\nthe table\n%s", payload, got, want)
		}
	}
}

func flat(image map[string]events.DynamoDBAttributeValue) string {
	values := map[string]string{}
	for name, v := range image {
		if v.DataType() == events.DataTypeNumber {
			values[name] = "number " + v.Number()
		} else {
			values[name] = v.String()
		}
	}
	return fmt.Sprint(values)
}

func flatItem(item map[string]types.AttributeValue) string {
	values := map[string]string{}
	for name, v := range item {
		switch v := v.(type) {
		case *types.AttributeValueMemberS:
			values[name] = v.Value
		case *types.AttributeValueMemberN:
			values[name] = "number " + v.Value
		}
	}
	return fmt.Sprint(values)
}
