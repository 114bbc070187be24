package dynamodb

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"steledesk/infra/local/awsendpoint/awstest"
)

// stream is a table's stream and its one shard.
type stream struct {
	*dynamodbstreams.Client
	t          *testing.T
	arn, shard string
}

func (s *stream) describe() *streamtypes.StreamDescription {
	s.t.Helper()
	out, err := s.DescribeStream(s.t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: &s.arn})
	if err != nil {
		s.t.Fatal(err)
	}
	return out.StreamDescription
}

func (s *stream) iterator(kind streamtypes.ShardIteratorType, number string) (string, error) {
	in := &dynamodbstreams.GetShardIteratorInput{StreamArn: &s.arn, ShardId: &s.shard, ShardIteratorType: kind}
	if number != "" {
		in.SequenceNumber = &number
	}
	out, err := s.GetShardIterator(s.t.Context(), in)
	if err != nil {
		return "", err
	}
	return *out.ShardIterator, nil
}

func (s *stream) read(kind streamtypes.ShardIteratorType, number string) []streamtypes.Record {
	s.t.Helper()
	iterator, err := s.iterator(kind, number)
	if err != nil {
		s.t.Fatal(err)
	}
	out, err := s.GetRecords(s.t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: &iterator})
	if err != nil {
		s.t.Fatal(err)
	}
	return out.Records
}

// open starts an engine with one table.
func open(t *testing.T, options Options) (*Server, *sdk.Client, *stream) {
	s := start(t, options)
	config := awstest.Config(endpoint(t, s))
	c := sdk.NewFromConfig(config)
	_, arn := createTable(t, c, "steledesk")
	follow := &stream{Client: dynamodbstreams.NewFromConfig(config), t: t, arn: arn}
	follow.shard = *follow.describe().Shards[0].ShardId
	return s, c, follow
}

func TestStreamLooksAsOnAWS(t *testing.T) {
	ahead := 100 * 24 * time.Hour
	_, c, follow := open(t, Options{Region: "cn-north-1", Clock: func() time.Time { return time.Now().Add(ahead) }})
	for n := range int64(12) { // so that numbers of different length meet
		put(t, c, "steledesk", item{"pk": text("a"), "sk": number(n), "arn": text("arn:aws:dynamodb:dynoxide:kept")})
	}
	if want := "arn:aws-cn:dynamodb:cn-north-1:000000000000:table/steledesk/stream/"; !strings.HasPrefix(follow.arn, want) {
		t.Errorf("stream %s, want %s…", follow.arn, want)
	}
	// The least lengths are those of the API's model; boto3 and the AWS CLI refuse shorter ones.
	if len(follow.shard) < 28 || len(follow.shard) > 65 {
		t.Errorf("shard id %s of %d characters", follow.shard, len(follow.shard))
	}
	shard := follow.describe().Shards[0]
	if shard.SequenceNumberRange.EndingSequenceNumber != nil {
		t.Error("an open shard tells an end")
	}
	if got := *shard.SequenceNumberRange.StartingSequenceNumber; got != fmt.Sprintf("%021d", 1) {
		t.Errorf("first number %s", got)
	}
	records := follow.read("TRIM_HORIZON", "")
	if len(records) != 12 {
		t.Fatalf("%d records, want 12", len(records))
	}
	for i, r := range records {
		if got, want := *r.Dynamodb.SequenceNumber, fmt.Sprintf("%021d", i+1); got != want {
			t.Errorf("record %d has number %s, want %s", i, got, want)
		}
	}
	first := records[0]
	if *first.AwsRegion != "cn-north-1" || first.Dynamodb.NewImage["arn"].(*streamtypes.AttributeValueMemberS).Value != "arn:aws:dynamodb:dynoxide:kept" {
		t.Errorf("region %s, image %v", *first.AwsRegion, first.Dynamodb.NewImage)
	}
	if late := time.Until(*first.Dynamodb.ApproximateCreationDateTime) - ahead; late.Abs() > 10*time.Second {
		t.Errorf("created %s from now, want the stack's time, %s ahead", late+ahead, ahead)
	}
	if after := follow.read("AFTER_SEQUENCE_NUMBER", *records[9].Dynamodb.SequenceNumber); len(after) != 2 {
		t.Errorf("%d records after the tenth, want 2", len(after))
	}
	out, err := follow.DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: &follow.arn, ExclusiveStartShardId: &follow.shard})
	if err != nil || len(out.StreamDescription.Shards) != 0 {
		t.Errorf("shards after the only one: %v, %v", out, err)
	}
}

func TestTrimKeepsTheLastRecord(t *testing.T) {
	s, c, follow := open(t, Options{})
	for n := range int64(trimBatch + 20) {
		put(t, c, "steledesk", item{"pk": text("a"), "sk": number(n)})
	}
	if err := s.trimAll(t.Context(), time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got := *follow.describe().Shards[0].SequenceNumberRange.StartingSequenceNumber; got != fmt.Sprintf("%021d", 1) {
		t.Errorf("young records were trimmed up to %s", got)
	}
	if err := s.trimAll(t.Context(), time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	last := fmt.Sprintf("%021d", trimBatch+20)
	if got := *follow.describe().Shards[0].SequenceNumberRange.StartingSequenceNumber; got != last {
		t.Errorf("first number after trimming %s, want %s", got, last)
	}
	put(t, c, "steledesk", item{"pk": text("b"), "sk": number(1)})
	next := follow.read("AFTER_SEQUENCE_NUMBER", last) // a poller that was up to date misses nothing
	if len(next) != 1 || *next[0].Dynamodb.SequenceNumber != fmt.Sprintf("%021d", trimBatch+21) {
		t.Errorf("next records %v", next)
	}
	// One that was not is told, as on AWS, instead of passing over the gap.
	_, err := follow.iterator("AFTER_SEQUENCE_NUMBER", fmt.Sprintf("%021d", 5))
	var trimmed *streamtypes.TrimmedDataAccessException
	if !errors.As(err, &trimmed) {
		t.Errorf("iterator into trimmed records: %v", err)
	}
	if _, err = follow.iterator("AT_SEQUENCE_NUMBER", "soon"); err == nil || !strings.Contains(err.Error(), "soon") {
		t.Errorf("iterator at no number: %v", err)
	}
}

// Without the index every write reads all stream records of its table.
func TestWritesUseTheIndex(t *testing.T) {
	s, _, _ := open(t, Options{})
	for _, query := range []string{
		`SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1 FROM _stream_records WHERE table_name = 'steledesk'`,
		`SELECT MIN(sequence_number), MAX(sequence_number) FROM _stream_records WHERE table_name = 'steledesk' AND shard_id = 's'`,
		`SELECT event_name FROM _stream_records WHERE table_name = 'steledesk' AND shard_id = 's' AND
			CAST(sequence_number AS INTEGER) > 5 ORDER BY CAST(sequence_number AS INTEGER) ASC LIMIT 10`,
	} {
		var id, parent, unused int
		var plan string
		if err := s.file.QueryRow(`EXPLAIN QUERY PLAN `+query).Scan(&id, &parent, &unused, &plan); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan, "steledesk_stream") {
			t.Errorf("%s\nis planned as %s", query, plan)
		}
	}
}

func TestSweepExpired(t *testing.T) {
	s, c, follow := open(t, Options{})
	now := time.Now()
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	for n, ttl := range map[int64]item{
		1: {"ttl": number(at(-time.Second))},
		2: {"ttl": number(at(0))},
		3: {"ttl": number(at(time.Minute))},
		4: {},
		5: {"ttl": text("1")},                             // no number: no time
		6: {"ttl": number(at(-6 * 365 * 24 * time.Hour))}, // too long ago to be meant
		7: {"pk2": text("x"), "ttl": number(1)},
	} {
		ttl["pk"], ttl["sk"] = text("a'\""), number(n)
		put(t, c, "steledesk", ttl)
	}
	swept, err := s.SweepExpired(t.Context(), c, "steledesk", "ttl", now)
	if err != nil || swept != 2 {
		t.Errorf("swept %d, %v; want 2", swept, err)
	}
	if got := count(t, c, "steledesk"); got != 5 {
		t.Errorf("%d items left, want 5", got)
	}
	removed := 0
	for _, r := range follow.read("TRIM_HORIZON", "") {
		if r.EventName == streamtypes.OperationTypeRemove {
			removed++
		}
	}
	if removed != 2 {
		t.Errorf("the stream tells of %d removals, want 2", removed)
	}
	if again, err := s.SweepExpired(t.Context(), c, "steledesk", "ttl", now); err != nil || again != 0 {
		t.Errorf("second sweep: %d, %v", again, err)
	}
	if _, err := s.SweepExpired(t.Context(), c, "none", "ttl", now); err == nil {
		t.Error("swept a table that does not exist")
	}
}

// An item that was prolonged between finding and deleting must stay.
func TestSweepLeavesProlongedItems(t *testing.T) {
	s, c, _ := open(t, Options{})
	now := time.Now()
	put(t, c, "steledesk", item{"pk": text("a"), "sk": number(1), "ttl": number(now.Unix() - 1)})
	if err := s.file.indexExpiry(t.Context(), "steledesk", "ttl"); err != nil {
		t.Fatal(err)
	}
	found, _, err := s.file.expired(t.Context(), "steledesk", "ttl", expiry{}, now)
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	put(t, c, "steledesk", item{"pk": text("a"), "sk": number(1), "ttl": number(now.Unix() + 60)})
	deleted, err := expired{c, "steledesk", "ttl", []string{"pk", "sk"}}.delete(t.Context(), found, now)
	if err != nil || deleted != 0 || count(t, c, "steledesk") != 1 {
		t.Errorf("deleted %d, %v", deleted, err)
	}
}

func TestARNsOfTables(t *testing.T) {
	s := start(t, Options{})
	c := sdk.NewFromConfig(awstest.Config(endpoint(t, s)))
	arn, _ := createTable(t, c, "tagged")
	if want := "arn:aws:dynamodb:us-east-1:000000000000:table/tagged"; arn != want {
		t.Errorf("ARN %s, want %s", arn, want)
	}
	described, err := c.DescribeTable(t.Context(), &sdk.DescribeTableInput{TableName: aws.String("tagged")})
	if err != nil || *described.Table.TableArn != arn {
		t.Errorf("described %v, %v", described, err)
	}
	if _, err := c.ListTagsOfResource(t.Context(), &sdk.ListTagsOfResourceInput{ResourceArn: &arn}); err != nil {
		t.Errorf("tags by the ARN: %v", err)
	}
}
