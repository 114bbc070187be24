// Command notify tells a section's chat group, mailbox or program what came into its queue, once.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"steledesk/shared/awsconfig"
	"steledesk/shared/channel"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/queue"
	"steledesk/shared/secret"
	"steledesk/shared/settings"
)

func main() {
	ctx, log := context.Background(), lambdacontext.NewLogger()
	var env struct {
		table, secret, queues, url string
		hosts, mail                []string
	}
	settings.Must(log, settings.Read(
		settings.Text("TABLE", &env.table),
		settings.Text("SECRET_PARAMETER", &env.secret),
		settings.Text("SECTION_QUEUES", &env.queues),
		settings.Optional("PUBLIC_URL", &env.url),
		settings.List("CHANNEL_HOSTS", &env.hosts),
		settings.List("MAIL_HOSTS", &env.mail),
	))
	cfg, err := awsconfig.Load(ctx)
	settings.Must(log, err)
	keys, err := secret.Keys(ctx, cfg, env.secret)
	settings.Must(log, err)

	table := dynamo.Open(cfg, env.table)
	n := &notifier{
		prefix:     env.queues,
		offices:    table.CacheOffice(time.Minute, time.Now, func(err error) { log.Error("office data kept", "error", err.Error()) }),
		open:       func(o *office.Office) ([]office.Channel, error) { return dynamo.OpenChannels(o, keys) },
		deliveries: table,
		sender:     &channel.Sender{Hosts: env.hosts, MailHosts: env.mail, PublicURL: env.url, HTTP: channel.HTTPClient(), Now: time.Now},
		delayer:    queue.NewDelayer(cfg),
		log:        log,
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
