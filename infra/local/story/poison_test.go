package story

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Whatever queue it came into, a message that nobody can read ends among the dead letters. Those of phones and of
// digests used to be deleted. They may be tried up to 150 times, which takes longer than a test waits: three are enough here.
func TestEveryPoisonIsADeadLetter(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	queues := sqs.NewFromConfig(d.AWS())
	for i, name := range []string{"steledesk-section-ticketing", "steledesk-visitors", "steledesk-digest"} {
		url, err := queues.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &name})
		if err != nil {
			t.Fatal(err)
		}
		fewTries(t, queues, url.QueueUrl)
		if _, err := queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: url.QueueUrl, MessageBody: aws.String(`{"v":1,"event":`)}); err != nil {
			t.Fatal(err)
		}
		d.until(name+"'s is a dead letter", func() bool { return d.queued("steledesk-dead-letters") == i+1 })
		if left := d.queued(name); left != 0 {
			t.Errorf("%s still has %d", name, left)
		}
	}
}

// fewTries has a queue give up a message after three tries, to where it gives up its messages anyway.
func fewTries(t *testing.T, queues *sqs.Client, url *string) {
	t.Helper()
	const policy = string(types.QueueAttributeNameRedrivePolicy)
	got, err := queues.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameRedrivePolicy},
	})
	if err != nil {
		t.Fatal(err)
	}
	var redrive map[string]any
	if err := json.Unmarshal([]byte(got.Attributes[policy]), &redrive); err != nil {
		t.Fatal(err)
	}
	redrive["maxReceiveCount"] = 3
	changed, err := json.Marshal(redrive)
	if err == nil {
		_, err = queues.SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{policy: string(changed)}})
	}
	if err != nil {
		t.Fatal(err)
	}
}
