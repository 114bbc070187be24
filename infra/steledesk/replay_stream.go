package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"steledesk/shared/dynamo"
	"steledesk/shared/queue"
	"steledesk/shared/ticket"
)

// span is the place of records in the table's stream, as Lambda tells it when it gave up on them.
// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
type span struct {
	Stream string `json:"streamArn"`
	Shard  string `json:"shardId"`
	Start  string `json:"startSequenceNumber"`
	End    string `json:"endSequenceNumber"`
	First  string `json:"approximateArrivalOfFirstRecord"`
	Last   string `json:"approximateArrivalOfLastRecord"`
}

var sequencePattern = regexp.MustCompile(`^[0-9]{1,40}$`)

func (r *replay) span(body string) (span, error) {
	var message struct {
		Batch span `json:"DDBStreamBatchInfo"`
	}
	if err := json.Unmarshal([]byte(body), &message); err != nil {
		return span{}, stays("decode stream failure: %v", err)
	}
	s := message.Batch
	switch {
	case s.Stream == "" || s.Shard == "" || !sequencePattern.MatchString(s.Start) || !sequencePattern.MatchString(s.End):
		return s, stays("it has no DDBStreamBatchInfo with streamArn, shardId, startSequenceNumber and endSequenceNumber")
	case !strings.Contains(s.Stream, ":table/"+r.stack.name+"/stream/"):
		return s, stays("it is about another table's stream, %s", s.Stream)
	}
	return s, nil
}

// streamFailure sends the news that stands at the message's place in the stream.
func (r *replay) streamFailure(ctx context.Context, m sqstypes.Message) (string, error) {
	place, err := r.span(aws.ToString(m.Body))
	if err != nil {
		return "", err
	}
	records, whole, err := r.records(ctx, place)
	if err != nil {
		return "", err
	}
	found, unreadable := newsIn(records)
	if !r.dry {
		if err := r.sendNews(ctx, found); err != nil {
			return "", err
		}
	}
	what := found.String()
	switch {
	case !whole:
		return "", stays("the stream keeps records for 24 hours, and %s; they are of %s to %s. Sent: %s.\n"+
			"  Look for the tickets in dispatch's log of that time, send each with: steledesk replay --ticket NUMBER\n"+
			"  and then: steledesk replay --settled %s",
			map[bool]string{true: "these are gone", false: "some of these are gone"}[len(records) == 0],
			place.First, place.Last, what, aws.ToString(m.MessageId))
	case len(unreadable) > 0:
		return "", stays("%s; sent: %s", strings.Join(unreadable, "; "), what)
	}
	return what, nil
}

// maxEmpty is after how many answers without a record the rest of a shard counts as empty.
const maxEmpty = 50

// records reads what stands at a place in the stream. whole is false when some of it is not there
// any more.
func (r *replay) records(ctx context.Context, s span) (found []types.Record, whole bool, err error) {
	iterator, whole, err := r.iterator(ctx, s)
	if err != nil {
		return nil, false, err
	}
	for empty := 0; iterator != nil && empty < maxEmpty; empty++ {
		out, err := r.streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator})
		if gone(err) {
			return found, false, nil
		}
		if err != nil {
			return nil, false, fmt.Errorf("read stream: %w", err)
		}
		for _, record := range out.Records {
			empty = 0
			at := aws.ToString(record.Dynamodb.SequenceNumber)
			if later(s.Start, at) {
				continue
			}
			if later(at, s.End) {
				return found, false, nil
			}
			found = append(found, record)
			if !later(s.End, at) {
				return found, whole && starts(found, s.Start), nil
			}
		}
		iterator = out.NextShardIterator
	}
	return found, false, nil
}

// iterator begins at a place in the stream, or, when that is gone, at what is left: whole is false then.
// It is nil when nothing is left.
func (r *replay) iterator(ctx context.Context, s span) (iterator *string, whole bool, err error) {
	for _, from := range []types.ShardIteratorType{types.ShardIteratorTypeAtSequenceNumber, types.ShardIteratorTypeTrimHorizon} {
		in := &dynamodbstreams.GetShardIteratorInput{StreamArn: &s.Stream, ShardId: &s.Shard, ShardIteratorType: from}
		if from == types.ShardIteratorTypeAtSequenceNumber {
			in.SequenceNumber = &s.Start
		}
		out, err := r.streams.GetShardIterator(ctx, in)
		if err == nil {
			return out.ShardIterator, from == types.ShardIteratorTypeAtSequenceNumber, nil
		}
		if !gone(err) {
			return nil, false, fmt.Errorf("find place in stream: %w", err)
		}
	}
	return nil, false, nil
}

// gone reports whether an error says that records, their shard or their stream are no longer kept.
func gone(err error) bool {
	var trimmed *types.TrimmedDataAccessException
	var missing *types.ResourceNotFoundException
	return errors.As(err, &trimmed) || errors.As(err, &missing)
}

// later compares sequence numbers, which are decimal and of any length.
func later(a, b string) bool {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	if len(a) != len(b) {
		return len(a) > len(b)
	}
	return a > b
}

func starts(found []types.Record, start string) bool {
	first := aws.ToString(found[0].Dynamodb.SequenceNumber)
	return !later(first, start)
}

// news is what records of the table's stream tell sections, as dispatch reads them.
type news struct {
	events []ticket.Event
	papers []queue.Papers // editions of a month's digest, which the office is told of
}

// newsIn reads the news among records; the rest of the table's changes go nowhere. unreadable says which records should
// be news and are none.
func newsIn(records []types.Record) (found news, unreadable []string) {
	for _, r := range records {
		if r.EventName != types.OperationTypeInsert {
			continue
		}
		if err := found.add(r); err != nil {
			unreadable = append(unreadable, fmt.Sprintf("%s %s (record %s): %v",
				textOf(r.Dynamodb.Keys, "pk"), textOf(r.Dynamodb.Keys, "sk"), aws.ToString(r.Dynamodb.SequenceNumber), err))
		}
	}
	return found, unreadable
}

// add reads what an inserted item tells, if it tells anything.
func (n *news) add(r types.Record) error {
	sk := textOf(r.Dynamodb.Keys, "sk")
	month, number, edition, err := dynamo.EditionOf(textOf(r.Dynamodb.Keys, "pk"), sk)
	if err != nil {
		return err
	}
	image := map[string]events.DynamoDBAttributeValue{}
	for name := range r.Dynamodb.NewImage {
		image[name] = events.NewStringAttribute(textOf(r.Dynamodb.NewImage, name))
	}
	switch {
	case !dynamo.News(image): // imported: whoever it was for was told when it happened
	case edition:
		n.papers = append(n.papers, queue.NewPapers(month, number, aws.ToTime(r.Dynamodb.ApproximateCreationDateTime)))
	case strings.HasPrefix(sk, "E#"):
		event, err := dynamo.StoredEvent(image)
		if err != nil {
			return err
		}
		n.events = append(n.events, event)
	}
	return nil
}

func textOf(item map[string]types.AttributeValue, name string) string {
	if v, ok := item[name].(*types.AttributeValueMemberS); ok {
		return v.Value
	}
	return ""
}

// String names what is told and where it goes.
func (n news) String() string {
	var all []string
	for _, e := range n.events {
		all = append(all, fmt.Sprintf("%s %s -> %s", e.ID(), e.What, strings.Join(slices.Compact(e.Audience()), ", ")))
	}
	for _, p := range n.papers {
		all = append(all, fmt.Sprintf("%s -> %s", p.Event, ticket.OfficeSection))
	}
	if len(all) == 0 {
		return "no events"
	}
	return strings.Join(all, "; ")
}

// sendNews sends news to the queues of its sections, all of it or with an error.
func (r *replay) sendNews(ctx context.Context, n news) error {
	if err := r.send(ctx, n.events); err != nil {
		return err
	}
	failed := r.sections.Tell(ctx, n.papers)
	for i, p := range n.papers {
		if err := failed[i]; err != nil {
			return fmt.Errorf("%s: %w", p.Event, err)
		}
	}
	return nil
}
