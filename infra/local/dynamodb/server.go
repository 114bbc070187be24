// Package dynamodb runs DynamoDB and its streams on this machine: the engine dynoxide as a child process, kept
// alive, kept in shape (stream records trimmed, expired items deleted) and reached through a proxy that mends
// what differs from AWS.
package dynamodb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// Options of Start. Folder is required.
type Options struct {
	Folder  string // holds the database and the lock; made if missing
	Modules string // the node_modules folder that may hold the engine; empty: none
	Region  string // region in ARNs; empty: us-east-1
	Clock   func() time.Time
	Logger  *slog.Logger

	// KeepStream is how long stream records are kept, as AWS keeps them for 24 hours. 0 means 24 hours.
	KeepStream time.Duration

	// OnExit is told when the engine ended on its own, before it is started again. May be nil.
	OnExit func(error)
}

func (o Options) withDefaults() Options {
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.KeepStream == 0 {
		o.KeepStream = 24 * time.Hour
	}
	if o.OnExit == nil {
		o.OnExit = func(error) {}
	}
	return o
}

// Server is a running engine. Its methods may be called at once from several goroutines.
type Server struct {
	options Options
	binary  string
	lock    *os.File
	file    *file
	current atomic.Pointer[child] // nil while the engine is down

	stop    context.CancelFunc // ends supervise and trim
	running sync.WaitGroup
	closing sync.Once
	closed  error
}

// Start finds the engine, locks the folder, starts the engine and waits until it answers. ctx bounds the start
// only; Close ends what was started. Errors say what to do: the engine is missing, the folder is in use, the
// engine's file is not of the version this package knows.
func Start(ctx context.Context, options Options) (*Server, error) {
	options = options.withDefaults()
	binary, err := find(ctx, options.Modules)
	if err != nil {
		return nil, fmt.Errorf("start DynamoDB: %w", err)
	}
	if options.Folder, err = filepath.Abs(options.Folder); err != nil {
		return nil, fmt.Errorf("start DynamoDB: %w", err)
	}
	lock, err := lockFolder(ctx, options.Folder)
	if err != nil {
		return nil, fmt.Errorf("start DynamoDB: %w", err)
	}
	life, stop := context.WithCancel(context.WithoutCancel(ctx))
	s := &Server{options: options, binary: binary, lock: lock, stop: stop}
	if err := s.begin(ctx, life); err != nil {
		return nil, fmt.Errorf("start DynamoDB: %w", errors.Join(err, s.Close()))
	}
	return s, nil
}

// begin starts the engine and what keeps it in shape; on an error some of it may run, and Close ends that.
func (s *Server) begin(ctx, life context.Context) error {
	first := make(chan error, 1)
	s.running.Go(func() { s.supervise(life, first) })
	select {
	case err := <-first:
		if err != nil {
			return err
		}
	case <-ctx.Done():
		return ctx.Err()
	}
	file, err := openFile(ctx, s.database())
	if err != nil {
		return err
	}
	s.file = file
	s.running.Go(func() { s.keepTrimmed(life) })
	return nil
}

func (s *Server) database() string { return filepath.Join(s.options.Folder, "dynamodb.sqlite") }

// URL is the engine's own address now; it changes when the engine had to be started again. Clients use Proxy.
// It is empty while the engine is down.
func (s *Server) URL() string {
	if c := s.current.Load(); c != nil {
		return c.url.String()
	}
	return ""
}

// PID is the engine's process id, or 0 while it is down.
func (s *Server) PID() int {
	if c := s.current.Load(); c != nil {
		return c.command.Process.Pid
	}
	return 0
}

// Close stops the engine (SIGTERM, then SIGKILL after five seconds) and unlocks the folder.
func (s *Server) Close() error {
	s.closing.Do(func() {
		s.stop()
		s.running.Wait()
		if s.file != nil {
			s.closed = s.file.Close()
		}
		s.closed = errors.Join(s.closed, s.lock.Close())
	})
	return s.closed
}

// target is where to send a call now.
func (s *Server) target() (*url.URL, bool) {
	c := s.current.Load()
	if c == nil {
		return nil, false
	}
	return c.url, true
}
