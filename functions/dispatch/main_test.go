package main

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"
)

// named gives lines the request, as Lambda's own handler does.
type named struct{ slog.Handler }

func (n named) Handle(ctx context.Context, r slog.Record) error {
	if lc, ok := lambdacontext.FromContext(ctx); ok {
		r.AddAttrs(slog.String("requestId", lc.AwsRequestID))
	}
	return n.Handler.Handle(ctx, r)
}

// The line about a section without a queue used to belong to no request.
func TestNoQueueNamesItsRequest(t *testing.T) {
	var log bytes.Buffer
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "8476a536"})
	noQueue(slog.New(named{slog.NewJSONHandler(&log, nil)}))(ctx, "boats")
	if line := log.String(); !strings.Contains(line, `"section":"boats"`) || !strings.Contains(line, `"requestId":"8476a536"`) {
		t.Errorf("got %s", line)
	}
}
