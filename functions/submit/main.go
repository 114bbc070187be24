// Command submit lets visitors file tickets and gives them slots for photos.
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
	b := start.Open(context.Background(), settings.Text("PHOTO_BUCKET", &photos))
	s := &submit{desk: b.Desk(), gate: b.Gate(), photos: bucket.Open(b.AWS, photos), keys: b.Keys}
	lambda.StartHandlerFunc((&httpapi.Mux{Routes: s.routes(), Log: b.Log, After: b.Offices.Settle}).Serve)
}
