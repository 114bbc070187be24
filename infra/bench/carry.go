package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"steledesk/infra/local/build"
	"steledesk/infra/local/lambda"
	"steledesk/infra/local/template"
	"steledesk/infra/torture/raw"
)

// carrier is the real dispatch function over an engine's table and queues.
type carrier struct {
	bench *bench
	event []byte // a stream's batch of one filing
}

// dispatchAlone is the function as it is measured: over another table than the stack's.
const dispatchAlone = "dispatch-alone"

// newCarrier makes the queues that dispatch carries to, and the function a process of its own. Nobody reads the queues.
func (b *bench) newCarrier(ctx context.Context, e *engine) (*carrier, error) {
	client := sqs.NewFromConfig(e.cfg)
	var visitors string
	for _, q := range b.stack.Model().Queues {
		made, err := client.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &q.Name})
		if err != nil {
			return nil, fmt.Errorf("create queue %s: %w", q.Name, err)
		}
		if q.ID == "Visitors" {
			visitors = *made.QueueUrl
		}
	}
	declared, err := b.declared("functions/dispatch")
	if err != nil {
		return nil, err
	}
	binary, err := filepath.Abs(build.Binary(b.binaries, declared.Folder))
	if err != nil {
		return nil, err
	}
	return &carrier{bench: b}, b.stack.Functions().Add(lambda.Function{
		Name: dispatchAlone, Binary: binary, Timeout: declared.Timeout, MemoryMB: declared.MemoryMB,
		Env: []string{"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local", "AWS_EC2_METADATA_DISABLED=true",
			"AWS_SDK_UA_APP_ID=" + appID, "AWS_ENDPOINT_URL=" + e.url, "TABLE=steledesk", "VISITOR_QUEUE=" + visitors,
			"SECTION_QUEUES=" + declared.Environment["SECTION_QUEUES"]},
	})
}

// declared is a function as the template has it.
func (b *bench) declared(folder string) (template.Function, error) {
	i := slices.IndexFunc(b.stack.Model().Functions, func(f template.Function) bool { return f.Folder == folder })
	if i < 0 {
		return template.Function{}, fmt.Errorf("the template has no function %s", folder)
	}
	return b.stack.Model().Functions[i], nil
}

// take makes the event of a ticket that was filed, as the table's stream would give it.
func (c *carrier) take(ctx context.Context, e *engine, number string) error {
	records, err := raw.Records(ctx, e.cfg, "steledesk", number)
	if err != nil {
		return err
	}
	if len(records) != 1 {
		return fmt.Errorf("ticket %s has %d events, want its filing", number, len(records))
	}
	c.event, err = raw.Batch(records)
	return err
}

// carry has the filing carried to its section's queue, and holds the answer to naming no failure.
func (c *carrier) carry(ctx context.Context) error {
	result, err := c.bench.stack.Functions().Invoke(ctx, dispatchAlone, c.event)
	switch {
	case err != nil:
		return err
	case result.Error != nil:
		return result.Error
	}
	var answer struct{ BatchItemFailures []json.RawMessage }
	if err := json.Unmarshal(result.Payload, &answer); err != nil {
		return err
	}
	if len(answer.BatchItemFailures) > 0 {
		return errors.New("dispatch carried nothing")
	}
	return nil
}
