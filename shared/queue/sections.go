package queue

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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
	client   *sqs.Client
	prefix   string
	fallback func(ctx context.Context, section string) // hears of a section without a queue

	mu   sync.Mutex
	urls map[string]string
}

// NewSections gives the sender. It calls nothing. fallback hears, once a Send, of each section
// that has no queue and whose messages go to the office's.
func NewSections(cfg aws.Config, prefix string, fallback func(ctx context.Context, section string)) *Sections {
	return &Sections{client: sqs.NewFromConfig(cfg), prefix: prefix, fallback: fallback, urls: map[string]string{}}
}

// Send carries events to the queues of their audience. It gives an error for each event, by its
// place, that did not reach all of them; the others have arrived. Sending again is harmless: who
// reads a queue knows events by their id.
func (s *Sections) Send(ctx context.Context, events []ticket.Event) map[int]error {
	failed := map[int]error{}
	outgoing := map[string][]posting{}
	found := queues{}
	for i, e := range events {
		body, err := json.Marshal(NewMessage(e))
		if err != nil {
			failed[i] = fmt.Errorf("encode message of %s: %w", e.ID(), err)
			continue
		}
		urls, err := s.audience(ctx, e, found)
		if err != nil {
			failed[i] = err
		}
		for _, url := range urls {
			outgoing[url] = append(outgoing[url], posting{event: i, body: string(body)})
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
	body  string
}

// queues is what one Send knows of the sections' queues, what could not be found included.
type queues map[string]struct {
	url string
	err error
}

// audience gives the queues that are to carry e, each once, and an error when one was not found.
func (s *Sections) audience(ctx context.Context, e ticket.Event, found queues) ([]string, error) {
	sections := e.Audience()
	if e.What == ticket.Erased { // told to nobody
		return nil, nil
	}
	if len(sections) == 0 {
		return nil, fmt.Errorf("event %s belongs to no section", e.ID())
	}
	var urls []string
	var missing error
	for _, section := range sections {
		q, known := found[section]
		if !known {
			q.url, q.err = s.url(ctx, section)
			found[section] = q
		}
		switch {
		case q.err != nil:
			missing = q.err
		case !slices.Contains(urls, q.url):
			urls = append(urls, q.url)
		}
	}
	return urls, missing
}

func (s *Sections) send(ctx context.Context, url string, postings []posting, failed map[int]error) {
	refused, err := post(ctx, s.client, url, postings)
	if err != nil {
		s.forget(url)
	}
	for _, p := range postings {
		switch {
		case err != nil:
			failed[p.event] = fmt.Errorf("send to section queue: %w", err)
		case refused[p.event] != "":
			failed[p.event] = fmt.Errorf("send to section queue: %s", refused[p.event])
		}
	}
}

// post sends up to batch messages in one call and gives the reason, by the place of its event, of each that did not
// arrive: whatever SQS does not say it has, it has not.
func post(ctx context.Context, client *sqs.Client, url string, postings []posting) (refused map[int]string, err error) {
	entries := make([]types.SendMessageBatchRequestEntry, len(postings))
	for i, p := range postings {
		entries[i] = types.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), MessageBody: &p.body}
	}
	out, err := client.SendMessageBatch(ctx, &sqs.SendMessageBatchInput{QueueUrl: &url, Entries: entries})
	if err != nil {
		return nil, err
	}
	arrived := map[string]bool{}
	for _, ok := range out.Successful {
		arrived[aws.ToString(ok.Id)] = true
	}
	refused = map[int]string{}
	for i, p := range postings {
		if id := strconv.Itoa(i); !arrived[id] {
			refused[p.event] = reason(out.Failed, id)
		}
	}
	return refused, nil
}

func reason(failed []types.BatchResultErrorEntry, id string) string {
	for _, f := range failed {
		if aws.ToString(f.Id) == id {
			return aws.ToString(f.Code) + ": " + aws.ToString(f.Message)
		}
	}
	return "SQS did not say why"
}

// url finds a section's queue once. A section that has none, because it is newer than the last
// deployment, is served from the office's queue: late is better than lost.
func (s *Sections) url(ctx context.Context, section string) (string, error) {
	if url, ok := s.known(section); ok {
		return url, nil
	}
	url, err := s.lookUp(ctx, section)
	var missing *types.QueueDoesNotExist
	if errors.As(err, &missing) && section != ticket.OfficeSection && section != ticket.DisciplineSection {
		s.fallback(ctx, section)
		url, err = s.lookUp(ctx, ticket.OfficeSection)
		return url, err // not remembered: the queue may be there next time
	}
	if err == nil {
		s.remember(section, url)
	}
	return url, err
}

func (s *Sections) known(section string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	url, ok := s.urls[section]
	return url, ok
}

func (s *Sections) remember(section, url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.urls[section] = url
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
