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
	var queues, public, stack string
	var hosts, mail []string
	b := start.Open(context.Background(),
		settings.Text("SECTION_QUEUES", &queues), settings.Text("TABLE", &stack), settings.List("CHANNEL_HOSTS", &hosts), settings.List("MAIL_HOSTS", &mail),
		settings.Optional("PUBLIC_URL", &public))
	n := &notifier{
		prefix:     queues,
		offices:    b.Offices,
		open:       open(b.Keys),
		deliveries: b.Table,
		sender:     &channel.Sender{Hosts: hosts, MailHosts: mail, PublicURL: public, HTTP: channel.HTTPClient(), Now: time.Now},
		delayer:    queue.NewDelayer(b.AWS),
		stack:      stack,
		log:        b.Log,
		now:        time.Now,
		wait:       wait,
	}
	lambda.StartHandlerFunc(n.handle)
}

// open makes the address and the secret of one channel readable.
func open(keys dynamo.Sealer) func(office.Channel) (office.Channel, error) {
	return func(c office.Channel) (office.Channel, error) {
		all, err := dynamo.OpenChannels(&office.Office{Channels: []office.Channel{c}}, keys)
		if err != nil {
			return c, err
		}
		return all[0], nil
	}
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
