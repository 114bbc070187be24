// Command site serves the visitors' pages and the description of the API.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"

	"steledesk/shared/start"
)

func main() {
	b := start.Open(context.Background())
	s := &site{desk: b.Desk(), log: b.Log, after: b.Offices.Settle}
	lambda.StartHandlerFunc(s.serve)
}
