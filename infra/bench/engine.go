package main

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/dynamodb"
	"steledesk/infra/local/template"
	"steledesk/shared/dynamo"
)

// engine is a table of the template's in an engine of its own, with its disk for whatever stands beside it.
type engine struct {
	table *dynamo.Table
	cfg   aws.Config
	url   string
	close func()
}

// startEngine starts an engine beside other services at one address.
func startEngine(ctx context.Context, services awsendpoint.Options) (*engine, error) {
	folder, err := os.MkdirTemp("", "steledesk-bench")
	if err != nil {
		return nil, err
	}
	s, err := dynamodb.Start(ctx, dynamodb.Options{Folder: folder, Modules: filepath.Join("infra", "local", "node_modules")})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	services.DynamoDB = s.Proxy()
	server := httptest.NewServer(awsendpoint.New(services))
	e := &engine{url: server.URL, cfg: awstest.Config(server.URL), close: func() {
		server.Close()
		_ = s.Close()
		_ = os.RemoveAll(folder)
	}}
	e.cfg.AppID = appID
	declared, err := template.Tables("template.yaml")
	if err == nil {
		declared[0].Create.StreamSpecification = nil // nobody reads it here, and a load fills it
		_, err = sdk.NewFromConfig(e.cfg).CreateTable(ctx, &declared[0].Create)
	}
	if err != nil {
		e.close()
		return nil, err
	}
	e.table = dynamo.Open(e.cfg, *declared[0].Create.TableName)
	return e, nil
}
