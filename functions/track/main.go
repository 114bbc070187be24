// Command track lets a visitor follow a ticket with its code, and write to its section, rate,
// reopen or withdraw it.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"steledesk/shared/bucket"
	"steledesk/shared/httpapi"
	"steledesk/shared/settings"
	"steledesk/shared/start"
)

func main() {
	var photos string
	var push []string
	b := start.Open(context.Background(), settings.Text("PHOTO_BUCKET", &photos), settings.List("PUSH_HOSTS", &push))
	t := &track{desk: b.Desk(), keys: b.Keys, pushKeys: b.Keys, pushHosts: push}
	t.desk.Phones = b.Table
	t.desk.Photos = b.Gallery(bucket.Open(b.AWS, photos))
	lambda.StartHandlerFunc((&httpapi.Mux{Routes: t.routes(), Log: b.Log, After: b.Offices.Settle}).Serve)
}
