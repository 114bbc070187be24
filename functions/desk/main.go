// Command desk is where staff sign in, list and read their tickets and give their commands, and the page for it.
package main

import (
	"context"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"steledesk/shared/account"
	"steledesk/shared/bucket"
	"steledesk/shared/channel"
	"steledesk/shared/httpapi"
	"steledesk/shared/settings"
	"steledesk/shared/start"
)

func main() {
	s, sender := &server{}, &channel.Sender{HTTP: channel.HTTPClient(), Now: time.Now}
	var bucketName string
	b := start.Open(context.Background(), settings.Text("PHOTO_BUCKET", &bucketName), settings.List("SECTION_IDS", &s.queues), settings.List("CHANNEL_HOSTS", &sender.Hosts),
		settings.List("MAIL_HOSTS", &sender.MailHosts), settings.Optional("PUBLIC_URL", &sender.PublicURL))
	s.desk, s.accounts, s.record, s.offices, s.keys = b.StaffDesk(), account.Service{Store: b.Table}, b.Table, b.Table, b.Keys
	s.site = sender.PublicURL
	s.prober = prober{sender: sender, turns: b.Table, now: time.Now, wait: wait}
	photos := bucket.Open(b.AWS, bucketName)
	s.photos, s.desk.Photos = photos, b.Gallery(photos)
	routes, err := s.routes()
	settings.Must(b.Log, err)
	lambda.StartHandlerFunc((&httpapi.Mux{Routes: routes, Bodies: bodies(), Language: httpapi.StaffLanguage, Log: b.Log, After: b.Offices.Settle}).Serve)
}
