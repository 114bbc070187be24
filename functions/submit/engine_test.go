package main

import (
	"encoding/json"
	"log/slog"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/events/golden"
	"steledesk/shared/dynamo"
	"steledesk/shared/dynamo/dynamotest"
	"steledesk/shared/httpapi"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// The real table and the tests' store keep the same contract: what is tested over one holds for the other.
func TestStoresKeepTheContract(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		visitortest.Contract(t, func(*testing.T) visitor.Store { return visitortest.NewMemory() })
	})
	t.Run("table", func(t *testing.T) {
		visitortest.Contract(t, func(t *testing.T) visitor.Store { return dynamo.Open(dynamotest.Table(t)) })
	})
}

// An impatient crowd of one: fifty taps on "send" at the same time make one ticket, and each gets the same receipt.
func TestFiftyAtOnceAreOneTicket(t *testing.T) {
	cfg, name := dynamotest.Table(t)
	desk := visitortest.Desk(dynamo.Open(cfg, name))
	s := &submit{desk: desk, gate: visitortest.Gate(&visitortest.Counts{}), photos: slots{}, keys: visitortest.Keys()}
	handler := lambda.NewHandler((&httpapi.Mux{Routes: s.routes(), Log: slog.New(slog.DiscardHandler)}).Serve)
	payload := golden.Payload(t, "submit/file-complaint")

	answers := make([]string, 50)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			out, err := handler.Invoke(t.Context(), payload)
			if err != nil {
				t.Error(err)
			}
			answers[i] = string(out)
		})
	}
	wg.Wait()
	for _, a := range answers {
		if a != answers[0] {
			t.Fatalf("got %s and %s", answers[0], a)
		}
	}
	var answer events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal([]byte(answers[0]), &answer); err != nil || answer.StatusCode != 201 {
		t.Fatalf("got %s, %v", answers[0], err)
	}
	out, err := dynamodb.NewFromConfig(cfg).Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(name)})
	if err != nil || out.Count != 3 {
		t.Errorf("%d items, %v; want 3: head, event, contact", out.Count, err)
	}
}
