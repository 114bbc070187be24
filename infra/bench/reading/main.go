// Command reading is the empty function that also reads what a function of the desk cannot do
// without: the keys, and the office data. It shows how much of a cold start is these two readings.
package main

import (
	"context"
	"os"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
)

func main() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		os.Exit(1)
	}
	text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	var errors [2]error
	var wg sync.WaitGroup
	wg.Go(func() {
		_, errors[0] = ssm.NewFromConfig(cfg).GetParameter(ctx, &ssm.GetParameterInput{
			Name: aws.String("/steledesk/secret"), WithDecryption: aws.Bool(true),
		})
	})
	wg.Go(func() {
		_, errors[1] = dynamodb.NewFromConfig(cfg).GetItem(ctx, &dynamodb.GetItemInput{
			TableName: aws.String("steledesk"), Key: map[string]types.AttributeValue{"pk": text("OFFICE"), "sk": text("CURRENT")},
		})
	})
	wg.Wait()
	if errors[0] != nil || errors[1] != nil {
		os.Exit(1)
	}
	lambda.StartHandlerFunc(func(context.Context, map[string]any) (string, error) { return "read", nil })
}
