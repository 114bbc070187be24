// Command site serves the visitors' pages and the description of the API.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"steledesk/shared/bucket"
	"steledesk/shared/settings"
	"steledesk/shared/start"
)

func main() {
	var bucketName, workers string
	b := start.Open(context.Background(), settings.Text("PHOTO_BUCKET", &bucketName), settings.Text("SERVICE_WORKER", &workers))
	photos := bucket.Open(b.AWS, bucketName)
	origin, err := photos.Origin(context.Background())
	settings.Must(b.Log, err)
	s := &site{desk: b.Desk(), gate: b.Gate(), bucket: origin, workers: workers, photos: photos, log: b.Log, after: b.Offices.Settle}
	s.desk.Photos = b.Gallery(photos)
	lambda.StartHandlerFunc(s.serve)
}
