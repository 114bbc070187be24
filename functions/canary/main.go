// Command canary wakes every quarter of an hour, tries the desk as a visitor does, and counts whether that worked.
package main

import (
	"context"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"steledesk/shared/awsconfig"
	"steledesk/shared/canary"
	"steledesk/shared/dynamo"
	"steledesk/shared/secret"
	"steledesk/shared/settings"
)

// callTime is how long one call of the desk may take before it counts as failed.
const callTime = 15 * time.Second

func main() {
	log := lambdacontext.NewLogger()
	var env struct{ table, parameter, url string }
	settings.Must(log, settings.Read(settings.Text("TABLE", &env.table), settings.Text("SECRET_PARAMETER", &env.parameter),
		settings.Text("DESK_URL", &env.url)))
	ctx := context.Background()
	cfg, err := awsconfig.Load(ctx)
	settings.Must(log, err)
	keys, err := secret.Living(ctx, cfg, env.parameter, secret.Kept(log))
	settings.Must(log, err)
	t := &trial{stack: env.table, log: log, now: time.Now, bird: &canary.Canary{
		URL: env.url, HTTP: &http.Client{Timeout: callTime}, Keys: keys, Table: dynamo.Open(cfg, env.table), Now: time.Now, Wait: canary.Wait,
	}}
	lambda.StartHandlerFunc(t.handle)
}
