// Package dynamotest gives tests the real engine: one of it for all tests of a binary, one table for each test.
package dynamotest

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/infra/local/awsendpoint/awstest"
	engine "steledesk/infra/local/dynamodb"
)

// endpoint is where the engine of this test binary answers; Main sets it once.
var endpoint string

// Main runs a package's tests with an engine beside them and gives the code to exit with:
//
//	func TestMain(m *testing.M) { os.Exit(dynamotest.Main(m)) }
func Main(m *testing.M) int {
	root, err := moduleRoot()
	if err != nil {
		log.Print(err)
		return 1
	}
	folder, err := os.MkdirTemp("", "steledesk")
	if err != nil {
		log.Print(err)
		return 1
	}
	defer func() { _ = os.RemoveAll(folder) }()
	s, err := engine.Start(context.Background(), engine.Options{
		Folder: folder, Modules: filepath.Join(root, "infra", "local", "node_modules"),
	})
	if err != nil {
		log.Print(err)
		return 1
	}
	defer func() { _ = s.Close() }()
	server := httptest.NewServer(s.Proxy())
	defer server.Close()
	endpoint = server.URL
	return m.Run()
}

// moduleRoot finds the folder of go.mod: tests run in that of their package.
func moduleRoot() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; folder != filepath.Dir(folder); folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder, nil
		}
	}
	return "", fmt.Errorf("find go.mod above %s", folder)
}

// Table makes an empty table with the keys and indexes of template.yaml's. It gives the configuration
// that reaches it, and its name.
func Table(t *testing.T) (aws.Config, string) {
	t.Helper()
	cfg, name := awstest.Config(endpoint), "steledesk-"+strings.ToLower(rand.Text())
	_, err := dynamodb.NewFromConfig(cfg).CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: texts("pk", "sk", "queue", "due", "month", "number", "alarm", "alarmAt", "spot", "filed"),
		KeySchema:            keys("pk", "sk"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{
			index("queue", "due", types.ProjectionTypeAll), index("month", "number", types.ProjectionTypeKeysOnly),
			index("alarm", "alarmAt", types.ProjectionTypeKeysOnly),
			including(index("spot", "filed", types.ProjectionTypeInclude), "head", "gist"),
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return cfg, name
}

func texts(names ...string) []types.AttributeDefinition {
	all := make([]types.AttributeDefinition, len(names))
	for i, name := range names {
		all[i] = types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS}
	}
	return all
}

func keys(hash, sort string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: &hash, KeyType: types.KeyTypeHash}, {AttributeName: &sort, KeyType: types.KeyTypeRange},
	}
}

// index is named as its hash key is, as all of the template's are.
func index(hash, sort string, projection types.ProjectionType) types.GlobalSecondaryIndex {
	return types.GlobalSecondaryIndex{
		IndexName: &hash, KeySchema: keys(hash, sort), Projection: &types.Projection{ProjectionType: projection},
	}
}

// including adds the attributes that the index holds beside keys.
func including(index types.GlobalSecondaryIndex, attributes ...string) types.GlobalSecondaryIndex {
	index.Projection.NonKeyAttributes = attributes
	return index
}
