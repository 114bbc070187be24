package stack

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/aws/aws-sdk-go-v2/aws"

	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/local/dynamodb"
	"steledesk/infra/local/lambda"
	"steledesk/infra/local/s3"
	"steledesk/infra/local/sources"
	"steledesk/infra/local/sqs"
	"steledesk/infra/local/ssm"
)

// engines are the services of a stack that runs its own.
type engines struct {
	url        string // of the AWS endpoint
	tables     *dynamodb.Server
	queues     *sqs.Server
	objects    *s3.Server
	parameters *ssm.Server
}

// startEngines starts the services and the endpoint in front of them. The first, the
// tables' engine, locks the data folder for all.
func (s *Stack) startEngines(ctx context.Context) error {
	if !s.settings.own() {
		return nil
	}
	listener, err := listen(ctx, "AWSAddress", s.settings.AWSAddress)
	if err != nil {
		return err
	}
	s.onClose("AWS address", func(context.Context) error { return ignoreClosed(listener.Close()) })
	e := &engines{url: "http://" + listener.Addr().String()}
	if err := s.openEngines(ctx, e); err != nil {
		return err
	}
	s.engines = e
	s.startServer("AWS endpoint", listener, awsendpoint.New(awsendpoint.Options{
		DynamoDB: e.tables.Proxy(), SQS: e.queues, SSM: e.parameters, S3: e.objects,
		Invoke: s.invoke, Account: ownAccount, Partition: s.partition(), Middleware: s.settings.Middleware,
	}))
	return nil
}

func (s *Stack) openEngines(ctx context.Context, e *engines) (err error) {
	in := func(name string) string { return filepath.Join(s.settings.Data, name) }
	e.tables, err = dynamodb.Start(ctx, dynamodb.Options{
		Folder: s.settings.Data, Modules: s.settings.Modules, Region: s.settings.Region,
		Clock: s.settings.Clock, Logger: s.settings.Logger,
	})
	if err != nil {
		return err
	}
	s.onClose("DynamoDB", func(context.Context) error { return e.tables.Close() })
	e.queues, err = sqs.Open(in("queues.sqlite"), sqs.Options{
		Clock: s.settings.Clock, Region: s.settings.Region, Account: ownAccount, BaseURL: e.url, Logger: s.settings.Logger,
	})
	if err != nil {
		return err
	}
	s.onClose("SQS", func(context.Context) error { return e.queues.Close() })
	e.objects, err = s3.Open(in("buckets"), s3.Options{
		Clock: s.settings.Clock, AccessKey: localKey, SecretKey: localKey, Logger: s.settings.Logger,
	})
	if err != nil {
		return err
	}
	e.parameters, err = ssm.Open(in("parameters.json"), ssm.Options{Clock: s.settings.Clock, Region: s.settings.Region, Account: ownAccount})
	return err
}

// setCORS tells the stack's own S3 a bucket's rules; against another endpoint the
// call of S3 does.
func (e *engines) setCORS(bucket string, declared []s3types.CORSRule) {
	var rules []s3.CORSRule
	for _, r := range declared {
		rules = append(rules, s3.CORSRule{
			Methods: r.AllowedMethods, Origins: r.AllowedOrigins, Headers: r.AllowedHeaders,
			ExposeHeaders: r.ExposeHeaders, MaxAge: int(aws.ToInt32(r.MaxAgeSeconds)),
		})
	}
	e.objects.SetCORS(bucket, rules)
}

// notify has every object's event told to f, before the object's client is answered.
func (e *engines) notify(f func(sources.ObjectEvent)) {
	e.objects.OnObject(func(event s3.Event) {
		f(sources.ObjectEvent{
			Bucket: event.Bucket, Key: event.Object.Key, Name: event.Name, Size: event.Object.Size,
			ETag: event.Object.ETag(), At: event.Time, Source: "127.0.0.1",
		})
	})
}

// notified passes an object's event to every function that wants it.
func (s *Stack) notified(event sources.ObjectEvent) {
	for _, bucket := range s.events.buckets {
		if err := bucket.Notify(event); err != nil {
			s.settings.Logger.Error("notify of object", "bucket", event.Bucket, "key", event.Key, "error", err)
		}
	}
}

// invoke answers Lambda's Invoke call at the AWS endpoint.
func (s *Stack) invoke(ctx context.Context, function string, payload []byte) ([]byte, string, error) {
	select {
	case <-s.ready:
	default:
		return nil, "", fmt.Errorf("invoke %s: the stack is still starting", function)
	}
	result, err := s.functions.Invoke(ctx, function, payload)
	if errors.Is(err, lambda.ErrUnknownFunction) {
		return nil, "", fmt.Errorf("%w: %w", awsendpoint.ErrNoFunction, err)
	}
	if err != nil {
		return nil, "", err
	}
	if result.Error != nil {
		return result.Payload, "Unhandled", nil
	}
	return result.Payload, "", nil
}

func (s *Stack) partition() string {
	if strings.HasPrefix(s.settings.Region, "cn-") {
		return "aws-cn"
	}
	return "aws"
}

// arn is the beginning of an ARN of the stack.
func (s *Stack) arn(service, rest string) string {
	return strings.Join([]string{"arn", s.partition(), service, s.settings.Region, s.settings.Account, rest}, ":")
}
