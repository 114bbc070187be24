// Package awsconfig is the one way the program gets to AWS: the SDK's default configuration
// (AWS_REGION, AWS_ENDPOINT_URL, roles, profiles), and nothing of our own beside it.
package awsconfig

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
)

// Load reads the configuration from the environment.
func Load(ctx context.Context) (aws.Config, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return aws.Config{}, fmt.Errorf("load AWS configuration: %w", err)
	}
	if cfg.HTTPClient == nil { // the SDK sets one only where AWS_CA_BUNDLE or its like ask for it
		cfg.HTTPClient = awshttp.NewBuildableClient()
	}
	cfg.HTTPClient = buffered{cfg.HTTPClient}
	return cfg, nil
}

// HTTPClient is the client for configurations that are not read from the environment, such as the
// local stack's; it sends request bodies as Load's does.
func HTTPClient() aws.HTTPClient { return buffered{awshttp.NewBuildableClient()} }

// buffered sends each request body from memory. smithy-go's own body reports the end of the
// stream in a way that makes net/http drop the connection when a fast server answers more than
// 4 KB; the SDK then retries a call that had been carried out.
type buffered struct{ client aws.HTTPClient }

func (b buffered) Do(r *http.Request) (*http.Response, error) {
	if r.Body != nil && r.Body != http.NoBody {
		body, err := io.ReadAll(r.Body)
		_ = r.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("read request body: %w", err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.ContentLength = int64(len(body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	}
	return b.client.Do(r)
}
