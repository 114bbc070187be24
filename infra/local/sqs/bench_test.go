package sqs_test

import (
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/sqs"
)

// BenchmarkTrip sends, receives and deletes one message, with durable sends, beside a backlog of the given size.
func BenchmarkTrip(b *testing.B) {
	for _, backlog := range []int{0, 20000} {
		b.Run(fmt.Sprintf("backlog=%d", backlog), func(b *testing.B) {
			server, err := sqs.Open(filepath.Join(b.TempDir(), "queues.sqlite"), sqs.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer server.Close()
			web := httptest.NewServer(server)
			defer web.Close()
			c := sdk.NewFromConfig(awstest.Config(web.URL))
			queue, err := c.CreateQueue(b.Context(), &sdk.CreateQueueInput{QueueName: aws.String("q")})
			if err != nil {
				b.Fatal(err)
			}
			fill(b, c, queue.QueueUrl, backlog)
			var n atomic.Int64
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					trip(b, c, queue.QueueUrl, fmt.Sprint(n.Add(1)))
				}
			})
		})
	}
}

func fill(b *testing.B, c *sdk.Client, url *string, messages int) {
	for range messages / 10 {
		var batch []types.SendMessageBatchRequestEntry
		for n := range 10 {
			batch = append(batch, types.SendMessageBatchRequestEntry{Id: aws.String(fmt.Sprint(n)), MessageBody: aws.String("old")})
		}
		if _, err := c.SendMessageBatch(b.Context(), &sdk.SendMessageBatchInput{QueueUrl: url, Entries: batch}); err != nil {
			b.Fatal(err)
		}
	}
}

func trip(b *testing.B, c *sdk.Client, url *string, body string) {
	if _, err := c.SendMessage(b.Context(), &sdk.SendMessageInput{QueueUrl: url, MessageBody: &body}); err != nil {
		b.Error(err)
	}
	got, err := c.ReceiveMessage(b.Context(), &sdk.ReceiveMessageInput{QueueUrl: url})
	if err != nil || len(got.Messages) != 1 {
		b.Errorf("received %v, %v", got, err)
		return
	}
	if _, err := c.DeleteMessage(b.Context(), &sdk.DeleteMessageInput{QueueUrl: url, ReceiptHandle: got.Messages[0].ReceiptHandle}); err != nil {
		b.Error(err)
	}
}
