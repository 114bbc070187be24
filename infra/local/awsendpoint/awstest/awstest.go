// Package awstest gives tests real SDK clients of a server under test.
package awstest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"steledesk/shared/awsconfig"
)

// Config is a configuration that reaches the server at url, whatever the environment says. Calls are not tried again,
// so that a test sees every failure.
func Config(url string) aws.Config {
	return aws.Config{
		Region:           "us-east-1",
		BaseEndpoint:     &url,
		Credentials:      credentials.NewStaticCredentialsProvider("local", "local", ""),
		HTTPClient:       awsconfig.HTTPClient(),
		RetryMaxAttempts: 1,
	}
}
