package sources_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"steledesk/infra/local/lambda"
	"steledesk/infra/local/sources"
)

const streamARN = "arn:aws:dynamodb:us-east-1:000000000000:table/desk/stream/2026-07-01T00:00:00.000"

// function stands in for the functions: it keeps every event's record ids and answers as it is told to.
type function struct {
	mu      sync.Mutex
	calls   [][]string // ids of each invocation's records: sequence numbers or message ids
	events  [][]byte
	answer  func(call int, ids []string) lambda.Result // nil: success
	block   chan struct{}                              // when set, an invocation waits until it is closed
	running chan struct{}                              // gets one for each invocation that blocks
}

func (f *function) Invoke(ctx context.Context, name string, payload []byte) (lambda.Result, error) {
	if len(payload) > lambda.MaxPayload {
		return lambda.Result{}, lambda.ErrPayloadTooLarge
	}
	ids := idsOf(payload)
	f.mu.Lock()
	f.calls = append(f.calls, ids)
	f.events = append(f.events, payload)
	call, answer := len(f.calls), f.answer
	f.mu.Unlock()
	if f.block != nil {
		f.running <- struct{}{}
		select {
		case <-f.block:
		case <-ctx.Done():
			return lambda.Result{}, ctx.Err()
		}
	}
	result := lambda.Result{Payload: []byte("null")}
	if answer != nil {
		result = answer(call, ids)
	}
	result.RequestID = fmt.Sprintf("request-%d", call)
	return result, nil
}

func idsOf(payload []byte) []string {
	var event struct {
		Records []struct {
			MessageID string                      `json:"messageId"`
			DynamoDB  events.DynamoDBStreamRecord `json:"dynamodb"`
		}
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return []string{err.Error()}
	}
	var ids []string
	for _, r := range event.Records {
		ids = append(ids, r.MessageID+r.DynamoDB.SequenceNumber)
	}
	return ids
}

// seen lists the calls, one string each.
func (f *function) seen() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []string
	for _, ids := range f.calls {
		all = append(all, strings.Join(ids, " "))
	}
	return all
}

func failure() lambda.Result {
	return lambda.Result{Payload: []byte(`{}`), Error: &lambda.FunctionError{Type: "errorString", Message: "broken"}}
}

// partial is the answer that names items as failed.
func partial(ids ...string) lambda.Result {
	var answer events.SQSEventResponse
	for _, id := range ids {
		answer.BatchItemFailures = append(answer.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	payload, _ := json.Marshal(answer)
	return lambda.Result{Payload: payload}
}

// stream is a table's stream in memory: the port's contract, with its failures on demand.
type stream struct {
	mu        sync.Mutex
	shards    []*fakeShard
	trimmed   int  // the oldest records of the first shard that are gone
	expire    bool // the next read finds its iterator expired
	fail      int  // so many reads fail
	iterators int  // handed out
}

type fakeShard struct {
	id, parent string
	records    []types.Record
	closed     bool
}

func (s *stream) DescribeStream(_ context.Context, in *dynamodbstreams.DescribeStreamInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.DescribeStreamOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from := 0
	for i, sh := range s.shards { // one shard a page
		if sh.id == aws.ToString(in.ExclusiveStartShardId) {
			from = i + 1
		}
	}
	page := &types.StreamDescription{}
	if from < len(s.shards) {
		sh := s.shards[from]
		page.Shards = []types.Shard{{ShardId: &sh.id, ParentShardId: &sh.parent}}
		if from+1 < len(s.shards) {
			page.LastEvaluatedShardId = &sh.id
		}
	}
	return &dynamodbstreams.DescribeStreamOutput{StreamDescription: page}, nil
}

func (s *stream) GetShardIterator(_ context.Context, in *dynamodbstreams.GetShardIteratorInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetShardIteratorOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.iterators++
	for n, sh := range s.shards {
		if sh.id != *in.ShardId {
			continue
		}
		at := 0
		if n == 0 {
			at = s.trimmed
		}
		if in.ShardIteratorType == types.ShardIteratorTypeAfterSequenceNumber {
			after := -1
			for i, r := range sh.records {
				if *r.Dynamodb.SequenceNumber == *in.SequenceNumber {
					after = i + 1
				}
			}
			if after < at {
				return nil, &types.TrimmedDataAccessException{Message: aws.String("beyond the trim horizon")}
			}
			at = after
		}
		return &dynamodbstreams.GetShardIteratorOutput{ShardIterator: aws.String(sh.id + "/" + strconv.Itoa(at))}, nil
	}
	return nil, &types.ResourceNotFoundException{Message: aws.String("no such shard")}
}

func (s *stream) GetRecords(_ context.Context, in *dynamodbstreams.GetRecordsInput, _ ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetRecordsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.expire {
		s.expire = false
		return nil, &types.ExpiredIteratorException{Message: aws.String("expired")}
	}
	if s.fail > 0 {
		s.fail--
		return nil, &types.InternalServerError{Message: aws.String("try again")}
	}
	id, position, _ := strings.Cut(*in.ShardIterator, "/")
	at, _ := strconv.Atoi(position)
	for _, sh := range s.shards {
		if sh.id == id {
			end := min(at+int(*in.Limit), len(sh.records))
			out := &dynamodbstreams.GetRecordsOutput{Records: sh.records[at:end]}
			if !sh.closed || end < len(sh.records) {
				out.NextShardIterator = aws.String(id + "/" + strconv.Itoa(end))
			}
			return out, nil
		}
	}
	return nil, &types.ResourceNotFoundException{Message: aws.String("no such shard")}
}

// put appends records with the given sequence numbers to a shard, made when it is not there.
func (s *stream) put(shard string, sequences ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.shard(shard)
	for _, sequence := range sequences {
		sh.records = append(sh.records, streamRecord(sequence, "E#"+sequence))
	}
}

func (s *stream) shard(id string) *fakeShard {
	for _, sh := range s.shards {
		if sh.id == id {
			return sh
		}
	}
	s.shards = append(s.shards, &fakeShard{id: id})
	return s.shards[len(s.shards)-1]
}

func streamRecord(sequence, sk string) types.Record {
	return types.Record{
		EventID: aws.String("event-" + sequence), EventName: types.OperationTypeInsert, EventVersion: aws.String("1.1"),
		EventSource: aws.String("aws:dynamodb"), AwsRegion: aws.String("us-east-1"),
		Dynamodb: &types.StreamRecord{
			SequenceNumber:              &sequence,
			ApproximateCreationDateTime: aws.Time(time.Now()),
			SizeBytes:                   aws.Int64(42),
			StreamViewType:              types.StreamViewTypeNewAndOldImages,
			Keys: map[string]types.AttributeValue{
				"pk": &types.AttributeValueMemberS{Value: "T#1"},
				"sk": &types.AttributeValueMemberS{Value: sk},
			},
		},
	}
}

// memory keeps checkpoints across the restarts within a test.
type memory struct {
	mu    sync.Mutex
	marks map[string]map[string]string
	fail  bool
}

func (m *memory) Load(source string) (map[string]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.marks[source] == nil {
		return map[string]string{}, nil
	}
	return maps.Clone(m.marks[source]), nil
}

func (m *memory) Save(source string, marks map[string]string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail {
		return fmt.Errorf("disk full")
	}
	if m.marks == nil {
		m.marks = map[string]map[string]string{}
	}
	m.marks[source] = maps.Clone(marks)
	return nil
}

// source is what runs.
type source interface{ Run(context.Context) error }

// start runs a source within a synctest bubble; the returned function stops it and waits.
func start(t *testing.T, s source) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	synctest.Wait()
	return func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	}
}

func setup(f *function, m *memory) sources.Setup {
	return sources.Setup{Invoker: f, Checkpoints: m, Logger: slog.New(slog.DiscardHandler)}
}
