package story

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// Whatever queue it came into, a message that nobody can read ends among the dead letters. Those of phones and of
// digests used to be deleted.
func TestEveryPoisonIsADeadLetter(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	queues := sqs.NewFromConfig(d.AWS())
	for i, name := range []string{"steledesk-section-ticketing", "steledesk-visitors", "steledesk-digest"} {
		url, err := queues.GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &name})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := queues.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: url.QueueUrl, MessageBody: aws.String(`{"v":1,"event":`)}); err != nil {
			t.Fatal(err)
		}
		d.until(name+"'s is a dead letter", func() bool { return d.queued("steledesk-dead-letters") == i+1 })
		if left := d.queued(name); left != 0 {
			t.Errorf("%s still has %d", name, left)
		}
	}
}
