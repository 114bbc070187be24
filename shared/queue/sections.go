package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"steledesk/shared/ticket"
)

// batch is the most messages SQS takes at once.
const batch = 10

// Sections sends to the queues of the sections, which are named prefix + section id.
type Sections struct {
	client *sqs.Client
	prefix string
	// Fallback hears of a section that has no queue, whose messages went to the office's.
	fallback func(section string)

	mu   sync.Mutex
	urls map[string]string
}

// NewSections gives the sender. It calls nothing.
func NewSections(cfg aws.Config, prefix string, fallback func(section string)) *Sections {
	return &Sections{client: sqs.NewFromConfig(cfg), prefix: prefix, fallback: fallback, urls: map[string]string{}}
}

// Send carries events to the queues of their audience. It gives an error for each event, by its
// place, that did not reach all of them; the others have arrived. Sending again is harmless: who
// reads a queue knows events by their id.
func (s *Sections) Send(ctx context.Context, events []ticket.Event) map[int]error {
	failed := map[int]error{}
	outgoing := map[string][]posting{}
	for i, e := range events {
		for _, section := range e.Audience() {
			p, err := s.post(ctx, i, e, section)
			if err != nil {
				failed[i] = err
				continue
			}
			outgoing[p.url] = append(outgoing[p.url], p)
		}
	}
	for url, postings := range outgoing {
		for start := 0; start < len(postings); start += batch {
			s.send(ctx, url, postings[start:min(start+batch, len(postings))], failed)
		}
	}
	return failed
}

// posting is a message on its way, and the place of its event.
type posting struct {
	event int
	url   string
	body  string
}

func (s *Sections) post(ctx context.Context, i int, e ticket.Event, section string) (posting, error) {
	url, err := s.url(ctx, section)
	if err != nil {
		return posting{}, err
	}
	body, err := json.Marshal(NewMessage(e))
	if err != nil {
		return posting{}, fmt.Errorf("encode message of %s: %w", e.ID(), err)
	}
	return posting{event: i, url: url, body: string(body)}, nil
}

func (s *Sections) send(ctx context.Context, url string, postings []posting, failed map[int]error) {
	entries := make([]types.SendMessageBatchRequestEntry, len(postings))
	for i, p := range postings {
		entries[i] = types.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), MessageBody: &p.body}
	}
	out, err := s.client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: entries})
	if err != nil {
		s.forget(url)
		for _, p := range postings {
			failed[p.event] = fmt.Errorf("send to section queue: %w", err)
		}
		return
	}
	for _, f := range out.Failed {
		i, err := strconv.Atoi(aws.ToString(f.Id))
		if err != nil || i < 0 || i >= len(postings) {
			continue
		}
		failed[postings[i].event] = fmt.Errorf("send to section queue: %s: %s", aws.ToString(f.Code), aws.ToString(f.Message))
	}
}

// url finds a section's queue once. A section that has none, because it is newer than the last
// deployment, is served from the office's queue: late is better than lost.
func (s *Sections) url(ctx context.Context, section string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if url, ok := s.urls[section]; ok {
		return url, nil
	}
	url, err := s.lookUp(ctx, section)
	var missing *types.QueueDoesNotExist
	if errors.As(err, &missing) && section != ticket.OfficeSection && section != ticket.DisciplineSection {
		s.fallback(section)
		url, err = s.lookUp(ctx, ticket.OfficeSection)
		return url, err // not remembered: the queue may be there next time
	}
	if err == nil {
		s.urls[section] = url
	}
	return url, err
}

func (s *Sections) lookUp(ctx context.Context, section string) (string, error) {
	out, err := s.client.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(s.prefix + section)})
	if err != nil {
		return "", fmt.Errorf("find queue of section %s: %w", section, err)
	}
	return aws.ToString(out.QueueUrl), nil
}

// forget drops a queue's address after a failed call: the queue may have been made anew.
func (s *Sections) forget(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for section, u := range s.urls {
		if u == url {
			delete(s.urls, section)
		}
	}
}
