// Command bench measures what the program costs and how fast it is on this machine: AWS calls and
// capacity units per request, latencies and throughput, cold starts, sizes. It starts the local
// stack in a folder of its own and prints tables in Markdown.
//
//	go run ./infra/bench [-requests 2000] [-only costs,speeds,starts,sizes,life,scale,digest] [-tickets 1000000] [-chart FILE]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"steledesk/infra/local/build"
	"steledesk/infra/local/demo"
	"steledesk/infra/local/stack"
	"steledesk/infra/local/template"
	"steledesk/shared/desk"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/secret"
	"steledesk/shared/visitor"
)

func main() {
	requests := flag.Int("requests", 2000, "requests of each measurement")
	only := flag.String("only", "", "the parts to measure, comma-separated: "+strings.Join(partNames(), ", ")+"; empty: all")
	most := flag.Int("tickets", 100_000, "the most open tickets that the part scale measures the desk among; 1000000 takes half an hour")
	chart := flag.String("chart", "", "an SVG `FILE` for the part scale to draw")
	flag.Parse()
	if err := run(context.Background(), *only, bench{requests: *requests, most: *most, chart: *chart}); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// What functions are measured against.
const (
	empty    = "infra/bench/empty"
	readings = "infra/bench/reading"
)

func run(ctx context.Context, only string, wished bench) (err error) {
	chosen, err := choose(only)
	if err != nil {
		return err
	}
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
	b := &wished
	b.functions, b.binaries, b.meter = functions, binaries, newMeter()
	b.stack, err = stack.Start(ctx, stack.Settings{
		Template: "template.yaml", Binaries: binaries, Data: filepath.Join(folder, "data"),
		Modules: filepath.Join("infra", "local", "node_modules"), Middleware: b.meter.middleware, Seed: demo.Seed(roomy()),
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.stack.Close()) }()
	return b.all(ctx, chosen)
}

// bench is one run.
type bench struct {
	requests     int
	most         int      // open tickets
	chart        string   // empty: none is drawn
	functions    []string // the folders of the template's functions
	binaries     string
	stack        *stack.Stack
	digestBinary string // of digestAlone
	digestDisk   int64  // bytes that the template gives it for temporary files
	meter        *meter
	table        *dynamo.Table
	desk         *visitor.Desk
	staff        *desk.Desk

	bareClient *dynamodb.Client
	filing     []dynamo.Item // the items of one filing
}

func (b *bench) all(ctx context.Context, chosen []part) error {
	cfg := b.stack.AWS()
	cfg.AppID = appID
	keys, err := secret.Keys(ctx, cfg, "/steledesk/secret")
	if err != nil {
		return err
	}
	b.bareClient = dynamodb.NewFromConfig(cfg)
	b.table = dynamo.Open(cfg, *b.stack.Model().Tables[0].Create.TableName)
	b.desk = &visitor.Desk{Store: b.table, Keys: keys, Offices: b.table.CacheOffice(time.Hour, time.Now, func(context.Context, error) {})}
	b.staff = &desk.Desk{Store: b.table, Offices: b.desk.Offices, Keys: keys, Audit: b.table}
	for _, p := range chosen {
		if err := p.measure(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// part is one thing to measure.
type part struct {
	name    string
	measure func(*bench, context.Context) error
}

// parts are in the order of the report.
func parts() []part {
	return []part{
		{"costs", (*bench).costs}, {"speeds", (*bench).speeds}, {"starts", (*bench).coldStarts}, {"sizes", (*bench).sizes},
		{"life", (*bench).lives}, {"scale", (*bench).scale}, {"digest", (*bench).digests}, {"first view", (*bench).firstViews},
	}
}

func partNames() []string {
	var names []string
	for _, p := range parts() {
		names = append(names, p.name)
	}
	return names
}

// choose gives the named parts, all when none is named.
func choose(only string) ([]part, error) {
	all := parts()
	if only == "" {
		return all, nil
	}
	wanted := strings.Split(only, ",")
	for _, name := range wanted {
		if !slices.Contains(partNames(), name) {
			return nil, fmt.Errorf("no part is called %q; there are %s", name, strings.Join(partNames(), ", "))
		}
	}
	return slices.DeleteFunc(all, func(p part) bool { return !slices.Contains(wanted, p.name) }), nil
}

// roomy is an office whose limits against floods a measurement, which is one, does not meet. How fast a form was sent
// is judged as at any desk.
func roomy() *office.Office {
	o := demo.Roomy(time.Now())
	o.Limits.FormSeconds = 0
	return o
}
