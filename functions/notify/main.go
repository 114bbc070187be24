// Command notify tells a section's chat group, mailbox or program what came into its queue, once.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"steledesk/shared/channel"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/queue"
	"steledesk/shared/settings"
	"steledesk/shared/start"
)

func main() {
	var queues string
	var hosts, mail []string
	b := start.Open(context.Background(),
		settings.Text("SECTION_QUEUES", &queues), settings.List("CHANNEL_HOSTS", &hosts), settings.List("MAIL_HOSTS", &mail))
	n := &notifier{
		prefix:     queues,
		offices:    b.Offices,
		open:       func(o *office.Office) ([]office.Channel, error) { return dynamo.OpenChannels(o, b.Keys) },
		deliveries: b.Table,
		sender:     &channel.Sender{Hosts: hosts, MailHosts: mail, HTTP: channel.HTTPClient(), Now: time.Now},
		delayer:    queue.NewDelayer(b.AWS),
		log:        b.Log,
		now:        time.Now,
		wait:       wait,
	}
	lambda.StartHandlerFunc(n.handle)
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
