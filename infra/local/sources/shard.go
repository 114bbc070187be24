package sources

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
)

// A shard is read by one goroutine, which delivers its records in order.
type shard struct {
	stream   *Stream
	id       string
	after    string // the last sequence number read, empty at the trim horizon
	iterator *string
	pending  []record // read, and to be delivered
	ended    bool     // nothing follows after
	failures int      // reads in a row
}

// run reads and delivers until the shard ends or is gone, or ctx ends. inner lives a little longer, for
// finishing.
func (sh *shard) run(ctx, inner context.Context) {
	for sh.gather(ctx) {
		batch := sh.take()
		if len(batch) > 0 && !sh.deliver(ctx, inner, batch) {
			return
		}
		if len(sh.pending) == 0 {
			sh.mark(sh.after)
		}
		if sh.ended && len(sh.pending) == 0 {
			sh.mark(markDone)
			return
		}
	}
}

// gather reads until a batch is full, its window has passed, or the shard ends. It returns false when ctx ends
// or the shard is gone.
func (sh *shard) gather(ctx context.Context) bool {
	var window time.Time
	for {
		if len(sh.pending) > 0 {
			if window.IsZero() {
				window = time.Now().Add(sh.stream.mapping.Window)
			}
			if sh.full() || !time.Now().Before(window) {
				return true
			}
		}
		if sh.ended {
			return true
		}
		page, gone := sh.read(ctx)
		if gone || ctx.Err() != nil {
			return false
		}
		if sh.keep(page) == 0 && !sh.ended && !wait(ctx, sh.pause(window)) {
			return false
		}
	}
}

// pause is how long to wait for more records: after failures ever longer, and not beyond an open window.
func (sh *shard) pause(window time.Time) time.Duration {
	pause := sh.stream.Poll
	if sh.failures > 0 {
		pause = backoff(sh.failures)
	}
	if !window.IsZero() {
		pause = min(pause, max(time.Until(window), 0))
	}
	return pause
}

func (sh *shard) full() bool {
	return len(sh.pending) >= sh.stream.mapping.BatchSize || sh.fitting() < len(sh.pending)
}

// fitting is how many of the pending records one invocation can hold, at least one.
func (sh *shard) fitting() int {
	size := 0
	for i, r := range sh.pending {
		size += len(r.json) + 1
		if size > payloadLimit && i > 0 {
			return i
		}
	}
	return len(sh.pending)
}

// take returns the next batch.
func (sh *shard) take() []record {
	n := min(sh.fitting(), sh.stream.mapping.BatchSize)
	batch := sh.pending[:n]
	sh.pending = sh.pending[n:]
	return batch
}

// read returns the next page of records, empty when there is none or reading failed, and whether the shard is
// gone.
func (sh *shard) read(ctx context.Context) (page []types.Record, gone bool) {
	page, err := sh.page(ctx)
	if err == nil {
		sh.failures = 0
		sh.stream.once.Do(func() { close(sh.stream.ready) })
		return page, false
	}
	sh.iterator = nil
	var expired *types.ExpiredIteratorException
	var trimmed *types.TrimmedDataAccessException
	var missing *types.ResourceNotFoundException
	switch {
	case errors.As(err, &expired): // after a long pause; a new iterator goes on at the same place
		return nil, false
	case errors.As(err, &trimmed):
		sh.stream.gauge.update(func(status *StreamStatus) { status.Trimmed++ })
		err = fmt.Errorf("records after %s are gone, some may never have been delivered; going on with the oldest there is: %w", sh.after, err)
		sh.after = ""
	case errors.As(err, &missing):
		sh.stream.failed(ctx, fmt.Errorf("shard %s is gone: %w", sh.id, err))
		return nil, true
	}
	sh.failures++
	sh.stream.failed(ctx, fmt.Errorf("read shard %s: %w", sh.id, err))
	return nil, false
}

func (sh *shard) page(ctx context.Context) ([]types.Record, error) {
	s := sh.stream
	if sh.iterator == nil {
		input := &dynamodbstreams.GetShardIteratorInput{
			StreamArn: &s.mapping.StreamARN, ShardId: &sh.id, ShardIteratorType: types.ShardIteratorTypeTrimHorizon,
		}
		if sh.after != "" {
			input.ShardIteratorType = types.ShardIteratorTypeAfterSequenceNumber
			input.SequenceNumber = &sh.after
		}
		output, err := s.reader.GetShardIterator(ctx, input)
		if err != nil {
			return nil, err
		}
		sh.iterator = output.ShardIterator
	}
	output, err := s.reader.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{
		ShardIterator: sh.iterator,
		Limit:         aws.Int32(int32(min(s.mapping.BatchSize, 1000))),
	})
	if err != nil {
		return nil, err
	}
	sh.iterator = output.NextShardIterator
	sh.ended = output.NextShardIterator == nil
	return output.Records, nil
}

// keep takes a page's records that are for the function, and returns how many the page had.
func (sh *shard) keep(page []types.Record) int {
	s := sh.stream
	since := s.since()
	for _, r := range page {
		rec, wanted, err := s.record(r, since)
		if err != nil { // cannot be delivered, ever
			s.failed(context.Background(), fmt.Errorf("skip record of shard %s: %w", sh.id, err))
		}
		if rec.sequence != "" {
			sh.after = rec.sequence
		}
		if wanted && err == nil {
			sh.pending = append(sh.pending, rec)
			s.gauge.update(func(status *StreamStatus) { status.Waiting++ })
		} else {
			s.gauge.update(func(status *StreamStatus) { status.Filtered++ })
		}
	}
	if len(page) > 0 && len(sh.pending) == 0 {
		sh.mark(sh.after)
	}
	return len(page)
}

// mark saves the position. When that fails the records come again after a restart, so it is loud but goes on.
func (sh *shard) mark(position string) {
	if position == "" || position == sh.stream.markOf(sh.id) {
		return
	}
	if err := sh.stream.mark(sh.id, position); err != nil {
		sh.stream.failed(context.Background(), err)
	}
}
