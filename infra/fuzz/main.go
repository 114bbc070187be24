// Command fuzz runs every fuzz target of the module, one after the other with one worker each, and prints how many
// executions each had, what new inputs they led to and how long they took. An input that fails is kept in the package's
// testdata/fuzz, and fails there in every make test until it is mended.
//
// Only the module's own packages are watched for new ways through them. go test -fuzz watches the SDK's too, half a million
// places that are cleared and compared at each execution: 2,300 a second of a small target, where this makes 50,000.
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
	"path/filepath"
	"regexp"
	"strings"
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
	binaries, err := os.MkdirTemp("", "steledesk-fuzz")
	if err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	defer func() { _ = os.RemoveAll(binaries) }()
	fmt.Print("| target | executions | new inputs kept while it ran | time |\n|---|---|---|---|\n")
	var failed []error
	for _, t := range all {
		if !chosen.MatchString(t.folder + " " + t.name) {
			continue
		}
		began := time.Now()
		out, err := t.run(ctx, binaries, each)
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

// run fuzzes one target and gives what it said. New inputs are kept below binaries while the command runs.
func (t target) run(ctx context.Context, binaries, each string) ([]byte, error) {
	binary := filepath.Join(binaries, strings.ReplaceAll(t.folder, "/", "-")+".test")
	build := exec.CommandContext(ctx, "go", "test", "-c", "-gcflags="+module+"/...=-d=libfuzzer", "-o", binary, "./"+t.folder)
	if out, err := build.CombinedOutput(); err != nil {
		return out, fmt.Errorf("build: %w", err)
	}
	c := exec.CommandContext(ctx, binary, "-test.run", "^$", "-test.fuzz", "^"+t.name+"$", "-test.fuzztime", each, "-test.fuzzminimizetime", "100x",
		"-test.parallel", "1", "-test.timeout", "0", "-test.fuzzcachedir", filepath.Join(binaries, "cache", t.folder))
	c.Dir = filepath.FromSlash(t.folder)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	out, err := c.CombinedOutput()
	if err == nil && bytes.Contains(out, []byte("without coverage guidance")) {
		err = errors.New("nothing is watched: it ran blind")
	}
	return out, err
}

// module is the path of the module whose packages are watched.
const module = "steledesk"

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
