// The function that the host's tests run: it does what the event says.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type order struct {
	Do   string `json:"do"`
	Text string `json:"text"`
	Size int    `json:"size"`
	MS   int    `json:"ms"`
}

func main() {
	switch os.Getenv("START") {
	case "crash":
		fmt.Fprintln(os.Stderr, "cannot find the secret")
		os.Exit(3)
	case "hang":
		time.Sleep(time.Hour)
	}
	lambda.StartHandlerFunc(handle)
}

func handle(ctx context.Context, o order) (any, error) {
	fmt.Println("doing " + o.Do)
	switch o.Do {
	case "panic":
		panic("broken on purpose")
	case "exit":
		os.Exit(7)
	case "error":
		return nil, errors.New(o.Text)
	case "sleep":
		time.Sleep(time.Duration(o.MS) * time.Millisecond)
	case "big":
		return strings.Repeat("x", o.Size), nil
	case "environment":
		return os.Environ(), nil
	case "context":
		lc, _ := lambdacontext.FromContext(ctx)
		deadline, _ := ctx.Deadline()
		return map[string]any{"request": lc.AwsRequestID, "arn": lc.InvokedFunctionArn, "left": time.Until(deadline).Milliseconds()}, nil
	case "meet": // waits until another process has come to the same place
		return meet(o.Text, o.Size)
	}
	return map[string]any{"text": o.Text, "pid": os.Getpid()}, nil
}

// meet writes a file of its own into the folder and waits until it holds count of them.
func meet(dir string, count int) (any, error) {
	if err := os.WriteFile(fmt.Sprintf("%s/%d", dir, os.Getpid()), nil, 0o600); err != nil {
		return nil, err
	}
	for {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		if len(entries) >= count {
			return map[string]any{"pid": os.Getpid()}, nil
		}
		time.Sleep(2 * time.Millisecond)
	}
}
