package stack

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"

	"steledesk/shared/awsconfig"
)

type clients struct {
	tables     *dynamodb.Client
	streams    *dynamodbstreams.Client
	queues     *sqs.Client
	objects    *s3.Client
	parameters *ssm.Client
}

// localKey is the key and the secret of the stack's own engines.
const localKey = "local"

// ownAccount is the account of a stack with its own engines.
const ownAccount = "000000000000"

// connect makes the clients of the engines or the foreign endpoint.
func (s *Stack) connect(ctx context.Context) error {
	if s.settings.own() {
		s.aws = aws.Config{
			Region:       s.settings.Region,
			Credentials:  credentials.NewStaticCredentialsProvider(localKey, localKey, ""),
			BaseEndpoint: aws.String(s.AWSEndpoint()),
			HTTPClient:   awsconfig.HTTPClient(),
		}
	} else if err := s.connectForeign(ctx); err != nil {
		return err
	}
	s.aws.Logger = logging.LoggerFunc(func(level logging.Classification, format string, values ...any) {
		// Calls that were cut short when the stack stops are warnings to the SDK.
		s.settings.Logger.Debug(fmt.Sprintf(format, values...), "from", "AWS SDK", "level", level)
	})
	s.clients = clients{
		tables:     dynamodb.NewFromConfig(s.aws),
		streams:    dynamodbstreams.NewFromConfig(s.aws),
		queues:     sqs.NewFromConfig(s.aws),
		objects:    s3.NewFromConfig(s.aws),
		parameters: ssm.NewFromConfig(s.aws),
	}
	if s.settings.own() {
		s.settings.Account = ownAccount
	}
	return nil
}

// connectForeign takes the usual AWS settings. The account is the caller's, since
// the ARNs that connect resources name it.
func (s *Stack) connectForeign(ctx context.Context) error {
	cfg, err := awsconfig.Load(ctx)
	if err != nil {
		return err
	}
	cfg.Region = s.settings.Region
	if endpoint := s.AWSEndpoint(); endpoint != "" {
		cfg.BaseEndpoint = &endpoint
	}
	s.aws = cfg
	if s.settings.Account != "" {
		return nil
	}
	caller, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return fmt.Errorf("ask %s for the account: %w", s.settings.Endpoint, err)
	}
	s.settings.Account = aws.ToString(caller.Account)
	return nil
}

// environment is what a function's process gets: the template's variables and the
// way to AWS, nothing else.
func (s *Stack) environment(variables map[string]string) []string {
	way := map[string]string{"AWS_REGION": s.settings.Region, "AWS_EC2_METADATA_DISABLED": "true"}
	if s.settings.own() {
		way["AWS_ACCESS_KEY_ID"], way["AWS_SECRET_ACCESS_KEY"] = localKey, localKey
	}
	if endpoint := s.AWSEndpoint(); endpoint != "" {
		way["AWS_ENDPOINT_URL"] = endpoint
	}
	var env []string
	if !s.settings.own() {
		for _, entry := range s.settings.Environment {
			name, _, _ := strings.Cut(entry, "=")
			if _, set := way[name]; !set {
				env = append(env, entry)
			}
		}
	}
	for _, from := range []map[string]string{variables, way} {
		for name, value := range from {
			env = append(env, name+"="+value)
		}
	}
	slices.Sort(env)
	return env
}
