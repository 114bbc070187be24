// Command desk is where staff sign in, list and read their tickets and give their commands, and the page for it.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"steledesk/shared/account"
	"steledesk/shared/httpapi"
	"steledesk/shared/settings"
	"steledesk/shared/start"
)

func main() {
	s := &server{}
	b := start.Open(context.Background(), settings.List("SECTION_IDS", &s.queues))
	s.desk, s.accounts, s.record, s.offices, s.keys = b.StaffDesk(), account.Service{Store: b.Table}, b.Table, b.Table, b.Keys
	routes, err := s.routes()
	settings.Must(b.Log, err)
	lambda.StartHandlerFunc((&httpapi.Mux{Routes: routes, Language: httpapi.StaffLanguage, Log: b.Log, After: b.Offices.Settle}).Serve)
}
