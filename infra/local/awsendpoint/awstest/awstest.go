// Package awstest gives tests real SDK clients of a server under test.
package awstest

import (
	"bytes"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// Config is a configuration that reaches the server at url, whatever the environment says. Calls are not tried again,
// so that a test sees every failure.
func Config(url string) aws.Config {
	return aws.Config{
		Region:           "us-east-1",
		BaseEndpoint:     &url,
		Credentials:      credentials.NewStaticCredentialsProvider("local", "local", ""),
		HTTPClient:       whole{&http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}},
		RetryMaxAttempts: 1,
	}
}

// whole sends each body from memory: smithy-go's own body makes net/http drop connections to fast servers.
type whole struct{ client *http.Client }

func (w whole) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.Body != http.NoBody {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	return w.client.Do(r)
}
