package sources

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"steledesk/infra/local/lambda"
)

// asyncRetries is how often Lambda tries an asynchronous event again, unless the function says otherwise.
const asyncRetries = 2

// asyncPauses are Lambda's waits before the second try and the third.
var asyncPauses = [...]time.Duration{time.Minute, 2 * time.Minute}

// Async invokes functions the way AWS does for notifications and schedules: later, and up to three times. What
// it has taken is on disk until it is dealt with, and taken up again after a crash.
type Async struct {
	Setup
	dir   string
	more  chan struct{} // one token: something was added
	gauge gauge[AsyncStatus]

	mu      sync.Mutex
	added   []asyncEvent            // not yet begun
	configs map[string]AsyncMapping // by function
	bell    chan struct{}           // closed when the clock was stepped
}

// An AsyncMapping is a function's EventInvokeConfig.
type AsyncMapping struct {
	Function  string
	Retries   int    // 0 to 2
	OnFailure string // ARN of the queue that is told of events given up; empty: none is
	Sender    Sender // of that queue
}

// AsyncStatus are the counters since the start.
type AsyncStatus struct {
	Taken   int64    `json:"taken"`
	Done    int64    `json:"done"`
	Retries int64    `json:"retries"`
	GivenUp int64    `json:"givenUp"`
	Last    *Failure `json:"last,omitempty"`
}

type asyncEvent struct {
	Function string          `json:"function"`
	Payload  json.RawMessage `json:"payload"`
	file     string
}

// NewAsync keeps events in dir, which it makes, and takes up those that are left there.
func NewAsync(setup Setup, dir string) (*Async, error) {
	a := &Async{
		Setup: setup.withDefaults(), dir: dir, more: make(chan struct{}, 1),
		configs: map[string]AsyncMapping{}, bell: make(chan struct{}),
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of asynchronous events: %w", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list asynchronous events: %w", err)
	}
	for _, file := range files { // Glob sorts, and the names begin with the time
		event, err := readEvent(file)
		if err != nil {
			return nil, fmt.Errorf("take up asynchronous event %s (delete it to go on without): %w", file, err)
		}
		a.added = append(a.added, event)
	}
	a.more <- struct{}{}
	return a, nil
}

func readEvent(file string) (asyncEvent, error) {
	event := asyncEvent{file: file}
	text, err := os.ReadFile(file)
	if err != nil {
		return event, err
	}
	return event, json.Unmarshal(text, &event)
}

// Invoke takes an event for a function. Once it returns nil the event survives a crash.
func (a *Async) Invoke(function string, payload []byte) error {
	name := strings.ReplaceAll(time.Now().UTC().Format("20060102T150405.000000000"), ".", "") + "-" + uuid.NewString() + ".json"
	event := asyncEvent{Function: function, Payload: payload, file: filepath.Join(a.dir, name)}
	text, err := json.Marshal(event)
	if err == nil {
		err = writeFile(event.file, text)
	}
	if err != nil {
		return fmt.Errorf("take event for %s: %w", function, err)
	}
	a.gauge.update(func(status *AsyncStatus) { status.Taken++ })
	a.mu.Lock()
	a.added = append(a.added, event)
	a.mu.Unlock()
	select {
	case a.more <- struct{}{}:
	default:
	}
	return nil
}

// Configure sets how a function's events are tried. It is called before Run.
func (a *Async) Configure(m AsyncMapping) { a.configs[m.Function] = m }

func (a *Async) config(function string) AsyncMapping {
	if m, set := a.configs[function]; set {
		return m
	}
	return AsyncMapping{Function: function, Retries: asyncRetries}
}

// Wake has waits look at the clock again: call it after a clock was stepped, which no timer can notice.
func (a *Async) Wake() {
	a.mu.Lock()
	defer a.mu.Unlock()
	close(a.bell)
	a.bell = make(chan struct{})
}

// pause waits by the endpoint's clock and reports whether ctx is still live.
func (a *Async) pause(ctx context.Context, by time.Duration) bool {
	until := a.Now().Add(by)
	for left := by; left > 0; left = until.Sub(a.Now()) {
		a.mu.Lock()
		stepped := a.bell
		a.mu.Unlock()
		timer := time.NewTimer(left)
		select {
		case <-ctx.Done():
			timer.Stop()
			return false
		case <-timer.C:
		case <-stepped:
			timer.Stop()
		}
	}
	return true
}

// Status returns the counters.
func (a *Async) Status() AsyncStatus { return a.gauge.read() }

// Run invokes functions until ctx ends. It returns nil then, after the invocations in flight have ended or their
// grace has passed. What was not dealt with stays on disk.
func (a *Async) Run(ctx context.Context) error {
	inner, cancel := graceful(ctx, a.Grace)
	defer cancel()
	var working sync.WaitGroup
	defer working.Wait()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-a.more:
		}
		a.mu.Lock()
		events := a.added
		a.added = nil
		a.mu.Unlock()
		for _, event := range events {
			working.Go(func() { a.deliver(ctx, inner, event) })
		}
	}
}

// deliver tries an event until the function succeeds or the tries are used up.
func (a *Async) deliver(ctx, inner context.Context, event asyncEvent) {
	config := a.config(event.Function)
	for try := 1; ; try++ {
		err := a.try(inner, event)
		if err == nil {
			a.finish(event, func(status *AsyncStatus) { status.Done++ })
			return
		}
		if inner.Err() != nil || errors.Is(err, lambda.ErrClosed) {
			return
		}
		a.failed(fmt.Errorf("invoke %s, try %d of %d: %w", event.Function, try, config.Retries+1, err))
		if try > config.Retries {
			if a.giveUp(ctx, config, event, err) {
				a.finish(event, func(status *AsyncStatus) { status.GivenUp++ })
			}
			return
		}
		if !a.pause(ctx, asyncPauses[try-1]) {
			return
		}
		a.gauge.update(func(status *AsyncStatus) { status.Retries++ })
	}
}

func (a *Async) try(inner context.Context, event asyncEvent) error {
	result, err := a.Invoker.Invoke(inner, event.Function, event.Payload)
	if err == nil && result.Error != nil {
		err = result.Error
	}
	return err
}

func (a *Async) finish(event asyncEvent, count func(*AsyncStatus)) {
	a.gauge.update(count)
	err := os.Remove(event.file)
	if err == nil {
		err = syncDir(a.dir)
	}
	if err != nil {
		a.failed(fmt.Errorf("forget event of %s, it will come again: %w", event.Function, err))
	}
}

func (a *Async) failed(err error) {
	a.Logger.Error("asynchronous invocation: " + err.Error())
	a.gauge.update(func(status *AsyncStatus) { status.Last = &Failure{err.Error(), a.Now()} })
}
