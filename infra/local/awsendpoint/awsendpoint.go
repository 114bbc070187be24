// Package awsendpoint is the one address that answers for all AWS services of the local stack, as
// `aws --endpoint-url` and AWS_ENDPOINT_URL expect it.
package awsendpoint

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"steledesk/infra/local/awsendpoint/awsjson"
)

// Invoker runs a function and returns its answer; functionError is empty, or the kind of error it ended with
// (Unhandled). An error means that it could not be run; ErrNoFunction that there is none of that name.
type Invoker func(ctx context.Context, function string, payload []byte) (answer []byte, functionError string, err error)

// Middleware wraps the handler of every call: tests count calls, inject faults and kill functions with it. service is
// dynamodb, streams, sqs, ssm, sts, lambda or s3; action is the call's name, such as PutItem or PostObject.
type Middleware func(service, action string, next http.Handler) http.Handler

// Options name the handlers of the services. DynamoDB serves the streams too.
type Options struct {
	DynamoDB, SQS, SSM, S3 http.Handler

	Invoke     Invoker    // nil: Lambda is not served
	Account    string     // told by STS; empty: 000000000000
	Partition  string     // told by STS; empty: aws
	Middleware Middleware // may be nil
}

type endpoint struct {
	options Options
	sts     http.Handler
	lambda  http.Handler
}

// New returns the handler of the endpoint's port.
func New(options Options) http.Handler {
	if options.Account == "" {
		options.Account = "000000000000"
	}
	if options.Partition == "" {
		options.Partition = "aws"
	}
	if options.Middleware == nil {
		options.Middleware = func(_, _ string, next http.Handler) http.Handler { return next }
	}
	return &endpoint{options: options,
		sts:    identity(options.Partition, options.Account),
		lambda: invocation(options.Invoke)}
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	service, action, handler := e.dispatch(r)
	e.options.Middleware(service, action, handler).ServeHTTP(w, r)
}

// dispatch tells services apart as far as their protocols allow it: by the target header of the JSON protocol, by the
// service's name in the signature, by Lambda's path; everything else is S3, which has no mark of its own.
func (e *endpoint) dispatch(r *http.Request) (service, action string, handler http.Handler) {
	if target := r.Header.Get("X-Amz-Target"); target != "" {
		return e.byTarget(target)
	}
	if function, ok := invoked(r); ok && e.options.Invoke != nil {
		r.SetPathValue("function", function)
		return "lambda", "Invoke", e.lambda
	}
	switch signed := signedService(r); signed {
	case "", "s3", "s3express":
		return "s3", s3Action(r), e.options.S3
	case "sts":
		return "sts", "GetCallerIdentity", e.sts
	default:
		return signed, "", unserved(fmt.Sprintf("%s %s of the service %q", r.Method, r.URL.Path, signed))
	}
}

func (e *endpoint) byTarget(target string) (service, action string, handler http.Handler) {
	prefix, action, _ := strings.Cut(target, ".")
	switch prefix {
	case "DynamoDB_20120810":
		return "dynamodb", action, e.options.DynamoDB
	case "DynamoDBStreams_20120810":
		return "streams", action, e.options.DynamoDB
	case "AmazonSQS":
		return "sqs", action, e.options.SQS
	case "AmazonSSM":
		return "ssm", action, e.options.SSM
	}
	return prefix, action, unserved(fmt.Sprintf("the call %q", target))
}

// signedService is the service in the request's signature, which reads <key>/<date>/<region>/<service>/aws4_request.
func signedService(r *http.Request) string {
	scope := r.URL.Query().Get("X-Amz-Credential")
	if _, credential, ok := strings.Cut(r.Header.Get("Authorization"), "Credential="); ok {
		scope, _, _ = strings.Cut(credential, ",")
	}
	parts := strings.Split(scope, "/")
	if len(parts) < 5 {
		return ""
	}
	return parts[len(parts)-2]
}

// invoked is the function of a request to /2015-03-31/functions/{name}/invocations.
func invoked(r *http.Request) (string, bool) {
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/2015-03-31/functions/")
	name, found := strings.CutSuffix(rest, "/invocations")
	function, err := url.PathUnescape(name)
	return function, ok && found && err == nil && r.Method == http.MethodPost
}

// unserved refuses what the local stack does not have.
func unserved(what string) http.Handler {
	return &refusal{awsjson.Errorf("UnknownOperationException",
		"The local stack does not serve %s. It serves DynamoDB, DynamoDB Streams, SQS, S3, SSM parameters, "+
			"STS GetCallerIdentity and Lambda Invoke.", what)}
}

// s3Action names the common S3 calls, for Middleware; others are named by their HTTP method.
func s3Action(r *http.Request) string {
	_, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	query := r.URL.Query()
	switch {
	case r.URL.Path == "/":
		return "ListBuckets"
	case key == "" && r.Method == http.MethodPost && !query.Has("delete"):
		return "PostObject"
	case key == "" && r.Method == http.MethodPost:
		return "DeleteObjects"
	case key == "" && r.Method == http.MethodGet:
		return "ListObjects"
	case key == "":
		return title(r.Method) + "Bucket"
	case query.Has("uploadId") || query.Has("uploads"):
		return title(r.Method) + "MultipartUpload"
	}
	return title(r.Method) + "Object"
}

func title(method string) string { return method[:1] + strings.ToLower(method[1:]) }
