package awsendpoint_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	sdks3 "github.com/aws/aws-sdk-go-v2/service/s3"
	sdksqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	sdkssm "github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/local/awsendpoint/awstest"
	engine "steledesk/infra/local/dynamodb"
	"steledesk/infra/local/s3"
	"steledesk/infra/local/sqs"
	"steledesk/infra/local/ssm"
)

// stack starts all engines behind one endpoint and returns its URL.
func stack(t *testing.T, options awsendpoint.Options) string {
	t.Helper()
	folder := t.TempDir()
	db, err := engine.Start(t.Context(), engine.Options{Folder: filepath.Join(folder, "dynamodb"), Modules: "../node_modules"})
	if err != nil {
		t.Fatal(err)
	}
	queues, err := sqs.Open(filepath.Join(folder, "queues.sqlite"), sqs.Options{})
	if err != nil {
		t.Fatal(err)
	}
	buckets, err := s3.Open(filepath.Join(folder, "buckets"), s3.Options{})
	if err != nil {
		t.Fatal(err)
	}
	parameters, err := ssm.Open(filepath.Join(folder, "parameters.json"), ssm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	options.DynamoDB, options.SQS, options.S3, options.SSM = db.Proxy(), queues, buckets, parameters
	web := httptest.NewServer(awsendpoint.New(options))
	t.Cleanup(func() {
		web.Close()
		if err := errors.Join(queues.Close(), db.Close()); err != nil {
			t.Error(err)
		}
	})
	return web.URL
}

func TestEveryServiceIsReached(t *testing.T) {
	var mu sync.Mutex
	var calls []string
	url := stack(t, awsendpoint.Options{Account: "123456789012", Partition: "aws-cn",
		Middleware: func(service, action string, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				calls = append(calls, service+" "+action)
				mu.Unlock()
				next.ServeHTTP(w, r)
			})
		}})
	config, ctx := awstest.Config(url), t.Context()
	if _, err := dynamodb.NewFromConfig(config).ListTables(ctx, &dynamodb.ListTablesInput{}); err != nil {
		t.Error(err)
	}
	if _, err := dynamodbstreams.NewFromConfig(config).ListStreams(ctx, &dynamodbstreams.ListStreamsInput{}); err != nil {
		t.Error(err)
	}
	queue, err := sdksqs.NewFromConfig(config).CreateQueue(ctx, &sdksqs.CreateQueueInput{QueueName: aws.String("q")})
	if err != nil || *queue.QueueUrl != url+"/000000000000/q" {
		t.Errorf("queue %v, %v; want a URL at this endpoint", queue, err)
	}
	if _, err := sdkssm.NewFromConfig(config).DescribeParameters(ctx, &sdkssm.DescribeParametersInput{}); err != nil {
		t.Error(err)
	}
	buckets := sdks3.NewFromConfig(config, func(o *sdks3.Options) { o.UsePathStyle = true })
	if _, err := buckets.CreateBucket(ctx, &sdks3.CreateBucketInput{Bucket: aws.String("photos")}); err != nil {
		t.Error(err)
	}
	if _, err := buckets.PutObject(ctx, &sdks3.PutObjectInput{Bucket: aws.String("photos"), Key: aws.String("a"), Body: strings.NewReader("x")}); err != nil {
		t.Error(err)
	}
	who, err := sts.NewFromConfig(config).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil || *who.Account != "123456789012" || *who.Arn != "arn:aws-cn:iam::123456789012:user/local" {
		t.Errorf("identity %v, %v", who, err)
	}
	want := []string{"dynamodb ListTables", "streams ListStreams", "sqs CreateQueue", "ssm DescribeParameters",
		"s3 PutBucket", "s3 PutObject", "sts GetCallerIdentity"}
	if !slices.Equal(calls, want) {
		t.Errorf("middleware saw %q\nwant %q", calls, want)
	}
}

// A presigned URL carries its service in the query and none in the headers.
func TestPresignedURLReachesS3(t *testing.T) {
	url := stack(t, awsendpoint.Options{})
	client := sdks3.NewFromConfig(awstest.Config(url), func(o *sdks3.Options) { o.UsePathStyle = true })
	if _, err := client.CreateBucket(t.Context(), &sdks3.CreateBucketInput{Bucket: aws.String("photos")}); err != nil {
		t.Fatal(err)
	}
	put, err := sdks3.NewPresignClient(client).PresignPutObject(t.Context(), &sdks3.PutObjectInput{Bucket: aws.String("photos"), Key: aws.String("a")})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := http.NewRequest(http.MethodPut, put.URL, strings.NewReader("x"))
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
}

func request(method, path, service, target string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader("{}"))
	if service != "" {
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20261123/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=00")
	}
	if target != "" {
		r.Header.Set("X-Amz-Target", target)
	}
	return r
}

func TestUnservedIsNamed(t *testing.T) {
	handler := awsendpoint.New(awsendpoint.Options{S3: http.NotFoundHandler()})
	for _, c := range []struct {
		name string
		r    *http.Request
		want string
	}{
		{"target", request("POST", "/", "kinesis", "Kinesis_20131202.ListStreams"), "Kinesis_20131202.ListStreams"},
		{"service", request("GET", "/2013-04-01/hostedzone", "route53", ""), "route53"},
		{"STS call", request("POST", "/", "sts", ""), "STS call"},
		{"Lambda without functions", request("POST", "/2015-03-31/functions/f/invocations", "lambda", ""), "lambda"},
		{"SQS in the old protocol", request("POST", "/", "sqs", ""), "sqs"},
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, c.r)
		if body := w.Body.String(); w.Code != http.StatusBadRequest || !strings.Contains(body, c.want) || !strings.Contains(body, "It serves DynamoDB") {
			t.Errorf("%s: %d %s", c.name, w.Code, body)
		}
	}
}

func TestInvoke(t *testing.T) {
	invoke := func(_ context.Context, function string, payload []byte) ([]byte, string, error) {
		switch function {
		case "steledesk-submit":
			return payload, "", nil
		case "panics":
			return []byte(`{"errorMessage":"x"}`), "Unhandled", nil
		case "broken":
			return nil, "", errors.New("no binary")
		}
		return nil, "", fmt.Errorf("%s: %w", function, awsendpoint.ErrNoFunction)
	}
	handler := awsendpoint.New(awsendpoint.Options{Invoke: invoke, S3: http.NotFoundHandler()})
	for _, c := range []struct {
		function, kind string
		status         int
		want, failed   string
	}{
		{"steledesk-submit", "", 200, "{}", ""},
		{"steledesk-submit", "RequestResponse", 200, "{}", ""},
		{"steledesk-submit", "Event", 400, "RequestResponse only", ""},
		{"panics", "", 200, "errorMessage", "Unhandled"},
		{"broken", "", 500, "no binary", ""},
		{"none", "", 404, "Function not found: none", ""},
	} {
		r := request("POST", "/2015-03-31/functions/"+c.function+"/invocations", "lambda", "")
		r.Header.Set("X-Amz-Invocation-Type", c.kind)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		body, _ := io.ReadAll(w.Body)
		if w.Code != c.status || !strings.Contains(string(body), c.want) || w.Header().Get("X-Amz-Function-Error") != c.failed {
			t.Errorf("%s %s: %d %s (%s)", c.function, c.kind, w.Code, body, w.Header().Get("X-Amz-Function-Error"))
		}
	}
}
