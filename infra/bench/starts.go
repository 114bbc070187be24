package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"steledesk/infra/local/build"
	"steledesk/infra/local/lambda"
)

// coldRuns is how often each function is started from nothing.
const coldRuns = 40

// coldStarts prints the time from starting a function's process to its first answer, each round
// through all functions in turn so that a noisy moment of the machine meets them alike.
func (b *bench) coldStarts(ctx context.Context) error {
	payloads := map[string]string{}
	var names []string
	for _, f := range []string{empty, readings} {
		if err := b.addBaseline(f); err != nil {
			return err
		}
		names = append(names, filepath.Base(f))
		payloads[filepath.Base(f)] = "{}"
	}
	for _, f := range b.functions {
		names = append(names, filepath.Base(f))
		payload, known := firstEvents[filepath.Base(f)]
		if !known {
			return fmt.Errorf("no first event for %s: add one", f)
		}
		payloads[filepath.Base(f)] = payload
	}
	times := map[string][]time.Duration{}
	for range coldRuns {
		for _, name := range names {
			took, err := b.coldStart(ctx, name, payloads[name])
			if err != nil {
				return err
			}
			times[name] = append(times[name], took)
		}
	}
	fmt.Println("## Cold starts, from process to first answer")
	fmt.Println()
	fmt.Println("| function | first event | p50 | p90 | against empty (aim: at most 1.3) | against empty with the two readings |")
	fmt.Println("|---|---|---|---|---|---|")
	for _, name := range names {
		slices.Sort(times[name])
	}
	for _, name := range names {
		fmt.Printf("| %s | %s | %s | %s | %.2f | %.2f |\n", name, firstNames[name], ms(middle(times[name])), ms(times[name][coldRuns*9/10]),
			ratio(times[name], times["empty"]), ratio(times[name], times["reading"]))
	}
	fmt.Println()
	return nil
}

// addBaseline makes a function known that the template does not have.
func (b *bench) addBaseline(folder string) error {
	binary, err := filepath.Abs(build.Binary(b.binaries, folder))
	if err != nil {
		return err
	}
	return b.stack.Functions().Add(lambda.Function{
		Name: filepath.Base(folder), Binary: binary, Timeout: 10 * time.Second, MemoryMB: 256,
		Env: []string{"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local",
			"AWS_ENDPOINT_URL=" + b.stack.AWSEndpoint(), "AWS_EC2_METADATA_DISABLED=true"},
	})
}

func middle(sorted []time.Duration) time.Duration { return sorted[len(sorted)/2] }

func ratio(a, b []time.Duration) float64 { return float64(middle(a)) / float64(middle(b)) }

func (b *bench) coldStart(ctx context.Context, name, payload string) (time.Duration, error) {
	full := name
	if firstEvents[name] != "" {
		full = "steledesk-" + name
	}
	b.stack.Functions().Kill(full)
	began := time.Now()
	for {
		result, err := b.stack.Functions().Invoke(ctx, full, []byte(payload))
		took := time.Since(began)
		if err != nil {
			return 0, fmt.Errorf("start %s: %w", name, err)
		}
		if result.Error == nil && result.Cold {
			return took, nil
		}
		if result.Error != nil && result.Error.Type != "Runtime.ExitError" {
			return 0, fmt.Errorf("start %s: %w", name, result.Error)
		}
		b.stack.Functions().Kill(full) // a process that was not gone yet took it
		began = time.Now()
	}
}

// firstEvents are events that make each function do what it does first, without a trace.
var firstEvents = map[string]string{
	"submit":    `{"version":"2.0","routeKey":"GET /v1/catalog","rawPath":"/v1/catalog","headers":{},"requestContext":{"timeEpoch":1795395600000}}`,
	"track":     `{"version":"2.0","routeKey":"GET /v1/tickets/{number}","pathParameters":{"number":"WX-1"},"headers":{},"requestContext":{"timeEpoch":1795395600000}}`,
	"site":      `{"version":"2.0","routeKey":"GET /","rawPath":"/","headers":{},"requestContext":{"timeEpoch":1795395600000}}`,
	"desk":      `{"version":"2.0","routeKey":"GET /v1/desk/me","rawPath":"/v1/desk/me","headers":{},"requestContext":{"timeEpoch":1795395600000}}`,
	"supervise": `{"version":"2.0","routeKey":"GET /supervise","rawPath":"/supervise","headers":{},"requestContext":{"timeEpoch":1795395600000}}`,
	"dispatch":  `{"Records":[]}`,
	"notify":    `{"Records":[]}`,
	"deadline":  `{"time":"2020-01-01T00:00:00Z"}`,
	"photo":     `{"Records":[]}`,
	"push":      `{"Records":[]}`,
	"digest":    `{"Records":[]}`,
	"canary":    `{"time":"2020-01-01T00:00:00Z"}`,
}

var firstNames = map[string]string{
	"empty": "none", "reading": "none", "submit": "the catalogue", "track": "a number that is none", "site": "the form", "desk": "nobody", "supervise": "the page",
	"dispatch": "no records", "notify": "no messages", "deadline": "nothing due", "photo": "no upload", "push": "no messages", "digest": "no order", "canary": "a whole trial",
}

// sizes prints how large the functions' binaries are.
func (b *bench) sizes(context.Context) error {
	fmt.Println("## Sizes of the functions' binaries")
	fmt.Println()
	fmt.Println("| function | MB |")
	fmt.Println("|---|---|")
	for _, f := range append([]string{empty, readings}, b.functions...) {
		info, err := os.Stat(build.Binary(b.binaries, f))
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %.1f |\n", filepath.Base(f), float64(info.Size())/1e6)
	}
	return nil
}
