package queue

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/shared/ticket"
)

// Visitors sends to the queue of what visitors' phones are told. Nothing that a section waits for goes that way.
type Visitors struct {
	client *sqs.Client
	url    string
}

// NewVisitors gives the sender to the queue at url. It calls nothing.
func NewVisitors(cfg aws.Config, url string) *Visitors {
	return &Visitors{client: sqs.NewFromConfig(cfg), url: url}
}

// Send is Sections.Send, to this one queue.
func (v *Visitors) Send(ctx context.Context, events []ticket.Event) map[int]error {
	failed := map[int]error{}
	var postings []posting
	for i, e := range events {
		body, err := json.Marshal(NewMessage(e))
		if err != nil {
			failed[i] = fmt.Errorf("encode message of %s: %w", e.ID(), err)
			continue
		}
		postings = append(postings, posting{event: i, body: string(body)})
	}
	for start := 0; start < len(postings); start += batch {
		some := postings[start:min(start+batch, len(postings))]
		refused, err := post(ctx, v.client, v.url, some)
		for _, p := range some {
			switch {
			case err != nil:
				failed[p.event] = fmt.Errorf("send to visitors' queue: %w", err)
			case refused[p.event] != "":
				failed[p.event] = fmt.Errorf("send to visitors' queue: %s", refused[p.event])
			}
		}
	}
	return failed
}
