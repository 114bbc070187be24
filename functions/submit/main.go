// Command submit lets visitors file tickets and gives them slots for photos.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"steledesk/shared/awsconfig"
	"steledesk/shared/bucket"
	"steledesk/shared/dynamo"
	"steledesk/shared/httpapi"
	"steledesk/shared/secret"
	"steledesk/shared/settings"
	"steledesk/shared/visitor"
)

func main() {
	ctx, log := context.Background(), lambdacontext.NewLogger()
	var env struct{ table, secret, photos string }
	settings.Must(log, settings.Read(
		settings.Text("TABLE", &env.table),
		settings.Text("SECRET_PARAMETER", &env.secret),
		settings.Text("PHOTO_BUCKET", &env.photos),
	))
	cfg, err := awsconfig.Load(ctx)
	settings.Must(log, err)
	keys, err := secret.Keys(ctx, cfg, env.secret)
	settings.Must(log, err)

	table := dynamo.Open(cfg, env.table)
	offices := table.CacheOffice(time.Minute, time.Now, func(err error) { log.Error("office data kept", "error", err.Error()) })
	s := &submit{
		desk:   &visitor.Desk{Store: table, Keys: keys, Offices: offices, Undated: httpapi.TellUndated(log)},
		photos: bucket.Open(cfg, env.photos),
		keys:   keys,
	}
	lambda.StartHandlerFunc((&httpapi.Mux{Routes: s.routes(), Log: log, After: offices.Settle}).Serve)
}
