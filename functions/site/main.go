// Command site serves the visitors' pages and the description of the API.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"steledesk/shared/awsconfig"
	"steledesk/shared/dynamo"
	"steledesk/shared/httpapi"
	"steledesk/shared/secret"
	"steledesk/shared/settings"
	"steledesk/shared/visitor"
)

func main() {
	ctx, log := context.Background(), lambdacontext.NewLogger()
	var env struct{ table, secret string }
	settings.Must(log, settings.Read(settings.Text("TABLE", &env.table), settings.Text("SECRET_PARAMETER", &env.secret)))
	cfg, err := awsconfig.Load(ctx)
	settings.Must(log, err)
	keys, err := secret.Keys(ctx, cfg, env.secret)
	settings.Must(log, err)

	table := dynamo.Open(cfg, env.table)
	offices := table.CacheOffice(time.Minute, time.Now, func(err error) { log.Error("office data kept", "error", err.Error()) })
	s := &site{
		desk:  &visitor.Desk{Store: table, Keys: keys, Offices: offices, Undated: httpapi.TellUndated(log)},
		log:   log,
		after: offices.Settle,
	}
	lambda.StartHandlerFunc(s.serve)
}
