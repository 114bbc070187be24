// Command track lets a visitor follow a ticket with its code, and write to its section, rate,
// reopen or withdraw it.
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
	t := &track{desk: &visitor.Desk{Store: table, Keys: keys, Offices: offices, Undated: httpapi.TellUndated(log)}}
	lambda.StartHandlerFunc((&httpapi.Mux{Routes: t.routes(), Log: log, After: offices.Settle}).Serve)
}
