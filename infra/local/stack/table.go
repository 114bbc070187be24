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
	if err == nil {
		described, err = s.addIndexes(ctx, t.Create, described)
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

// addIndexes gives a table the indexes that were declared since it was made, one at a time as DynamoDB wants it. What is
// in the table joins them by itself.
func (s *Stack) addIndexes(ctx context.Context, want dynamodb.CreateTableInput, got *dynamodb.DescribeTableOutput) (*dynamodb.DescribeTableOutput, error) {
	there := map[string]bool{}
	for _, index := range got.Table.GlobalSecondaryIndexes {
		there[aws.ToString(index.IndexName)] = true
	}
	for _, index := range want.GlobalSecondaryIndexes {
		name := aws.ToString(index.IndexName)
		if there[name] {
			continue
		}
		_, err := s.clients.tables.UpdateTable(ctx, &dynamodb.UpdateTableInput{
			TableName: want.TableName, AttributeDefinitions: want.AttributeDefinitions,
			GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{
				IndexName: index.IndexName, KeySchema: index.KeySchema, Projection: index.Projection,
			}}},
		})
		if err != nil {
			return nil, fmt.Errorf("add index %s: %w", name, err)
		}
		if got, err = s.indexed(ctx, want.TableName, name); err != nil {
			return nil, fmt.Errorf("add index %s: %w", name, err)
		}
	}
	return got, nil
}

// indexed waits until an index is filled.
func (s *Stack) indexed(ctx context.Context, table *string, name string) (*dynamodb.DescribeTableOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, tableWait)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		got, err := s.clients.tables.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: table})
		if err != nil {
			return nil, err
		}
		for _, index := range got.Table.GlobalSecondaryIndexes {
			if aws.ToString(index.IndexName) == name && index.IndexStatus == types.IndexStatusActive {
				return got, nil
			}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-tick.C:
		}
	}
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
