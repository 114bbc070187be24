// Command supervise is where supervisors file feedback, follow it, see redacted cases and meet over the digest, and the
// page for it.
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
	b := start.Open(context.Background())
	s := &server{accounts: account.Service{Store: b.Table}}
	routes, err := s.routes()
	settings.Must(b.Log, err)
	lambda.StartHandlerFunc((&httpapi.Mux{Routes: routes, Language: httpapi.StaffLanguage, Log: b.Log, After: b.Offices.Settle}).Serve)
}
