// Package sources invokes functions for what happens around them: the event source mappings, schedules and
// notifications that AWS runs beside Lambda. It uses AWS's own APIs, so it works in front of any endpoint that
// speaks them.
//
// Nothing is acknowledged (a stream position, a queue message, a notification) before the function has
// succeeded: after a crash things come again, and never get lost.
package sources

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"steledesk/infra/local/lambda"
	"steledesk/infra/local/sources/pattern"
)

// payloadLimit is the most bytes of records put into one invocation; the rest of Lambda's limit is the
// envelope's.
const payloadLimit = lambda.MaxPayload - 1024

// An Invoker runs functions.
type Invoker interface {
	// Invoke runs a function once. It returns lambda.ErrClosed when functions are no longer run and the error
	// of ctx when that ends first; a failure of the function itself is in the result.
	Invoke(ctx context.Context, function string, payload []byte) (lambda.Result, error)
}

// Setup is what the sources of a stack share. The zero value of a field means its default, but Invoker and,
// for streams and schedules, Checkpoints must be set.
type Setup struct {
	Invoker     Invoker
	Checkpoints Checkpoints
	Logger      *slog.Logger
	Now         func() time.Time // the endpoint's clock, and so the functions'; waiting always runs on real time
	Partition   string           // aws
	Region      string           // us-east-1
	AccountID   string           // 000000000000
	Poll        time.Duration    // pause between reads of an idle stream shard; 200 ms
	Grace       time.Duration    // what an invocation in flight may still take after Run's context ends; 5 s
}

func (s Setup) withDefaults() Setup {
	if s.Logger == nil {
		s.Logger = slog.New(slog.DiscardHandler)
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	setDefault(&s.Partition, "aws")
	setDefault(&s.Region, "us-east-1")
	setDefault(&s.AccountID, "000000000000")
	setDefault(&s.Poll, 200*time.Millisecond)
	setDefault(&s.Grace, 5*time.Second)
	return s
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

func (s Setup) functionARN(name string) string {
	return "arn:" + s.Partition + ":lambda:" + s.Region + ":" + s.AccountID + ":function:" + name
}

// graceful returns a context that outlives ctx by grace, so that what has begun can be finished.
func graceful(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return inner, func() { stop(); cancel() }
}

// wait pauses and reports whether ctx is still live.
func wait(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// backoff is the pause after the nth failure in a row, counted from 1: 100 ms, doubled up to 10 s.
func backoff(n int) time.Duration {
	return min(100*time.Millisecond<<min(n-1, 10), 10*time.Second)
}

// compileFilters compiles FilterCriteria patterns. A record passes when there are none or one matches.
func compileFilters(filters []string) (pattern.Any, error) {
	var compiled pattern.Any
	for i, text := range filters {
		p, err := pattern.Compile(text)
		if err != nil {
			return nil, fmt.Errorf("filter %d: %w", i+1, err)
		}
		compiled = append(compiled, p)
	}
	return compiled, nil
}

// failedItems reads a function's answer under ReportBatchItemFailures. ok is false when the answer means that
// the whole batch failed: it is not JSON, or names an item by an empty id or none.
func failedItems(payload []byte) (ids []string, ok bool) {
	var answer *struct {
		BatchItemFailures []struct {
			ItemIdentifier string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if len(payload) == 0 {
		return nil, true
	}
	if err := json.Unmarshal(payload, &answer); err != nil {
		return nil, false
	}
	if answer == nil {
		return nil, true
	}
	for _, item := range answer.BatchItemFailures {
		if item.ItemIdentifier == "" {
			return nil, false
		}
		ids = append(ids, item.ItemIdentifier)
	}
	return ids, true
}

// envelope puts records, each a JSON document, into an event.
func envelope(records [][]byte) []byte {
	event := []byte(`{"Records":[`)
	for i, record := range records {
		if i > 0 {
			event = append(event, ',')
		}
		event = append(event, record...)
	}
	return append(event, "]}"...)
}

// A Failure is the last thing that went wrong in a source, for a console.
type Failure struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// A gauge guards a source's status.
type gauge[T any] struct {
	mu     sync.Mutex
	status T
}

func (g *gauge[T]) update(change func(*T)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	change(&g.status)
}

func (g *gauge[T]) read() T {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.status
}
