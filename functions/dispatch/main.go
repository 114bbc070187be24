// Command dispatch carries each stored event from the table's stream to the queue of the
// responsible section, and to that of visitors' phones, and counts what was filed.
package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"steledesk/shared/awsconfig"
	"steledesk/shared/dynamo"
	"steledesk/shared/queue"
	"steledesk/shared/settings"
)

func main() {
	log := lambdacontext.NewLogger()
	var env struct{ queues, visitors, table string }
	err := settings.Read(settings.Text("SECTION_QUEUES", &env.queues), settings.Text("VISITOR_QUEUE", &env.visitors),
		settings.Text("TABLE", &env.table))
	settings.Must(log, err)
	cfg, err := awsconfig.Load(context.Background())
	settings.Must(log, err)

	table := dynamo.Open(cfg, env.table)
	sections := queue.NewSections(cfg, env.queues, noQueue(log))
	d := &dispatcher{
		log: log, stack: env.table, now: time.Now, sections: sections, papers: sections,
		visitors: queue.NewVisitors(cfg, env.visitors), phones: table, counter: table,
	}
	lambda.StartHandlerFunc(d.handle)
}

// noQueue tells the operator of a section that the last deployment did not know.
func noQueue(log *slog.Logger) func(context.Context, string) {
	return func(ctx context.Context, section string) {
		log.ErrorContext(ctx, "section has no queue, the office's serves it: add the section to the parameter SectionIds and deploy",
			"section", section)
	}
}
