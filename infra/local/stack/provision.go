package stack

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/smithy-go"

	"steledesk/infra/local/template"
	"steledesk/shared/seal"
)

// secretParameter is the template's parameter that names the desk's keys. They are
// made once, as "steledesk secret init" makes them on AWS.
const secretParameter = "SecretParameter"

// provision creates what the model declares and is not there, and returns the
// attributes that only the real resources know. It deletes nothing.
func (s *Stack) provision(ctx context.Context, m *template.Model) (map[template.Attribute]string, error) {
	known := map[template.Attribute]string{}
	s.queueURLs = map[string]string{}
	var problems []error
	for _, table := range m.Tables {
		arn, err := s.provideTable(ctx, table)
		problems = append(problems, err)
		if arn != "" {
			known[template.Attribute{Resource: table.ID, Name: "StreamArn"}] = arn
		}
	}
	for _, queue := range m.Queues {
		url, err := s.provideQueue(ctx, queue)
		problems = append(problems, err)
		s.queueURLs[queue.Name] = url
		known[template.Attribute{Resource: queue.ID, Name: "Ref"}] = url
		known[template.Attribute{Resource: queue.ID, Name: "QueueUrl"}] = url
	}
	for _, bucket := range m.Buckets {
		problems = append(problems, s.provideBucket(ctx, bucket))
	}
	problems = append(problems, s.provideSecret(ctx, m))
	return known, errors.Join(problems...)
}

// provideQueue returns the queue's URL.
func (s *Stack) provideQueue(ctx context.Context, q template.Queue) (string, error) {
	found, err := s.clients.queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &q.Name})
	var missing *sqstypes.QueueDoesNotExist
	if errors.As(err, &missing) {
		created, err := s.clients.queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: &q.Name, Attributes: q.Attributes})
		if err != nil {
			return "", fmt.Errorf("create queue %s: %w", q.Name, err)
		}
		return aws.ToString(created.QueueUrl), nil
	}
	if err != nil {
		return "", fmt.Errorf("find queue %s: %w", q.Name, err)
	}
	if len(q.Attributes) > 0 {
		_, err = s.clients.queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: found.QueueUrl, Attributes: q.Attributes})
	}
	if err != nil {
		return "", fmt.Errorf("update queue %s: %w", q.Name, err)
	}
	return aws.ToString(found.QueueUrl), nil
}

func (s *Stack) provideBucket(ctx context.Context, b template.Bucket) error {
	_, err := s.clients.objects.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &b.Name})
	var missing *s3types.NotFound
	if errors.As(err, &missing) {
		_, err = s.clients.objects.CreateBucket(ctx, s.newBucket(b.Name))
	}
	if err != nil {
		return fmt.Errorf("provide bucket %s: %w", b.Name, err)
	}
	if s.engines != nil {
		s.engines.setCORS(b.Name, b.CORS)
		return nil
	}
	return s.putCORS(ctx, b)
}

// putCORS sets the rules that let browsers upload.
func (s *Stack) putCORS(ctx context.Context, b template.Bucket) error {
	if len(b.CORS) == 0 {
		return nil
	}
	_, err := s.clients.objects.PutBucketCors(ctx, &s3.PutBucketCorsInput{
		Bucket: &b.Name, CORSConfiguration: &s3types.CORSConfiguration{CORSRules: b.CORS},
	})
	var refused smithy.APIError
	if errors.As(err, &refused) && refused.ErrorCode() == "NotImplemented" {
		s.settings.Logger.Warn("the endpoint has no CORS rules; browsers may not upload to the bucket", "bucket", b.Name)
		return nil
	}
	if err != nil {
		return fmt.Errorf("set CORS of bucket %s: %w", b.Name, err)
	}
	return nil
}

// newBucket names the region, which S3 wants everywhere but in its first one.
func (s *Stack) newBucket(name string) *s3.CreateBucketInput {
	input := &s3.CreateBucketInput{Bucket: &name}
	if s.settings.Region != "us-east-1" {
		input.CreateBucketConfiguration = &s3types.CreateBucketConfiguration{
			LocationConstraint: s3types.BucketLocationConstraint(s.settings.Region),
		}
	}
	return input
}

// provideSecret makes the desk's keys when there are none. Keys that are there are
// never touched: with others, every ticket's number and code would be lost.
func (s *Stack) provideSecret(ctx context.Context, m *template.Model) error {
	name := m.Parameter(secretParameter)
	if name == "" {
		return nil
	}
	_, err := s.clients.parameters.GetParameter(ctx, &ssm.GetParameterInput{Name: &name})
	var missing *ssmtypes.ParameterNotFound
	if err == nil {
		return nil
	}
	if !errors.As(err, &missing) {
		return fmt.Errorf("find secret parameter %s: %w", name, err)
	}
	_, err = s.clients.parameters.PutParameter(ctx, &ssm.PutParameterInput{
		Name: &name, Type: ssmtypes.ParameterTypeSecureString, Value: aws.String(string(seal.New())),
	})
	var there *ssmtypes.ParameterAlreadyExists // somebody else made it meanwhile
	if err != nil && !errors.As(err, &there) {
		return fmt.Errorf("make secret parameter %s: %w", name, err)
	}
	return nil
}
