// Command torture does to the desk what a bad day does, and worse, and holds what is left to what was promised.
//
//	go run ./infra/torture [-seed 7] [-filings 20000] [-only faults,…]
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := torture(ctx, os.Stdout, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		os.Exit(1)
	}
}

// errBroken is the error of a run in which a promise was broken.
var errBroken = errors.New("a promise was broken: see the table")

// options are what a person may choose.
type options struct {
	seed    uint64
	filings int
	crowd   int
	only    string
	log     string
}

func (o options) wants(part string) bool {
	return o.only == "" || slices.Contains(strings.Split(o.only, ","), part)
}

func torture(ctx context.Context, out io.Writer, args []string) error {
	var o options
	f := flag.NewFlagSet("torture", flag.ContinueOnError)
	f.Uint64Var(&o.seed, "seed", 1+rand.Uint64N(1_000_000), "`N`: the same filings, and the same call of each function struck the same way")
	f.IntVar(&o.filings, "filings", 20_000, "how many tickets are filed through the faults")
	f.IntVar(&o.crowd, "crowd", 12, "how many people are at it at once")
	f.StringVar(&o.only, "only", "", "`PARTS`, with commas between; all when empty: "+strings.Join(names(), " "))
	f.StringVar(&o.log, "log", "", "a `FOLDER` for what every desk and its functions say, and for each telling and death: hundreds of megabytes")
	if err := f.Parse(args); err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "steledesk-torture")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	fmt.Fprintf(out, "Seed %d: make torture SEED=%d does the same again.\nBuilding …\n", o.seed, o.seed)
	p := place{root: ".", binaries: folder + "/build", folder: folder, logs: o.log}
	if err := p.compile(ctx); err != nil {
		return err
	}
	return o.all(ctx, p, out)
}

// part is one kind of torture.
type part struct {
	name string
	run  func(ctx context.Context, o options, p place, r *report) error
}

// parts are all, in their order.
func parts() []part {
	return []part{
		{"faults", func(ctx context.Context, o options, p place, r *report) error {
			return storm{seed: o.seed, filings: o.filings, crowd: o.crowd, progress: os.Stdout}.run(ctx, p, r)
		}},
		{"clock", func(ctx context.Context, o options, p place, r *report) error {
			return storm{seed: o.seed, filings: min(o.filings, 1000), crowd: o.crowd, short: true, begin: holidayEve(), days: 12}.run(ctx, p, r)
		}},
		{"load", func(ctx context.Context, _ options, p place, r *report) error {
			return load{calibrate: 10 * time.Second, overload: 20 * time.Second, times: 2, early: time.Second}.run(ctx, p, r)
		}},
		{"disk", func(ctx context.Context, _ options, p place, r *report) error { return runDisk(ctx, p, r) }},
		{"restore", func(ctx context.Context, o options, p place, r *report) error {
			return restore{seed: o.seed, lives: 200}.run(ctx, p, r)
		}},
		{"privacy", func(ctx context.Context, _ options, p place, r *report) error { return runPrivacy(ctx, p, r) }},
		{"keys", func(ctx context.Context, _ options, p place, r *report) error { return runKeys(ctx, p, r) }},
	}
}

func names() []string {
	var all []string
	for _, p := range parts() {
		all = append(all, p.name)
	}
	return all
}

// all runs the parts that are wanted and prints what they found.
func (o options) all(ctx context.Context, p place, out io.Writer) error {
	var r report
	var problems []error
	for _, one := range parts() {
		if !o.wants(one.name) {
			continue
		}
		began := time.Now()
		fmt.Fprintf(out, "%s …\n", one.name)
		if err := one.run(ctx, o, p, &r); err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", one.name, err))
		}
		r.tell(one.name, "", "took "+time.Since(began).Round(time.Second).String())
	}
	problems = append(problems, r.print(out))
	if len(r.broken()) > 0 {
		problems = append(problems, errBroken)
	}
	return errors.Join(problems...)
}

// holidayEve is five minutes before the National Day holidays of 2026, which begin with a month and end with a Saturday
// that is worked.
func holidayEve() time.Time {
	return time.Date(2026, time.September, 30, 23, 55, 0, 0, time.FixedZone("", 8*3600))
}
