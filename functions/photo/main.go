// Command photo makes clean photos of what visitors upload: upright, of bounded size, without anything but the picture.
// What cannot be cleaned is refused for a reason that is told, and never shown.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"steledesk/shared/awsconfig"
	"steledesk/shared/bucket"
	"steledesk/shared/dynamo"
	"steledesk/shared/settings"
)

func main() {
	log := lambdacontext.NewLogger()
	var table, photos string
	settings.Must(log, settings.Read(settings.Text("TABLE", &table), settings.Text("PHOTO_BUCKET", &photos)))
	cfg, err := awsconfig.Load(context.Background())
	settings.Must(log, err)

	c := &cleaner{bucket: bucket.Open(cfg, photos), records: dynamo.Open(cfg, table), log: log}
	lambda.StartHandlerFunc(c.handle)
}
