// Package sqs is the part of Amazon SQS that the stack and `aws sqs` use, over one SQLite file: standard queues with
// long polling, batches, delays, visibility, redrive to a dead-letter queue and the checksums SDKs verify. FIFO queues
// and what else is missing are refused by name.
package sqs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"steledesk/infra/local/awsendpoint/awsjson"
)

// Options of Open; every field may be left empty.
type Options struct {
	Clock   func() time.Time // sent times, delays, visibility and retention follow it; empty: time.Now
	Region  string           // empty: us-east-1
	Account string           // empty: 000000000000
	BaseURL string           // how queue URLs begin; empty: the address each caller used
	Logger  *slog.Logger
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Account == "" {
		o.Account = "000000000000"
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return o
}

// Server answers the AWS JSON protocol of SQS.
type Server struct {
	options Options
	store   *store
	bells   bells
	recents recents
	calling sync.RWMutex    // held by calls; Close takes it whole
	closing context.Context // ends long polls
	stop    context.CancelFunc
	service *awsjson.Service
}

// maxRequest bounds a request: a batch of 1 MiB whose bodies are escaped in JSON.
const maxRequest = 8 << 20

// Open opens or makes the file of queues and messages. What was acknowledged before is there, after kill -9 too.
func Open(path string, options Options) (*Server, error) {
	options = options.withDefaults()
	store, err := openStore(path, options.Clock())
	if err != nil {
		return nil, fmt.Errorf("open queues: %w", err)
	}
	closing, stop := context.WithCancel(context.Background())
	s := &Server{options: options, store: store, closing: closing, stop: stop}
	s.service = &awsjson.Service{Name: "SQS", Target: "AmazonSQS", Namespace: "com.amazonaws.sqs", Version: "1.0",
		MaxBody: maxRequest, Logger: options.Logger, Calls: s.calls()}
	return s, nil
}

func (s *Server) calls() map[string]awsjson.Call {
	return map[string]awsjson.Call{
		"CreateQueue":                  awsjson.Operation(s.createQueue),
		"DeleteQueue":                  awsjson.Operation(s.deleteQueue),
		"PurgeQueue":                   awsjson.Operation(s.purgeQueue),
		"ListQueues":                   awsjson.Operation(s.listQueues),
		"GetQueueUrl":                  awsjson.Operation(s.getQueueURL),
		"GetQueueAttributes":           awsjson.Operation(s.getQueueAttributes),
		"SetQueueAttributes":           awsjson.Operation(s.setQueueAttributes),
		"SendMessage":                  awsjson.Operation(s.sendMessage),
		"SendMessageBatch":             awsjson.Operation(s.sendMessageBatch),
		"ReceiveMessage":               awsjson.Operation(s.receiveMessage),
		"DeleteMessage":                awsjson.Operation(s.deleteMessage),
		"DeleteMessageBatch":           awsjson.Operation(s.deleteMessageBatch),
		"ChangeMessageVisibility":      awsjson.Operation(s.changeVisibility),
		"ChangeMessageVisibilityBatch": awsjson.Operation(s.changeVisibilityBatch),
	}
}

// ServeHTTP answers one call; after Close it answers 503.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.calling.RLock()
	defer s.calling.RUnlock()
	if s.closing.Err() != nil {
		http.Error(w, "the local SQS is closing", http.StatusServiceUnavailable)
		return
	}
	s.service.ServeHTTP(w, r)
}

// Close ends long polls, which then answer with no message, waits for calls under way and closes the file.
func (s *Server) Close() error {
	s.stop()
	s.calling.Lock()
	defer s.calling.Unlock()
	return s.store.Close()
}

// Wake lets long polls look again: call it after a clock was stepped, which no timer can notice.
func (s *Server) Wake() { s.bells.ringAll() }

// URL is a queue's URL. host is where the caller reached this server; it counts when Options.BaseURL is empty.
func (s *Server) URL(host, queue string) string {
	base := s.options.BaseURL
	if base == "" {
		base = "http://" + host
	}
	return strings.TrimSuffix(base, "/") + "/" + s.options.Account + "/" + queue
}

// ARN is a queue's ARN.
func (s *Server) ARN(queue string) string { return s.arnPrefix() + queue }

func (s *Server) arnPrefix() string {
	partition := "aws"
	if strings.HasPrefix(s.options.Region, "cn-") {
		partition = "aws-cn"
	}
	return fmt.Sprintf("arn:%s:sqs:%s:%s:", partition, s.options.Region, s.options.Account)
}

// queue finds the queue that a URL names. Only its last part counts: the port may differ from run to run.
func (s *Server) queue(ctx context.Context, url string) (*queue, error) {
	if url == "" {
		return nil, missing("QueueUrl")
	}
	q, err := s.store.queue(ctx, url[strings.LastIndex(url, "/")+1:])
	if errors.Is(err, errNoQueue) {
		return nil, noSuchQueue()
	}
	return q, err
}

func noSuchQueue() error {
	return &awsjson.Error{Code: "QueueDoesNotExist", Query: "AWS.SimpleQueueService.NonExistentQueue",
		Message: "The specified queue does not exist."}
}

func missing(parameter string) error {
	return awsjson.Errorf("MissingParameter", "The request must contain the parameter %s.", parameter)
}

func invalid(parameter, value, reason string) error {
	return awsjson.Errorf("InvalidParameterValue", "Value %s for parameter %s is invalid. Reason: %s", value, parameter, reason)
}

// between checks a number of the request against the bounds SQS sets.
func between(parameter string, value, least, most int) error {
	if value < least || value > most {
		return invalid(parameter, fmt.Sprint(value), fmt.Sprintf("Must be between %d and %d.", least, most))
	}
	return nil
}
