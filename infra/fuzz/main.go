// Command fuzz runs every fuzz target of the module, one after the other with one worker each, and prints how many
// executions each had, what new inputs they led to and how long they took. An input that fails is kept by go test in the
// package's testdata/fuzz, and fails there in every make test until it is mended.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"time"
)

func main() {
	each := flag.String("n", "1000000x", "executions of each target, or a time such as 5s")
	only := flag.String("only", "", "run only targets that match, such as functions/.*FuzzPages")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *each, *only); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, each, only string) error {
	chosen, err := regexp.Compile(only)
	if err != nil {
		return fmt.Errorf("read -only: %w", err)
	}
	all, err := find(".")
	if err != nil {
		return err
	}
	fmt.Print("| target | executions | new inputs kept while it ran | time |\n|---|---|---|---|\n")
	var failed []error
	for _, t := range all {
		if !chosen.MatchString(t.folder + " " + t.name) {
			continue
		}
		began := time.Now()
		out, err := t.run(ctx, each)
		executions, inputs := count(out)
		fmt.Printf("| %s | %s | %s | %s |\n", t, executions, inputs, time.Since(began).Round(time.Second))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w\n%s", t, err, out))
		}
	}
	return errors.Join(failed...)
}

// run fuzzes one target and gives what go test said.
func (t target) run(ctx context.Context, each string) ([]byte, error) {
	c := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", each, "-fuzzminimizetime", "100x", "-parallel", "1", "-timeout", "0", "./"+t.folder)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	return c.CombinedOutput()
}

var progress = regexp.MustCompile(`execs: (\d+) .*new interesting: (\d+)`)

// count reads the last line of progress: executions and new inputs.
func count(out []byte) (executions, inputs string) {
	all := progress.FindAllSubmatch(out, -1)
	if len(all) == 0 {
		return "0", "0"
	}
	last := all[len(all)-1]
	return thousands(last[1]), thousands(last[2])
}

// thousands writes a number with commas.
func thousands(digits []byte) string {
	var out bytes.Buffer
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out.WriteByte(',')
		}
		out.WriteByte(d)
	}
	return out.String()
}
