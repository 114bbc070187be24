// Command digest makes the digest of a month for the meeting of the supervisors: on the first day of the next one, and
// whenever the office asks for it.
package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"steledesk/shared/awsconfig"
	"steledesk/shared/bucket"
	"steledesk/shared/dynamo"
	"steledesk/shared/meeting"
	"steledesk/shared/queue"
	"steledesk/shared/settings"
)

// width is how many tickets of each shard are read at once: enough to be busy while the table answers, few enough that
// what is held of them does not show.
const width = 4

// attempts is how often a call is made that is throttled: one of a hundred thousand that had bad luck three times in a
// row is no reason to read all of them again.
const attempts = 10

func main() {
	log := lambdacontext.NewLogger()
	var name, bucketName, url string
	settings.Must(log, settings.Read(settings.Text("TABLE", &name), settings.Text("PAPERS_BUCKET", &bucketName), settings.Optional("PUBLIC_URL", &url)))
	cfg, err := awsconfig.Load(context.Background())
	settings.Must(log, err)
	cfg.RetryMaxAttempts = attempts

	table := dynamo.Open(cfg, name)
	s := &secretary{delayer: queue.NewDelayer(cfg), stack: name, now: time.Now, log: log, maker: &meeting.Maker{
		Editions: table, Tickets: table, Files: bucket.OpenPapers(cfg, bucketName), Office: table.Office,
		Decisions: decided(table).Report, Write: writer{table, url}.write, Broken: broken(log), Shards: dynamo.MonthShards, Width: width,
	}}
	lambda.StartHandlerFunc(s.handle)
}

// broken tells the operator of a chain that does not hold.
func broken(log *slog.Logger) func(context.Context, string, error) {
	return func(ctx context.Context, number string, why error) {
		log.ErrorContext(ctx, "chain is broken: steledesk verify says more", "ticket", number, "error", why.Error())
	}
}
