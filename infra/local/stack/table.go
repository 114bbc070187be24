package stack

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"steledesk/infra/local/template"
)

// tableWait bounds how long a new table may take; on AWS some seconds.
const tableWait = 2 * time.Minute

// provideTable creates the table if it is missing and returns its stream's ARN. A
// table that is not as the template says is an error that names the difference:
// keys cannot be changed afterwards, and guessing loses data.
func (s *Stack) provideTable(ctx context.Context, t template.Table) (string, error) {
	name := aws.ToString(t.Create.TableName)
	described, err := s.clients.tables.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &name})
	var missing *types.ResourceNotFoundException
	if errors.As(err, &missing) {
		described, err = s.createTable(ctx, t)
	}
	if err != nil {
		return "", fmt.Errorf("provide table %s: %w", name, err)
	}
	if differences := differ(t.Create, described.Table); len(differences) > 0 {
		return "", fmt.Errorf("table %s is not as %s says: %s; move its data and delete it (or the folder %s), or put the template right",
			name, s.settings.Template, strings.Join(differences, "; "), s.settings.Data)
	}
	if err := s.provideTTL(ctx, name, t.TTL); err != nil {
		return "", fmt.Errorf("set time to live of table %s: %w", name, err)
	}
	return aws.ToString(described.Table.LatestStreamArn), nil
}

func (s *Stack) createTable(ctx context.Context, t template.Table) (*dynamodb.DescribeTableOutput, error) {
	if _, err := s.clients.tables.CreateTable(ctx, &t.Create); err != nil {
		return nil, err
	}
	waiter := dynamodb.NewTableExistsWaiter(s.clients.tables, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 20*time.Millisecond, time.Second
	})
	return waiter.WaitForOutput(ctx, &dynamodb.DescribeTableInput{TableName: t.Create.TableName}, tableWait)
}

func (s *Stack) provideTTL(ctx context.Context, table, attribute string) error {
	if attribute == "" {
		return nil
	}
	now, err := s.clients.tables.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &table})
	if err != nil {
		return err
	}
	if d := now.TimeToLiveDescription; d != nil && aws.ToString(d.AttributeName) == attribute {
		return nil
	}
	_, err = s.clients.tables.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName:               &table,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: &attribute, Enabled: aws.Bool(true)},
	})
	return err
}

// differ says in what a table is not as declared.
func differ(want dynamodb.CreateTableInput, got *types.TableDescription) []string {
	var differences []string
	compare := func(what, want, got string) {
		if want != got {
			differences = append(differences, fmt.Sprintf("%s is %s, declared is %s", what, got, want))
		}
	}
	compare("key", keyText(want.KeySchema), keyText(got.KeySchema))
	compare("attributes", attributeText(want.AttributeDefinitions), attributeText(got.AttributeDefinitions))
	declared, there := map[string]string{}, map[string]string{}
	for _, index := range want.GlobalSecondaryIndexes {
		declared[aws.ToString(index.IndexName)] = indexText(index.KeySchema, index.Projection)
	}
	for _, index := range got.GlobalSecondaryIndexes {
		there[aws.ToString(index.IndexName)] = indexText(index.KeySchema, index.Projection)
	}
	for _, name := range unionOf(declared, there) {
		compare("index "+name, orMissing(declared[name]), orMissing(there[name]))
	}
	compare("stream", streamText(want.StreamSpecification), streamText(got.StreamSpecification))
	return differences
}

func keyText(schema []types.KeySchemaElement) string {
	var parts []string
	for _, key := range schema {
		parts = append(parts, aws.ToString(key.AttributeName)+" "+string(key.KeyType))
	}
	return strings.Join(parts, ", ")
}

func attributeText(definitions []types.AttributeDefinition) string {
	var parts []string
	for _, d := range definitions {
		parts = append(parts, aws.ToString(d.AttributeName)+" "+string(d.AttributeType))
	}
	slices.Sort(parts)
	return strings.Join(parts, ", ")
}

func indexText(schema []types.KeySchemaElement, p *types.Projection) string {
	if p == nil {
		return keyText(schema)
	}
	others := slices.Sorted(slices.Values(p.NonKeyAttributes))
	return strings.TrimSpace(keyText(schema) + " with " + string(p.ProjectionType) + " " + strings.Join(others, " "))
}

func streamText(spec *types.StreamSpecification) string {
	if spec == nil || !aws.ToBool(spec.StreamEnabled) {
		return "off"
	}
	return string(spec.StreamViewType)
}

func orMissing(text string) string {
	if text == "" {
		return "missing"
	}
	return text
}

func unionOf(a, b map[string]string) []string {
	var names []string
	for name := range a {
		names = append(names, name)
	}
	for name := range b {
		if _, both := a[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
