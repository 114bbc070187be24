// Command push tells visitors' phones that their tickets have news. Its queue is its own: a slow push service keeps no
// section waiting.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"steledesk/shared/awsconfig"
	"steledesk/shared/dynamo"
	"steledesk/shared/push"
	"steledesk/shared/queue"
	"steledesk/shared/secret"
	"steledesk/shared/settings"
)

func main() {
	log := lambdacontext.NewLogger()
	var table, parameter, contact string
	var hosts []string
	settings.Must(log, settings.Read(settings.Text("TABLE", &table), settings.Text("SECRET_PARAMETER", &parameter),
		settings.List("PUSH_HOSTS", &hosts), settings.Text("PUSH_CONTACT", &contact)))
	cfg, err := awsconfig.Load(context.Background())
	settings.Must(log, err)
	keys, err := secret.Living(context.Background(), cfg, parameter, secret.Kept(log))
	settings.Must(log, err)
	store := dynamo.Open(cfg, table)
	t := &teller{
		phones: store, deliveries: store, keys: keys, delayer: queue.NewDelayer(cfg), stack: table, log: log, now: time.Now,
		sender: &push.Sender{Hosts: hosts, Keys: keys, Contact: contact, HTTP: push.Client()},
	}
	lambda.StartHandlerFunc(t.handle)
}
