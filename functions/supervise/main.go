// Command supervise is where supervisors file feedback, follow it, see redacted cases and meet over the digest, and the
// page for it.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"steledesk/shared/account"
	"steledesk/shared/bucket"
	"steledesk/shared/httpapi"
	"steledesk/shared/meeting"
	"steledesk/shared/queue"
	"steledesk/shared/settings"
	"steledesk/shared/start"
	"steledesk/shared/supervisor"
)

func main() {
	var papersBucket, digestQueue string
	b := start.Open(context.Background(), settings.Text("PAPERS_BUCKET", &papersBucket), settings.Text("DIGEST_QUEUE", &digestQueue))
	s := &server{accounts: account.Service{Store: b.Table}}
	s.meetings = &meetings{
		Office: &meeting.Office{Meetings: b.Table, Decisions: b.Store(), Keys: b.Keys, Offices: b.Offices},
		store:  b.Table, papers: bucket.OpenPapers(b.AWS, papersBucket), orders: queue.NewDigests(b.AWS, digestQueue),
	}
	s.hall = &supervisor.Hall{Store: b.Table, Tickets: b.Desk(), Lists: b.StaffDesk(), Offices: b.Offices}
	routes, err := s.routes()
	settings.Must(b.Log, err)
	lambda.StartHandlerFunc((&httpapi.Mux{Routes: routes, Language: httpapi.StaffLanguage, Log: b.Log, After: b.Offices.Settle}).Serve)
}
