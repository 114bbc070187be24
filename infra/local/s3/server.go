// Package s3 is Amazon S3 on this machine: gofakes3 over a folder, behind a guard that checks what the program leans
// on, presigned URLs and POST policies, as AWS does. Buckets are private and path-style. Requests that an SDK signed in
// the Authorization header pass without a look at the signature, as at all local endpoints.
package s3

import (
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/johannesboyne/gofakes3"
)

// Options of Open; every field may be left empty.
type Options struct {
	Clock     func() time.Time // times of objects and events; empty: time.Now
	Now       func() time.Time // judges expiry: whoever signs uses the machine's time; empty: time.Now
	AccessKey string           // empty: local
	SecretKey string           // empty: local
	Logger    *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.AccessKey == "" {
		o.AccessKey = "local"
	}
	if o.SecretKey == "" {
		o.SecretKey = "local"
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o
}

// Event tells of an object that was stored or removed.
type Event struct {
	Name   string // ObjectCreated:Put, :Post, :Copy, :CompleteMultipartUpload or ObjectRemoved:Delete
	Bucket string
	Object Object
	Time   time.Time
}

// Server is an http.Handler of the S3 API.
type Server struct {
	options Options
	store   *store
	inner   http.Handler

	mu        sync.RWMutex
	listeners []func(Event)
	cors      map[string][]CORSRule
}

// Open opens or makes a folder of buckets.
func Open(folder string, options Options) (*Server, error) {
	store, err := openStore(folder)
	if err != nil {
		return nil, fmt.Errorf("open buckets: %w", err)
	}
	s := &Server{options: options.withDefaults(), store: store, cors: map[string][]CORSRule{}}
	store.removed = func(bucket string, o Object) { s.tell("ObjectRemoved:Delete", bucket, o) }
	s.inner = gofakes3.New(backend{store},
		gofakes3.WithTimeSource(timeSource(s.options.Clock)),
		gofakes3.WithTimeSkewLimit(0), // no signature is checked here
		gofakes3.WithLogger(logger{s.options.Logger})).Server()
	return s, nil
}

// CreateBucket makes a bucket; one that exists stays as it is.
func (s *Server) CreateBucket(name string) error {
	if err := s.store.createBucket(name); err != nil {
		return fmt.Errorf("create bucket %s: %w", name, err)
	}
	return nil
}

// SetCORS replaces a bucket's rules for scripts of other origins.
func (s *Server) SetCORS(bucket string, rules []CORSRule) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cors[bucket] = slices.Clone(rules)
}

// OnObject has f told of every object stored or removed from now on, after it was, by the goroutine that did it and before
// its client is answered: f must not block. What was stored just before a kill may never be told; Objects finds it.
func (s *Server) OnObject(f func(Event)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listeners = append(s.listeners, f)
}

func (s *Server) tell(name, bucket string, o Object) {
	s.mu.RLock()
	listeners := slices.Clone(s.listeners)
	s.mu.RUnlock()
	for _, f := range listeners {
		f(Event{Name: name, Bucket: bucket, Object: o, Time: s.options.Clock()})
	}
}

// Buckets returns the names of all buckets.
func (s *Server) Buckets() []string { return s.store.names() }

// Objects returns a bucket's objects whose keys begin with prefix, by key. A bucket that does not exist is an error.
func (s *Server) Objects(bucket, prefix string) ([]Object, error) {
	objects, err := s.store.list(bucket, prefix)
	if err != nil {
		return nil, fmt.Errorf("list bucket %s: %w", bucket, err)
	}
	return objects, nil
}

// split is a path-style request's bucket and key.
func split(path string) (bucket, key string) {
	bucket, key, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return bucket, key
}

type timeSource func() time.Time

func (t timeSource) Now() time.Time                        { return t().UTC() }
func (t timeSource) Since(earlier time.Time) time.Duration { return t().Sub(earlier) }

// logger passes gofakes3's errors on; the rest is chatter.
type logger struct{ *slog.Logger }

func (l logger) Print(level gofakes3.LogLevel, v ...any) {
	if level == gofakes3.LogErr {
		l.Error("local S3", "error", fmt.Sprint(v...))
	}
}
