// Command probe is a function for every kind of event: it leaves an item in the
// table that says what it saw.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/shared/awsconfig"
)

func main() {
	cfg, err := awsconfig.Load(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	p := probe{cfg, dynamodb.NewFromConfig(cfg), sqs.NewFromConfig(cfg)}
	switch role := os.Getenv("ROLE"); role {
	case "web":
		lambda.Start(p.web)
	case "carry":
		lambda.Start(p.carry)
	case "work":
		lambda.Start(p.work)
	case "photo":
		lambda.Start(p.photo)
	case "tick":
		lambda.Start(p.tick)
	default:
		fmt.Fprintf(os.Stderr, "ROLE is %q\n", role)
		os.Exit(1)
	}
}

type probe struct {
	cfg    aws.Config
	table  *dynamodb.Client
	queues *sqs.Client
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// put leaves an item of a kind, once.
func (p probe) put(ctx context.Context, kind, id, note string) error {
	_, err := p.table.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:           aws.String(os.Getenv("TABLE")),
		Item:                map[string]types.AttributeValue{"pk": text(kind + "-" + id), "kind": text(kind), "note": text(note)},
		ConditionExpression: aws.String("attribute_not_exists(pk)"),
	})
	var there *types.ConditionalCheckFailedException
	if errors.As(err, &there) {
		return nil
	}
	return err
}

func (p probe) web(ctx context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	answer := events.APIGatewayV2HTTPResponse{StatusCode: 200, Headers: map[string]string{"content-type": "application/json"}}
	switch {
	case strings.HasPrefix(r.RawPath, "/items/"):
		answer.StatusCode = 201
		at := time.UnixMilli(r.RequestContext.TimeEpoch).UTC().Format(time.RFC3339)
		return answer, p.put(ctx, "item", r.PathParameters["id"], at)
	case strings.HasPrefix(r.RawPath, "/slots/"):
		form, err := s3.NewPresignClient(s3.NewFromConfig(p.cfg)).PresignPostObject(ctx, &s3.PutObjectInput{
			Bucket: aws.String(os.Getenv("BUCKET")), Key: aws.String("in/" + r.PathParameters["name"]),
		}, func(o *s3.PresignPostOptions) {
			o.Expires = time.Minute
			o.Conditions = []any{[]any{"content-length-range", 1, 100}}
		})
		if err != nil {
			return answer, err
		}
		body, err := json.Marshal(form)
		answer.Body = string(body)
		return answer, err
	case r.RawPath == "/environment":
		env := os.Environ()
		slices.Sort(env)
		body, err := json.Marshal(env)
		answer.Body = string(body)
		return answer, err
	}
	answer.Body = `{"status":"ready"}`
	return answer, nil
}

// carry sends each stored item to the queue. Poison fails, and so do the records
// behind it, until it is set aside.
func (p probe) carry(ctx context.Context, e events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	for _, r := range e.Records {
		id := strings.TrimPrefix(r.Change.Keys["pk"].String(), "item-")
		err := errors.New("poison")
		if !strings.Contains(id, "poison") {
			_, err = p.queues.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(os.Getenv("WORK")), MessageBody: &id})
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return events.DynamoDBEventResponse{BatchItemFailures: []events.DynamoDBBatchItemFailure{{ItemIdentifier: r.Change.SequenceNumber}}}, nil
		}
	}
	return events.DynamoDBEventResponse{}, nil
}

func (p probe) work(ctx context.Context, e events.SQSEvent) (events.SQSEventResponse, error) {
	var answer events.SQSEventResponse
	for _, m := range e.Records {
		err := errors.New("asked to fail")
		if !strings.Contains(m.Body, "fail") {
			err = p.put(ctx, "done", m.Body, m.Attributes["ApproximateReceiveCount"])
		}
		if err != nil {
			answer.BatchItemFailures = append(answer.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: m.MessageId})
		}
	}
	return answer, nil
}

func (p probe) photo(ctx context.Context, e events.S3Event) error {
	for _, r := range e.Records {
		if err := p.put(ctx, "photo", r.S3.Object.URLDecodedKey, fmt.Sprint(r.S3.Object.Size)); err != nil {
			return err
		}
	}
	return nil
}

func (p probe) tick(ctx context.Context, e events.CloudWatchEvent) error {
	return p.put(ctx, "tick", e.Time.UTC().Format(time.RFC3339), e.Source)
}
