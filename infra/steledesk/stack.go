package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"syscall"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"steledesk/shared/dynamo"
	"steledesk/shared/seal"
	"steledesk/shared/secret"
)

// stack is the deployed desk a command works on.
type stack struct {
	name   string
	secret string // of the SSM parameter
	config aws.Config
	table  *dynamo.Table
	queues *sqs.Client
}

// open finds the stack that the settings name. It calls nothing of it.
func (e *env) open(ctx context.Context, s settings) (*stack, error) {
	address := ""
	if s.local {
		port := "4566"
		if p := e.getenv("STELEDESK_AWS_PORT"); p != "" {
			port = p
		}
		address = "http://127.0.0.1:" + port
	}
	config, err := e.aws(ctx, address)
	if err != nil {
		return nil, err
	}
	if config.Region == "" {
		return nil, errors.New("no region: set AWS_REGION (cn-north-1, say) or AWS_PROFILE; for the local stack, add --local")
	}
	return &stack{name: s.stack, secret: s.secret, config: config, table: dynamo.Open(config, s.stack), queues: sqs.NewFromConfig(config)}, nil
}

func (s *stack) sectionPrefix() string      { return s.name + "-section-" }
func (s *stack) deadLetters() string        { return s.name + "-dead-letters" }
func (s *stack) streamFailures() string     { return s.name + "-stream-failures" }
func (s *stack) queueOf(name string) string { return s.sectionPrefix() + name }

func (s *stack) keys(ctx context.Context) (*seal.Keys, error) {
	return secret.Keys(ctx, s.config, s.secret)
}

// queueURL finds a queue by its name.
func (s *stack) queueURL(ctx context.Context, name string) (string, error) {
	out, err := s.queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		return "", fmt.Errorf("find queue %s: %w", name, err)
	}
	return aws.ToString(out.QueueUrl), nil
}

// noQueue reports whether an error says that a queue does not exist.
func noQueue(err error) bool {
	var missing *sqstypes.QueueDoesNotExist
	return errors.As(err, &missing)
}

// hint says what to do about a call that AWS refused, when that is known.
func hint(err error, s settings) string {
	var refused *net.OpError
	var address *url.Error
	if errors.As(err, &refused) && errors.Is(err, syscall.ECONNREFUSED) && errors.As(err, &address) {
		return fmt.Sprintf("Nothing answers at %s. For the local stack: start it with make run.", address.URL)
	}
	if strings.Contains(err.Error(), "get credentials") { // the SDK has no type for it
		return "Nobody is signed in to AWS here: set AWS_PROFILE or sign in; for the local stack, add --local."
	}
	var told smithy.APIError
	if !errors.As(err, &told) {
		return ""
	}
	switch told.ErrorCode() {
	case "ResourceNotFoundException":
		return fmt.Sprintf("There is no table %q in this account and region. Name the stack with --stack, or deploy it first.", s.stack)
	case "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue":
		return fmt.Sprintf("The stack %q has no such queue in this account and region. Name the stack with --stack, or deploy it first.", s.stack)
	case "ParameterNotFound":
		return fmt.Sprintf("There is no parameter %q. Make the keys of a new desk with: steledesk secret init", s.secret)
	case "AccessDeniedException", "AccessDenied":
		return "Your role may not do this; it needs the action named above. AWS_PROFILE chooses another role."
	case "ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException", "InvalidClientTokenId", "InvalidSignatureException":
		return "AWS does not accept these credentials. Sign in again, or choose others with AWS_PROFILE; for the local stack, add --local."
	}
	return ""
}
