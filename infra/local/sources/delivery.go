package sources

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"steledesk/infra/local/lambda"
)

// Conditions under which records are given up, as AWS names them in the on-failure message.
const (
	retriesExhausted = "RetryAttemptsExhausted"
	ageExceeded      = "RecordAgeExceeded"
)

// A delivery takes one batch to the function until every record of it is carried or given up.
//
//	[ done | chunk: the next invocation | the rest of the batch ]
//
// A failure moves the start of the chunk to the first record that failed. With Bisect a chunk that gets no
// further is halved, which counts as no attempt, so that the record that breaks it is in the end alone.
type delivery struct {
	shard    *shard
	records  []record // not dealt with
	chunk    int      // how many of them the next invocation takes
	attempts int      // failed ones in a row for the first of them
	failures int      // in a row, for the pause
	last     lambda.Result
}

// deliver returns false when it was stopped before the batch was dealt with. ctx ends it between invocations;
// inner, a little later, in the middle of one.
func (sh *shard) deliver(ctx, inner context.Context, batch []record) bool {
	d := &delivery{shard: sh, records: batch, chunk: len(batch)}
	for len(d.records) > 0 {
		if ctx.Err() != nil || !d.step(ctx, inner) {
			return false
		}
	}
	return true
}

// step invokes the function once, after giving up what has grown too old.
func (d *delivery) step(ctx, inner context.Context) bool {
	if old := d.tooOld(); old > 0 {
		return d.giveUp(ctx, inner, old, ageExceeded)
	}
	done, err := d.try(inner)
	if errors.Is(err, lambda.ErrClosed) || inner.Err() != nil {
		return false
	}
	if done > 0 {
		d.advance(done)
		d.attempts, d.failures = 0, 0
	}
	if err == nil {
		d.chunk = len(d.records)
		return true
	}
	return d.retry(ctx, inner, done, err)
}

// retry decides how a failed chunk goes on.
func (d *delivery) retry(ctx, inner context.Context, done int, err error) bool {
	s := d.shard.stream
	s.failed(ctx, err)
	s.gauge.update(func(status *StreamStatus) { status.Failures++ })
	d.failures++
	if s.mapping.Bisect && d.chunk > 1 {
		if done == 0 {
			d.chunk /= 2
		}
		return wait(ctx, backoff(d.failures))
	}
	d.attempts++
	if limit := s.mapping.MaxRetries; limit >= 0 && d.attempts > limit {
		return d.giveUp(ctx, inner, d.chunk, retriesExhausted)
	}
	return wait(ctx, backoff(d.failures))
}

// try invokes the function with the chunk. It returns how many records from the first on are done, and why
// not all.
func (d *delivery) try(inner context.Context) (done int, err error) {
	s := d.shard.stream
	chunk := d.records[:d.chunk]
	documents := make([][]byte, len(chunk))
	for i, r := range chunk {
		documents[i] = r.json
	}
	s.gauge.update(func(status *StreamStatus) { status.Batches++ })
	d.last, err = s.Invoker.Invoke(inner, s.mapping.Function, envelope(documents))
	switch {
	case err != nil:
		return 0, fmt.Errorf("deliver %d records: %w", len(chunk), err)
	case d.last.Error != nil:
		return 0, fmt.Errorf("deliver %d records from %s: %w", len(chunk), chunk[0].sequence, d.last.Error)
	case !s.mapping.PartialFailures:
		return len(chunk), nil
	}
	return partly(d.last.Payload, chunk)
}

// partly reads which records failed: the first of them ends what is done, since order must hold.
func partly(payload []byte, chunk []record) (done int, err error) {
	ids, ok := failedItems(payload)
	if !ok {
		return 0, fmt.Errorf("deliver records: the answer %.200q names no records, so the whole batch counts as failed", payload)
	}
	done = len(chunk)
	for _, id := range ids {
		i := slices.IndexFunc(chunk, func(r record) bool { return r.sequence == id })
		if i < 0 {
			return 0, fmt.Errorf("deliver records: the answer names %.100q, which is no sequence number of the batch; the whole batch counts as failed", id)
		}
		done = min(done, i)
	}
	if len(ids) > 0 {
		err = fmt.Errorf("deliver records: the function reports %d of %d failed, the first is %s", len(ids), len(chunk), chunk[done].sequence)
	}
	return done, err
}

// advance books the first n records as dealt with.
func (d *delivery) advance(n int) {
	last := d.records[n-1]
	d.shard.mark(last.sequence)
	d.shard.stream.gauge.update(func(status *StreamStatus) {
		status.Records += int64(n)
		status.Waiting -= int64(n)
		status.LastRecord = last.created
	})
	d.records = d.records[n:]
	d.chunk = max(d.chunk-n, 0)
}

// tooOld counts the records at the start that are older than the mapping's limit.
func (d *delivery) tooOld() int {
	s := d.shard.stream
	limit := s.mapping.MaxAge
	if limit <= 0 {
		return 0
	}
	n := slices.IndexFunc(d.records, func(r record) bool { return s.Now().Sub(r.created) <= limit })
	if n < 0 {
		return len(d.records)
	}
	return n
}

// giveUp tells the on-failure queue of the first n records and goes on behind them. Until it is told, nothing
// goes on: a record that nobody carried and nobody was told of would be lost.
func (d *delivery) giveUp(ctx, inner context.Context, n int, condition string) bool {
	s := d.shard.stream
	message := d.failureMessage(n, condition)
	for failures := 1; ; failures++ {
		err := s.tellFailure(inner, message)
		if err == nil {
			break
		}
		s.failed(ctx, fmt.Errorf("tell the on-failure queue: %w", err))
		if !wait(ctx, backoff(failures)) {
			return false
		}
	}
	first, last := d.records[0].sequence, d.records[n-1].sequence
	s.failed(ctx, fmt.Errorf("gave up %d records, %s to %s of shard %s: %s", n, first, last, d.shard.id, condition))
	s.gauge.update(func(status *StreamStatus) { status.Discarded += int64(n) })
	d.advance(n)
	d.chunk, d.attempts, d.failures = len(d.records), 0, 0
	return true
}

func (d *delivery) failureMessage(n int, condition string) failureMessage {
	s := d.shard.stream
	given := d.records[:n]
	m := failureMessage{
		RequestContext: requestContext{
			RequestID:              d.last.RequestID,
			FunctionARN:            s.functionARN(s.mapping.Function),
			Condition:              condition,
			ApproximateInvokeCount: d.attempts,
		},
		Version:   "1.0",
		Timestamp: s.Now().UTC().Format("2006-01-02T15:04:05.000Z"),
		Batch: batchInfo{
			ShardID:     d.shard.id,
			Start:       given[0].sequence,
			End:         given[n-1].sequence,
			FirstRecord: given[0].created.UTC().Format(time.RFC3339),
			LastRecord:  given[n-1].created.UTC().Format(time.RFC3339),
			BatchSize:   n,
			StreamARN:   s.mapping.StreamARN,
		},
	}
	if d.last.RequestID == "" { // never invoked: too old from the start
		m.RequestContext.RequestID = uuid.NewString()
		return m
	}
	m.ResponseContext = &responseContext{StatusCode: 200, ExecutedVersion: "$LATEST"}
	if d.last.Error != nil {
		m.ResponseContext.FunctionError = "Unhandled"
	}
	return m
}
