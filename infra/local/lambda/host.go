// Package lambda runs function binaries the way AWS Lambda does: it starts them as child processes and
// speaks the Lambda Runtime API to them, one invocation at a time per process and more processes under load.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
package lambda

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// MaxPayload is the size limit of a synchronous invocation's request and of its response, in bytes (6 MB and
// a little, as AWS counts it).
const MaxPayload = 6291556

// Errors of Invoke that are the host's, not the function's.
var (
	ErrClosed          = errors.New("function host is closed")
	ErrUnknownFunction = errors.New("no such function")
	ErrPayloadTooLarge = fmt.Errorf("payload is over Lambda's limit of %d bytes", MaxPayload)
)

// A Function is one Lambda function: a binary built on a Lambda runtime client and the settings it runs with.
type Function struct {
	Name     string        // as on AWS, such as "steledesk-submit"
	Binary   string        // absolute path of the executable, usually named bootstrap
	Env      []string      // "NAME=value"; nothing else is inherited from the host's environment
	Timeout  time.Duration // per invocation; the process is killed when it passes
	MemoryMB int           // told to the function, not enforced
}

// Options of a Host. The zero value of a field means its default.
type Options struct {
	Logger       *slog.Logger
	Now          func() time.Time // stamps log lines and errors; timeouts always run on real time
	ARNPrefix    string           // such as "arn:aws:lambda:us-east-1:000000000000:function:"
	MaxProcesses int              // per function; 16
	InitTimeout  time.Duration    // from start to the first request for work; 10 s, as on AWS
	IdleAfter    time.Duration    // an idle process is ended after this; 5 minutes
}

// Result is what a function answered.
type Result struct {
	RequestID string
	Payload   []byte         // the answer; of a failed invocation the error document, as AWS returns it
	Error     *FunctionError // nil when the function succeeded
	Duration  time.Duration  // from handing out to the answer
	Cold      bool           // the process was new
}

// A FunctionError says why the function itself failed: its own error, a panic, a timeout or an exit.
type FunctionError struct {
	Type    string // such as "Sandbox.Timedout", "Runtime.ExitError" or the name of the function's error type
	Message string
}

func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// A Host runs functions. Its methods may be called concurrently.
type Host struct {
	opts     Options
	listener net.Listener
	server   *http.Server
	forks    forker
	stop     chan struct{}
	running  sync.WaitGroup // the goroutines of the server, of the reaper and of every process

	mu        sync.Mutex // guards all below, and every pool and process
	pools     map[string]*pool
	processes map[string]*process // by the id in their Runtime API path
	started   int                 // processes ever started
	closed    bool
}

// NewHost serves the Runtime API on listener, which it owns from now on, until Close.
func NewHost(listener net.Listener, opts Options) *Host {
	h := &Host{
		opts:      opts.withDefaults(),
		listener:  listener,
		forks:     newForker(),
		stop:      make(chan struct{}),
		pools:     map[string]*pool{},
		processes: map[string]*process{},
	}
	h.server = &http.Server{Handler: h.runtimeAPI(), ReadHeaderTimeout: 10 * time.Second}
	h.running.Go(func() { _ = h.server.Serve(listener) }) // ends with http.ErrServerClosed in Close
	h.running.Go(h.reapIdle)
	return h
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.ARNPrefix == "" {
		o.ARNPrefix = "arn:aws:lambda:us-east-1:000000000000:function:"
	}
	if o.MaxProcesses == 0 {
		o.MaxProcesses = 16
	}
	if o.InitTimeout == 0 {
		o.InitTimeout = 10 * time.Second
	}
	if o.IdleAfter == 0 {
		o.IdleAfter = 5 * time.Minute
	}
	return o
}

// Add makes a function known. No process starts before the first invocation.
// It fails when the name is taken, the timeout is missing or the binary cannot be run.
func (h *Host) Add(f Function) error {
	if f.Timeout <= 0 {
		return fmt.Errorf("add function %s: timeout %s, want more than zero", f.Name, f.Timeout)
	}
	switch info, err := os.Stat(f.Binary); {
	case err != nil:
		return fmt.Errorf("add function %s: %w", f.Name, err)
	case info.IsDir():
		return fmt.Errorf("add function %s: binary %s is a folder", f.Name, f.Binary)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return fmt.Errorf("add function %s: %w", f.Name, ErrClosed)
	}
	if _, taken := h.pools[f.Name]; taken {
		return fmt.Errorf("add function %s: a function of that name is there already", f.Name)
	}
	h.pools[f.Name] = &pool{host: h, fn: f, stats: Stats{Name: f.Name}}
	return nil
}

// ARN returns the function's Amazon Resource Name; the function need not exist.
func (h *Host) ARN(name string) string { return h.opts.ARNPrefix + name }

// Invoke runs the function once with payload, waiting for a free process when all are busy.
//
// A failure of the function itself is in Result.Error. The returned error is ErrUnknownFunction,
// ErrPayloadTooLarge, ErrClosed, or that of ctx; when ctx ends, an invocation that a process has begun goes on
// without anybody waiting for it, as on AWS.
func (h *Host) Invoke(ctx context.Context, name string, payload []byte) (Result, error) {
	if len(payload) > MaxPayload {
		return Result{}, fmt.Errorf("invoke %s with %d bytes: %w", name, len(payload), ErrPayloadTooLarge)
	}
	inv := newInvocation(payload)
	if err := h.enqueue(name, inv); err != nil {
		return Result{}, fmt.Errorf("invoke %s: %w", name, err)
	}
	select {
	case out := <-inv.done:
		if out.err != nil {
			return Result{}, fmt.Errorf("invoke %s: %w", name, out.err)
		}
		if fail := out.result.Error; fail != nil {
			h.opts.Logger.Warn("function failed", "function", name, "request", inv.id, "type", fail.Type, "error", fail.Message)
		}
		return out.result, nil
	case <-ctx.Done():
		h.forget(name, inv)
		return Result{}, fmt.Errorf("invoke %s: %w", name, context.Cause(ctx))
	}
}

func (h *Host) enqueue(name string, inv *invocation) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, known := h.pools[name]
	switch {
	case h.closed:
		return ErrClosed
	case !known:
		return fmt.Errorf("%w; known are %s", ErrUnknownFunction, strings.Join(h.names(), ", "))
	}
	p.stats.Invocations++
	p.queue = append(p.queue, inv)
	p.dispatch()
	return nil
}

// forget takes an invocation that nobody waits for out of the queue, if it is still there.
func (h *Host) forget(name string, inv *invocation) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.pools[name]
	p.queue = slices.DeleteFunc(p.queue, func(i *invocation) bool { return i == inv })
}

// names returns the known functions, sorted. h.mu is held.
func (h *Host) names() []string {
	names := make([]string, 0, len(h.pools))
	for name := range h.pools {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Kill ends all processes of a function at once with SIGKILL and returns how many: a crash, for tests.
// What they were working on fails as Runtime.ExitError; later invocations get new processes.
func (h *Host) Kill(name string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	killed := 0
	for _, p := range h.processes {
		if p.pool.fn.Name == name {
			p.kill()
			killed++
		}
	}
	return killed
}

// Recycle ends the processes of a function that wait for work, as AWS does when it likes, and returns how many. Nothing
// is lost by it; later invocations get new processes.
func (h *Host) Recycle(name string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, known := h.pools[name]
	if !known {
		return 0
	}
	waiting := len(p.idle)
	p.reap(0)
	return waiting - len(p.idle)
}

// KillProcess ends one process with SIGKILL, by its id (see Process), and reports whether there was one.
func (h *Host) KillProcess(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, is := h.processes[id]
	if is {
		p.kill()
	}
	return is
}

// Close ends every process and waits until they are gone. Invocations in flight return ErrClosed.
func (h *Host) Close() error {
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil
	}
	h.closed = true
	close(h.stop)
	for _, p := range h.pools {
		p.abandonQueue()
	}
	for _, p := range h.processes {
		p.abandon()
		p.kill()
	}
	h.mu.Unlock()
	err := h.server.Close()
	h.running.Wait()
	h.forks.close()
	return err
}

// reapIdle ends processes that have had nothing to do for a while.
func (h *Host) reapIdle() {
	tick := time.NewTicker(max(h.opts.IdleAfter/10, time.Millisecond))
	defer tick.Stop()
	for {
		select {
		case <-h.stop:
			return
		case <-tick.C:
			h.mu.Lock()
			for _, p := range h.pools {
				p.reap(h.opts.IdleAfter)
			}
			h.mu.Unlock()
		}
	}
}
