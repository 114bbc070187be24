package queue

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/shared/digest"
)

// DigestOrder asks function digest to make a month's digest now.
type DigestOrder struct {
	V      int          `json:"v"` // 1
	Month  digest.Month `json:"month"`
	By     string       `json:"by"`               // the account that asks
	Reason string       `json:"reason,omitempty"` // why it is made anew; it is printed
}

// ParseDigestOrder reads an order.
func ParseDigestOrder(body string) (DigestOrder, error) {
	var o DigestOrder
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		return o, fmt.Errorf("read order of a digest: %w", err)
	}
	if o.V != 1 {
		return o, fmt.Errorf("read order of a digest: version %d is not 1", o.V)
	}
	if _, err := digest.ParseMonth(string(o.Month)); err != nil {
		return o, fmt.Errorf("read order of a digest: %w", err)
	}
	return o, nil
}

// Digests sends to the queue of function digest.
type Digests struct {
	client *sqs.Client
	url    string
}

// NewDigests gives the sender to the queue at url. It calls nothing.
func NewDigests(cfg aws.Config, url string) *Digests {
	return &Digests{client: sqs.NewFromConfig(cfg), url: url}
}

// Order asks for a digest. To ask twice is harmless: where the figures are the same there is one edition.
func (d *Digests) Order(ctx context.Context, o DigestOrder) error {
	o.V = 1
	body, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("encode order of a digest: %w", err)
	}
	_, err = d.client.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &d.url, MessageBody: aws.String(string(body))})
	if err != nil {
		return fmt.Errorf("order a digest: %w", err)
	}
	return nil
}
