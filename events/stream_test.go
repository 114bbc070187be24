package events

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

type image = map[string]events.DynamoDBAttributeValue

const streamARN = "arn:aws:dynamodb:us-east-1:000000000000:table/steledesk/stream/2026-11-01T00:00:00.000"

// record is one record of the table's stream, the n-th of its batch.
func record(n int, operation events.DynamoDBOperationType, before, after image) events.DynamoDBEventRecord {
	some := after
	if some == nil {
		some = before
	}
	return events.DynamoDBEventRecord{
		AWSRegion: "us-east-1", EventID: fmt.Sprintf("c4ca4238a0b923820dcc509a6f75849%d", n), EventName: string(operation),
		EventSource: "aws:dynamodb", EventVersion: "1.1", EventSourceArn: streamARN,
		Change: events.DynamoDBStreamRecord{
			ApproximateCreationDateTime: events.SecondsEpochTime{Time: visitortest.Nine},
			Keys:                        image{"pk": some["pk"], "sk": some["sk"]}, OldImage: before, NewImage: after,
			SequenceNumber: fmt.Sprintf("11100000000000000000%d", n), SizeBytes: int64(size(before) + size(after)),
			StreamViewType: "NEW_AND_OLD_IMAGES",
		},
	}
}

func size(i image) int {
	n := 0
	for name, value := range i {
		n += len(name)
		if value.DataType() == events.DataTypeString {
			n += len(value.String())
		}
	}
	return n
}

func text(s string) events.DynamoDBAttributeValue { return events.NewStringAttribute(s) }

func number(n int) events.DynamoDBAttributeValue { return events.NewNumberAttribute(strconv.Itoa(n)) }

// eventImage is an event's item as the table writes it. functions/dispatch holds the payloads to
// what the table really stores.
func eventImage(t *testing.T, e ticket.Event, f *visitor.Filed) image {
	t.Helper()
	r, err := e.Record()
	if err != nil {
		t.Fatal(err)
	}
	i := image{"pk": text("T#" + e.Ticket), "sk": text(fmt.Sprintf("E#%06d", e.Seq)), "body": text(r.Body), "hash": text(r.Hash)}
	if r.Words != "" {
		i["words"] = text(r.Words)
	}
	if f != nil {
		i["keySum"], i["matter"] = text(f.KeySum), text(f.MatterID)
	}
	return i
}

// headImage is a head's item, of a ticket that is still looked after by the clock.
func headImage(t *testing.T, h ticket.Head, f visitortest.Filing) image {
	t.Helper()
	head, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	shard := fnv.New32a()
	shard.Write([]byte(h.Number))
	return image{
		"pk": text("T#" + h.Number), "sk": text("HEAD"), "head": text(string(head)), "version": number(h.Version),
		"queue": text(h.Owner() + "#open"), "due": text(h.Due.AnswerBy.UTC().Format("2006-01-02T15:04:05.000Z") + "#" + h.Number),
		"month": text(fmt.Sprintf("%s#%d", h.FiledAt.Format("2006-01"), shard.Sum32()%8)), "number": text(h.Number),
		"gist":  text(f.Matter.Text),
		"alarm": text(fmt.Sprintf("A#%d", shard.Sum32()%4)), "alarmAt": text(h.Alarm.UTC().Format("2006-01-02T15:04:05.000Z")),
		"spot": text(h.Spot), "filed": text(h.FiledAt.UTC().Format("2006-01-02T15:04:05.000Z") + "#" + h.Number),
	}
}

// filed files at a fresh desk and gives what its store was given.
func filed(t *testing.T, f visitortest.Filing) visitor.Filed {
	t.Helper()
	store := visitortest.NewMemory()
	receipt := visitortest.File(t, visitortest.Desk(store), f)
	stored, _ := store.Filed(receipt.Number)
	return stored
}

// signed gives the head and event of ticketing's first command.
func signed(t *testing.T, f visitortest.Filing) (ticket.Head, ticket.Head, ticket.Event) {
	t.Helper()
	store := visitortest.NewMemory()
	receipt := visitortest.File(t, visitortest.Desk(store), f)
	before, _ := store.Filed(receipt.Number)
	after := visitortest.Give(t, store, receipt.Number, ticket.Command{
		Name: ticket.Sign, By: ticket.Actor{Role: ticket.SectionStaff, Login: "ticketing-1", Section: receipt.Section},
	}, visitortest.Nine.Add(10*time.Minute))
	now, err := store.Ticket(t.Context(), receipt.Number)
	if err != nil {
		t.Fatal(err)
	}
	event, err := now.Records[1].Event()
	if err != nil {
		t.Fatal(err)
	}
	return before.Head, after, event
}

func dispatchPayloads(t *testing.T) map[string]any {
	insert, modify := events.DynamoDBOperationTypeInsert, events.DynamoDBOperationTypeModify
	complaint, urgent := filed(t, visitortest.Complaint()), filed(t, visitortest.Urgent())
	before, after, sign := signed(t, visitortest.Complaint())
	broken := eventImage(t, sign, nil)
	broken["body"] = text(broken["body"].String()[:40])
	batch := func(r ...events.DynamoDBEventRecord) events.DynamoDBEvent { return events.DynamoDBEvent{Records: r} }
	return map[string]any{
		"dispatch/inserted-event": batch(record(1, insert, nil, eventImage(t, complaint.Event, &complaint))),
		"dispatch/two-tickets": batch(
			record(1, insert, nil, eventImage(t, complaint.Event, &complaint)),
			record(2, insert, nil, eventImage(t, urgent.Event, &urgent)),
			record(3, insert, nil, eventImage(t, sign, nil))),
		"dispatch/modify-head": batch(
			record(1, modify, headImage(t, before, visitortest.Complaint()), headImage(t, after, visitortest.Complaint())),
			record(2, insert, nil, headImage(t, urgent.Head, visitortest.Urgent()))),
		"dispatch/poison": batch(
			record(1, insert, nil, eventImage(t, complaint.Event, &complaint)),
			record(2, insert, nil, broken),
			record(3, insert, nil, eventImage(t, urgent.Event, &urgent))),
	}
}
