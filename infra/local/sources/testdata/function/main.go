// The function of the integration test: it notes what it gets in a file, breaks once over records marked
// "panic", and always reports those marked "poison" as failed.
package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

type event struct {
	Records []struct {
		MessageID string                      `json:"messageId"`
		Body      string                      `json:"body"`
		DynamoDB  events.DynamoDBStreamRecord `json:"dynamodb"`
	}
}

func main() { lambda.StartHandlerFunc(handle) }

func handle(_ context.Context, e event) (events.SQSEventResponse, error) {
	var answer events.SQSEventResponse
	for _, r := range e.Records {
		text, id := r.Body, r.MessageID
		if id == "" {
			text, id = r.DynamoDB.Keys["sk"].String(), r.DynamoDB.SequenceNumber
		}
		switch {
		case strings.Contains(text, "panic") && first(text):
			panic("broken once by " + text)
		case strings.Contains(text, "poison"):
			answer.BatchItemFailures = append(answer.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
		}
		if err := note(text); err != nil {
			return answer, err
		}
	}
	return answer, nil
}

// first reports whether nobody has asked about the text before, in this process or another.
func first(text string) bool {
	f, err := os.OpenFile(os.Getenv("NOTES")+"-"+text, os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

func note(text string) error {
	f, err := os.OpenFile(os.Getenv("NOTES"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(f, text); err != nil {
		return err
	}
	return f.Close()
}
