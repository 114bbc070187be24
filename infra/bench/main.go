// Command bench measures what the program costs and how fast it is on this machine: AWS calls and
// capacity units per request, latencies and throughput, cold starts, sizes. It starts the local
// stack in a folder of its own and prints tables in Markdown.
//
//	go run ./infra/bench [-requests 2000]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/infra/local/build"
	"steledesk/infra/local/demo"
	"steledesk/infra/local/stack"
	"steledesk/infra/local/template"
	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/secret"
	"steledesk/shared/visitor"
)

func main() {
	requests := flag.Int("requests", 2000, "requests of each measurement")
	flag.Parse()
	if err := run(context.Background(), *requests); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// What functions are measured against.
const (
	empty    = "infra/bench/empty"
	readings = "infra/bench/reading"
)

func run(ctx context.Context, requests int) (err error) {
	folder, err := os.MkdirTemp("", "steledesk-bench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	binaries := filepath.Join(folder, "build")
	functions, err := template.Folders("template.yaml")
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "Building …")
	if err := build.Functions(ctx, ".", binaries, append([]string{empty, readings}, functions...), func(build.Built) {}); err != nil {
		return err
	}
	b := &bench{requests: requests, functions: functions, binaries: binaries, meter: newMeter()}
	b.stack, err = stack.Start(ctx, stack.Settings{
		Template: "template.yaml", Binaries: binaries, Data: filepath.Join(folder, "data"),
		Modules: filepath.Join("infra", "local", "node_modules"), Middleware: b.meter.middleware, Seed: demo.Seed(nil),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.stack.Close()) }()
	return b.all(ctx)
}

// bench is one run.
type bench struct {
	requests  int
	functions []string // the folders of the template's functions
	binaries  string
	stack     *stack.Stack
	meter     *meter
	table     *dynamo.Table
	desk      *visitor.Desk
	staff     *desk.Desk

	bareClient *dynamodb.Client
	filing     []dynamo.Item // the items of one filing
}

func (b *bench) all(ctx context.Context) error {
	cfg := b.stack.AWS()
	cfg.AppID = appID
	keys, err := secret.Keys(ctx, cfg, "/steledesk/secret")
	if err != nil {
		return err
	}
	b.bareClient = dynamodb.NewFromConfig(cfg)
	b.table = dynamo.Open(cfg, *b.stack.Model().Tables[0].Create.TableName)
	b.desk = &visitor.Desk{Store: b.table, Keys: keys, Offices: b.table.CacheOffice(time.Hour, time.Now, func(error) {})}
	b.staff = &desk.Desk{Store: b.table, Offices: b.desk.Offices}
	for _, part := range []func(context.Context) error{b.costs, b.speeds, b.coldStarts, b.sizes, b.clock} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}
