package sqs_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func TestQueues(t *testing.T) {
	d := start(t)
	url := d.create("b", map[string]string{"DelaySeconds": "1"})
	if again := d.create("b", map[string]string{"DelaySeconds": "1"}); again != url {
		t.Errorf("second creation gave %s, want %s", again, url)
	}
	if same := d.create("b", nil); same != url {
		t.Errorf("creation that asks for nothing gave %s", same)
	}
	_, err := d.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: aws.String("b"), Attributes: map[string]string{"DelaySeconds": "2"}})
	var exists *types.QueueNameExists
	if !errors.As(err, &exists) {
		t.Errorf("creation with another delay: %v", err)
	}
	d.create("a", nil)
	d.create("c", nil)
	d.create("other", nil)
	var names []string
	pages := sdk.NewListQueuesPaginator(d.Client, &sdk.ListQueuesInput{MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range page.QueueUrls {
			names = append(names, u[strings.LastIndex(u, "/")+1:])
		}
	}
	if got := strings.Join(names, ","); got != "a,b,c,other" {
		t.Errorf("queues %s", got)
	}
	listed, err := d.ListQueues(t.Context(), &sdk.ListQueuesInput{QueueNamePrefix: aws.String("ot")})
	if err != nil || len(listed.QueueUrls) != 1 {
		t.Errorf("by prefix: %v, %v", listed, err)
	}
	var none *types.QueueDoesNotExist
	if _, err = d.GetQueueUrl(t.Context(), &sdk.GetQueueUrlInput{QueueName: aws.String("none")}); !errors.As(err, &none) {
		t.Errorf("URL of no queue: %v", err)
	}
	if got := code(err); got != "AWS.SimpleQueueService.NonExistentQueue" {
		t.Errorf("code of no queue: %s", got)
	}
}

func TestAttributes(t *testing.T) {
	d := start(t)
	url := d.create("q", nil)
	set := func(name, value string) string {
		_, err := d.SetQueueAttributes(t.Context(), &sdk.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{name: value}})
		return code(err)
	}
	for _, c := range []struct{ name, value, want string }{
		{"VisibilityTimeout", "43200", "<nil>"},
		{"VisibilityTimeout", "43201", "InvalidAttributeValue"},
		{"DelaySeconds", "soon", "InvalidAttributeValue"},
		{"FifoQueue", "true", "InvalidAttributeName"},
		{"RedrivePolicy", `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:none","maxReceiveCount":1}`, "InvalidParameterValue"},
		{"RedrivePolicy", `nonsense`, "InvalidParameterValue"},
	} {
		if got := set(c.name, c.value); got != c.want {
			t.Errorf("%s=%s: %s, want %s", c.name, c.value, got, c.want)
		}
	}
	for name, want := range map[string]string{"VisibilityTimeout": "43200", "MessageRetentionPeriod": "345600",
		"QueueArn": "arn:aws:sqs:us-east-1:000000000000:q", "MaximumMessageSize": "1048576"} {
		if got := d.count(url, name); got != want {
			t.Errorf("%s = %s, want %s", name, got, want)
		}
	}
}

func TestWhatIsNotServedIsNamed(t *testing.T) {
	d := start(t)
	url := d.create("q", nil)
	_, err := d.TagQueue(t.Context(), &sdk.TagQueueInput{QueueUrl: &url, Tags: map[string]string{"a": "b"}})
	if err == nil || !strings.Contains(err.Error(), "ReceiveMessage") {
		t.Errorf("unknown call: %v; want the list of those served", err)
	}
	_, err = d.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("x"), MessageGroupId: aws.String("g")})
	if err == nil || !strings.Contains(err.Error(), "MessageGroupId") {
		t.Errorf("unknown member: %v; want its name", err)
	}
	if _, err := d.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: aws.String("q.fifo")}); code(err) != "UnsupportedOperation" {
		t.Errorf("FIFO queue: %v", err)
	}
}

func TestPeekChangesNothing(t *testing.T) {
	d := start(t)
	url := d.create("q", nil)
	for _, body := range []string{"a", "b", "c"} {
		d.send(url, body)
	}
	seen, err := d.server.Peek(t.Context(), "q", 2)
	if err != nil || len(seen) != 2 || seen[0].Body != "a" || seen[1].Body != "b" {
		t.Fatalf("peeked %v, %v", seen, err)
	}
	if m := d.receive(url); len(m) != 3 || m[0].Attributes["ApproximateReceiveCount"] != "1" {
		t.Errorf("peeking counted as receiving: %v", m)
	}
	queues, err := d.server.Queues(t.Context())
	if err != nil || len(queues) != 1 || queues[0].InFlight != 3 || !queues[0].Oldest.Equal(d.clock.Now()) {
		t.Errorf("queues %+v, %v", queues, err)
	}
	if _, err := d.server.Peek(t.Context(), "none", 1); err == nil {
		t.Error("peeked at a queue that does not exist")
	}
}
