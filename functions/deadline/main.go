// Command deadline wakes every five minutes and does what is due: reminders, escalations, the closing of what was
// answered and not objected to, and the erasing of what was kept for as long as it may be.
package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"steledesk/shared/awsconfig"
	"steledesk/shared/dynamo"
	"steledesk/shared/settings"
)

// officeFresh is how old office data may be that a warm function works with.
const officeFresh = time.Minute

func main() {
	log := lambdacontext.NewLogger()
	var name string
	settings.Must(log, settings.Read(settings.Text("TABLE", &name)))
	cfg, err := awsconfig.Load(context.Background())
	settings.Must(log, err)

	table := dynamo.Open(cfg, name)
	d := &deadlines{table: table, offices: table.CacheOffice(officeFresh, time.Now, kept(log)), log: log, now: time.Now}
	lambda.StartHandlerFunc(d.handle)
}

func kept(log *slog.Logger) func(context.Context, error) {
	return func(ctx context.Context, err error) {
		log.ErrorContext(ctx, "older office data kept", "error", err.Error())
	}
}
