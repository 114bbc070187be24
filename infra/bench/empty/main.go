// Command empty is the least a function of this program could be: the SDK's configuration, a
// DynamoDB client, and an answer. Cold starts are measured against it.
package main

import (
	"context"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		os.Exit(1)
	}
	client := dynamodb.NewFromConfig(cfg)
	lambda.StartHandlerFunc(func(context.Context, map[string]any) (string, error) { return client.Options().Region, nil })
}
