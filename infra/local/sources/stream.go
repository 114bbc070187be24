package sources

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/infra/local/sources/pattern"
)

// shardRefresh is how often a stream is asked for new shards; a shard that ends is followed at once.
const shardRefresh = 10 * time.Second

// A StreamReader reads a table's stream; *dynamodbstreams.Client is one.
type StreamReader interface {
	DescribeStream(context.Context, *dynamodbstreams.DescribeStreamInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.DescribeStreamOutput, error)
	GetShardIterator(context.Context, *dynamodbstreams.GetShardIteratorInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetShardIteratorOutput, error)
	GetRecords(context.Context, *dynamodbstreams.GetRecordsInput, ...func(*dynamodbstreams.Options)) (*dynamodbstreams.GetRecordsOutput, error)
}

// A Sender sends to a queue; *sqs.Client is one.
type Sender interface {
	GetQueueUrl(context.Context, *sqs.GetQueueUrlInput, ...func(*sqs.Options)) (*sqs.GetQueueUrlOutput, error)
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// A StreamMapping is an AWS::Lambda::EventSourceMapping of a table's stream.
type StreamMapping struct {
	Function         string
	StreamARN        string
	BatchSize        int           // 100
	Window           time.Duration // how long to gather records; 0: what one read gives
	StartingPosition string        // TRIM_HORIZON or LATEST
	MaxRetries       int           // of a failed batch, after its first try; -1: for ever
	MaxAge           time.Duration // of a record; 0 or less: no limit
	Bisect           bool          // BisectBatchOnFunctionError
	PartialFailures  bool          // ReportBatchItemFailures
	OnFailure        string        // ARN or URL of the queue that is told of what is given up; empty: nobody is
	Filters          []string      // patterns; a record must match one, if there are any
	Parallelization  int           // 1, or 0 for the same
}

// A Stream carries a table's stream to a function, shard by shard and in order.
type Stream struct {
	Setup
	mapping StreamMapping
	reader  StreamReader
	sender  Sender
	filters pattern.Any
	source  string // names the mapping in the checkpoints
	ready   chan struct{}
	once    sync.Once // of closing ready
	gauge   gauge[StreamStatus]

	mu    sync.Mutex
	marks map[string]string // shard id -> sequence number of the last record dealt with, or markDone
}

// StreamStatus are a stream's counters since it started.
type StreamStatus struct {
	Function   string    `json:"function"`
	StreamARN  string    `json:"streamArn"`
	Shards     int       `json:"shards"`    // being read
	Records    int64     `json:"records"`   // dealt with: carried or given up
	Filtered   int64     `json:"filtered"`  // not for this function
	Batches    int64     `json:"batches"`   // invocations
	Failures   int64     `json:"failures"`  // invocations that failed, wholly or in part
	Discarded  int64     `json:"discarded"` // records given up
	Waiting    int64     `json:"waiting"`   // records read and not dealt with
	Trimmed    int64     `json:"trimmed"`   // times that records were gone before they were read
	LastRecord time.Time `json:"lastRecord,omitzero"`
	Last       *Failure  `json:"last,omitempty"`
}

// Marks in the checkpoints beside sequence numbers.
const (
	markDone  = "done"  // a shard that was read to its end
	markSince = "since" // key of the time before which records are not for a mapping that started at LATEST
)

// NewStream checks the mapping and loads its checkpoints. sender may be nil without an OnFailure queue.
func NewStream(setup Setup, mapping StreamMapping, reader StreamReader, sender Sender) (*Stream, error) {
	s := &Stream{Setup: setup.withDefaults(), mapping: mapping, reader: reader, sender: sender, ready: make(chan struct{})}
	setDefault(&s.mapping.BatchSize, 100)
	setDefault(&s.mapping.Parallelization, 1)
	s.gauge.status = StreamStatus{Function: mapping.Function, StreamARN: mapping.StreamARN}
	sum := sha256.Sum256([]byte(mapping.StreamARN)) // a table made anew has a new stream, which starts afresh
	s.source = fmt.Sprintf("stream-%s-%x", mapping.Function, sum[:6])
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("map stream to %s: %w", mapping.Function, err)
	}
	marks, err := s.Checkpoints.Load(s.source)
	if err != nil {
		return nil, fmt.Errorf("map stream to %s: %w", mapping.Function, err)
	}
	s.marks = marks
	return s, s.rememberStart()
}

func (s *Stream) check() error {
	m := s.mapping
	var problems []error
	if m.BatchSize < 1 || m.BatchSize > 10000 {
		problems = append(problems, fmt.Errorf("BatchSize %d, want 1 to 10000", m.BatchSize))
	}
	if m.Parallelization != 1 {
		problems = append(problems, fmt.Errorf("ParallelizationFactor %d is not understood here, want 1", m.Parallelization))
	}
	if m.MaxRetries < -1 {
		problems = append(problems, fmt.Errorf("MaximumRetryAttempts %d, want -1 (for ever) or more", m.MaxRetries))
	}
	if m.Window < 0 || m.Window > 5*time.Minute {
		problems = append(problems, fmt.Errorf("MaximumBatchingWindowInSeconds %s, want 0 to 300 s", m.Window))
	}
	if m.StartingPosition != "TRIM_HORIZON" && m.StartingPosition != "LATEST" {
		problems = append(problems, fmt.Errorf("StartingPosition %q, want TRIM_HORIZON or LATEST", m.StartingPosition))
	}
	if m.OnFailure != "" && s.sender == nil {
		problems = append(problems, errors.New("an OnFailure queue needs a sender"))
	}
	filters, err := compileFilters(m.Filters)
	if err != nil {
		problems = append(problems, err)
	}
	s.filters = filters
	return errors.Join(problems...)
}

// rememberStart marks when a mapping with LATEST began. Its shards are then read from the beginning and older
// records skipped: an iterator of type LATEST would lose what is written while the stack is down before the
// first record has been carried.
func (s *Stream) rememberStart() error {
	if s.mapping.StartingPosition == "TRIM_HORIZON" || s.marks[markSince] != "" {
		return nil
	}
	return s.mark(markSince, s.Now().UTC().Format(time.RFC3339))
}

// since is the time before which records are not for this mapping; zero if it wants them all.
func (s *Stream) since() time.Time {
	t, err := time.Parse(time.RFC3339, s.markOf(markSince))
	if err != nil { // not set: the mapping started at TRIM_HORIZON
		return time.Time{}
	}
	return t
}

// Ready is closed once the stream has been read for the first time.
func (s *Stream) Ready() <-chan struct{} { return s.ready }

// Status returns the counters.
func (s *Stream) Status() StreamStatus { return s.gauge.read() }

// Run carries records until ctx ends. It returns nil then, after the invocation in flight has ended or its
// grace has passed; whatever was not finished comes again with the next Run.
func (s *Stream) Run(ctx context.Context) error {
	inner, cancel := graceful(ctx, s.Grace)
	defer cancel()
	var workers sync.WaitGroup
	defer workers.Wait()
	reading := map[string]bool{}
	ended := make(chan string)
	start := func(id string) {
		reading[id] = true
		sh := &shard{stream: s, id: id, after: s.markOf(id)}
		workers.Go(func() {
			sh.run(ctx, inner)
			select {
			case ended <- id:
			case <-ctx.Done():
			}
		})
	}
	for ctx.Err() == nil {
		pause := s.follow(ctx, reading, start)
		s.gauge.update(func(status *StreamStatus) { status.Shards = len(reading) })
		select {
		case <-ctx.Done():
		case id := <-ended:
			delete(reading, id)
			if s.markOf(id) != markDone { // gone, or functions are no longer run: no tight loop
				wait(ctx, time.Second)
			}
		case <-time.After(pause):
		}
	}
	return nil
}

// follow starts reading the shards that are due and returns how long to wait before looking again.
func (s *Stream) follow(ctx context.Context, reading map[string]bool, start func(id string)) time.Duration {
	shards, err := s.shards(ctx)
	if err != nil {
		s.failed(ctx, fmt.Errorf("describe stream: %w", err))
		return time.Second
	}
	s.prune(shards)
	for _, id := range s.due(shards, reading) {
		start(id)
	}
	return shardRefresh
}

// shards lists the stream's shards.
func (s *Stream) shards(ctx context.Context) (map[string]types.Shard, error) {
	all := map[string]types.Shard{}
	input := &dynamodbstreams.DescribeStreamInput{StreamArn: &s.mapping.StreamARN}
	for {
		page, err := s.reader.DescribeStream(ctx, input)
		if err != nil {
			return nil, err
		}
		for _, shard := range page.StreamDescription.Shards {
			all[aws.ToString(shard.ShardId)] = shard
		}
		input.ExclusiveStartShardId = page.StreamDescription.LastEvaluatedShardId
		if input.ExclusiveStartShardId == nil {
			return all, nil
		}
	}
}

// due returns the shards to start reading: those not read to their end whose parent is, or is gone. A child
// holds what was written to its parent's items later, so it must wait.
func (s *Stream) due(shards map[string]types.Shard, reading map[string]bool) []string {
	var ids []string
	for id, shard := range shards {
		parent := aws.ToString(shard.ParentShardId)
		_, listed := shards[parent]
		if !reading[id] && s.markOf(id) != markDone && (!listed || s.markOf(parent) == markDone) {
			ids = append(ids, id)
		}
	}
	return ids
}

// prune forgets shards that the stream no longer has. An empty list is not believed.
func (s *Stream) prune(shards map[string]types.Shard) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(shards) == 0 {
		return
	}
	maps.DeleteFunc(s.marks, func(id, _ string) bool {
		_, listed := shards[id]
		return !listed && id != markSince
	})
}

func (s *Stream) markOf(key string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.marks[key]
}

// mark saves how far a shard has come.
func (s *Stream) mark(key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.marks[key] = value
	return s.Checkpoints.Save(s.source, s.marks)
}

// failed logs and remembers a failure, unless the stream is being stopped.
func (s *Stream) failed(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	s.Logger.Error("stream: "+err.Error(), "function", s.mapping.Function)
	s.gauge.update(func(status *StreamStatus) { status.Last = &Failure{err.Error(), s.Now()} })
}
