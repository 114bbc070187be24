// Command track lets a visitor follow a ticket with its code, and write to its section, rate,
// reopen or withdraw it.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"steledesk/shared/httpapi"
	"steledesk/shared/start"
)

func main() {
	b := start.Open(context.Background())
	t := &track{desk: b.Desk()}
	lambda.StartHandlerFunc((&httpapi.Mux{Routes: t.routes(), Log: b.Log, After: b.Offices.Settle}).Serve)
}
