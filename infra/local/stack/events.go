package stack

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/infra/local/sources"
	"steledesk/infra/local/template"
)

// events are the running connections between what happens and the functions.
type events struct {
	async     *sources.Async
	streams   []*sources.Stream
	queues    []*sources.Queue
	schedules []*sources.Schedule
	buckets   []*sources.Bucket
}

// runner is anything that carries events until its context ends.
type runner interface{ Run(context.Context) error }

// startEvents connects every enabled mapping and waits until the streams are read.
func (s *Stack) startEvents(ctx context.Context) error {
	setup, err := s.sourceSetup()
	if err != nil {
		return err
	}
	async, err := sources.NewAsync(setup, filepath.Join(s.settings.Data, "async"))
	if err != nil {
		return err
	}
	for _, f := range s.model.Functions {
		async.Configure(sources.AsyncMapping{Function: f.Name, Retries: f.Retries, OnFailure: f.OnFailure, Sender: s.clients.queues})
	}
	s.events = &events{async: async}
	err = errors.Join(s.mapStreams(setup), s.mapQueues(ctx, setup), s.mapSchedules(setup), s.mapBuckets(setup))
	if err != nil {
		return err
	}
	s.run()
	if s.engines != nil {
		s.engines.notify(s.notified)
	} else if len(s.events.buckets) > 0 {
		s.settings.Logger.Warn("bucket notifications do not reach this machine from another endpoint", "endpoint", s.settings.Endpoint)
	}
	for _, stream := range s.events.streams {
		select {
		case <-stream.Ready():
		case <-ctx.Done():
			return fmt.Errorf("wait for first read of stream: %w; last failure: %v", context.Cause(ctx), stream.Status().Last)
		}
	}
	return nil
}

func (s *Stack) sourceSetup() (sources.Setup, error) {
	checkpoints, err := sources.NewFileCheckpoints(filepath.Join(s.settings.Data, "checkpoints"))
	return sources.Setup{
		Invoker: s.functions, Checkpoints: checkpoints, Logger: s.settings.Logger, Now: s.settings.Clock,
		Partition: s.partition(), Region: s.settings.Region, AccountID: s.settings.Account,
	}, err
}

// run starts every source; closing the stack ends them and waits.
func (s *Stack) run() {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	start := func(r runner) {
		running.Go(func() {
			if err := r.Run(ctx); err != nil {
				s.settings.Logger.Error("event source ended", "error", err)
			}
		})
	}
	start(s.events.async)
	for _, source := range s.events.streams {
		start(source)
	}
	for _, source := range s.events.queues {
		start(source)
	}
	for _, source := range s.events.schedules {
		start(source)
	}
	s.onClose("event sources", func(context.Context) error {
		cancel()
		running.Wait()
		return nil
	})
}

func (s *Stack) mapStreams(setup sources.Setup) error {
	var problems []error
	for _, m := range s.model.Streams {
		if !m.Enabled {
			continue
		}
		stream, err := sources.NewStream(setup, sources.StreamMapping{
			Function: s.nameOf(m.Function), StreamARN: m.StreamARN, BatchSize: m.BatchSize, Window: m.Window,
			StartingPosition: m.StartingPosition, MaxRetries: m.Retries, MaxAge: m.MaxAge, Bisect: m.Bisect,
			PartialFailures: m.PartialFailures, OnFailure: m.OnFailure, Filters: m.Filters, Parallelization: m.Parallelization,
		}, s.clients.streams, s.clients.queues)
		problems = append(problems, s.placed(m.Line, err))
		s.events.streams = append(s.events.streams, stream)
	}
	return errors.Join(problems...)
}

func (s *Stack) mapQueues(ctx context.Context, setup sources.Setup) error {
	var problems []error
	for _, m := range s.model.Consumers {
		if !m.Enabled {
			continue
		}
		queue, err := s.mapQueue(ctx, setup, m)
		problems = append(problems, s.placed(m.Line, err))
		s.events.queues = append(s.events.queues, queue)
	}
	return errors.Join(problems...)
}

func (s *Stack) mapQueue(ctx context.Context, setup sources.Setup, m template.QueueMapping) (*sources.Queue, error) {
	name := m.QueueARN[strings.LastIndex(m.QueueARN, ":")+1:]
	found, err := s.clients.queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		return nil, fmt.Errorf("find queue %s: %w", name, err)
	}
	return sources.NewQueue(setup, sources.QueueMapping{
		Function: s.nameOf(m.Function), QueueURL: aws.ToString(found.QueueUrl), QueueARN: m.QueueARN, BatchSize: m.BatchSize,
		Window: m.Window, PartialFailures: m.PartialFailures, MaxConcurrency: m.MaxConcurrency, Filters: m.Filters,
	}, s.clients.queues)
}

func (s *Stack) mapSchedules(setup sources.Setup) error {
	var problems []error
	for _, m := range s.model.Schedules {
		if !m.Enabled {
			continue
		}
		zone := m.Zone
		if !m.Scheduler {
			zone = "" // a rule knows UTC only
		}
		schedule, err := sources.NewSchedule(setup, sources.ScheduleMapping{
			Name: m.Name, Function: s.nameOf(m.Function), Expression: m.Expression, Timezone: zone, Scheduler: m.Scheduler, Input: m.Input,
		}, s.events.async)
		problems = append(problems, s.placed(m.Line, err))
		s.events.schedules = append(s.events.schedules, schedule)
	}
	return errors.Join(problems...)
}

func (s *Stack) mapBuckets(setup sources.Setup) error {
	var problems []error
	for _, m := range s.model.Uploads {
		bucket, err := sources.NewBucket(setup, sources.BucketMapping{
			Function: s.nameOf(m.Function), Bucket: m.Bucket, Events: m.Events, Prefix: m.Prefix, Suffix: m.Suffix,
		}, s.events.async)
		problems = append(problems, s.placed(m.Line, err))
		s.events.buckets = append(s.events.buckets, bucket)
	}
	return errors.Join(problems...)
}

// placed says where in the template an event stands that cannot be connected.
func (s *Stack) placed(line int, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s:%d: %w", s.settings.Template, line, err)
}
