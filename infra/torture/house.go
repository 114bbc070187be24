package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"steledesk/infra/local/build"
	"steledesk/infra/local/demo"
	"steledesk/infra/local/lambda"
	"steledesk/infra/local/stack"
	"steledesk/infra/local/template"
	"steledesk/infra/torture/fault"
	"steledesk/infra/torture/raw"
	"steledesk/shared/office"
)

// place is where things are on this machine.
type place struct {
	root     string // of the project
	binaries string // of the functions and the operator's command
	folder   string // for data
	logs     string // folder for what each house says; empty: it is not kept
}

// log opens the log of a house; nobody keeps it where there is no folder.
func (p place) log() (*slog.Logger, io.Closer, error) {
	if p.logs == "" {
		return slog.New(slog.DiscardHandler), io.NopCloser(nil), nil
	}
	f, err := os.CreateTemp(p.logs, "house-*.log")
	if err != nil {
		return nil, nil, fmt.Errorf("keep log: %w", err)
	}
	return slog.New(slog.NewJSONHandler(f, nil)), f, nil
}

// operator is the folder of the operator's command.
const operator = "infra/steledesk"

// compile builds every function and the operator's command.
func (p place) compile(ctx context.Context) error {
	folders, err := template.Folders(filepath.Join(p.root, "template.yaml"))
	if err != nil {
		return err
	}
	return build.Functions(ctx, p.root, p.binaries, append(folders, operator), func(build.Built) {})
}

// house is a running desk under the proxy, with its sections' programs and a clock that can be moved.
type house struct {
	*stack.Stack
	place    place
	data     string
	proxy    *fault.Proxy
	receiver *receiver
	client   *http.Client // people's
	ahead    atomic.Int64 // how far time was let run
	jitter   atomic.Int64 // by how much the clock is wrong
	patience int
	running  atomic.Pointer[stack.Stack]
	log      *slog.Logger
	logFile  io.Closer
}

// plan is what a house is opened with.
type plan struct {
	seed   uint64
	rates  fault.Rates
	begin  time.Time             // what the desk's clock says at first; zero: what it is
	change func(*stack.Settings) // may be nil
}

// openHouse starts a desk whose sections are told by programs of their own.
func openHouse(ctx context.Context, p place, with plan) (*house, error) {
	data, err := os.MkdirTemp(p.folder, "house")
	if err != nil {
		return nil, fmt.Errorf("make data folder: %w", err)
	}
	h := &house{place: p, data: data, patience: patience, client: newClient()}
	if !with.begin.IsZero() {
		h.ahead.Store(int64(time.Until(with.begin)))
	}
	if h.log, h.logFile, err = p.log(); err != nil {
		return nil, err
	}
	h.proxy = fault.New(fault.Options{Seed: with.seed, Rates: with.rates, Prefix: "steledesk-", Kill: h.kill})
	if h.receiver, err = openReceiver(ctx, with.seed, h.log); err != nil {
		return nil, errors.Join(err, h.logFile.Close())
	}
	s := stack.Settings{
		Template: filepath.Join(p.root, "template.yaml"), Binaries: p.binaries, Data: data,
		Modules: filepath.Join(p.root, "infra", "local", "node_modules"), Clock: h.now, Logger: h.log,
		Middleware: h.proxy.Middleware, Parameters: map[string]string{"ChannelHosts": h.receiver.url, "Canary": "off"},
		Seed: demo.Seed(h.office()),
	}
	if with.change != nil {
		with.change(&s)
	}
	if h.Stack, err = stack.Start(ctx, s); err != nil {
		return nil, errors.Join(err, h.receiver.Close(), h.logFile.Close())
	}
	h.running.Store(h.Stack)
	return h, nil
}

// Close ends the desk and its sections' programs.
func (h *house) Close() error {
	h.client.CloseIdleConnections()
	return errors.Join(h.Stack.Close(), h.receiver.Close(), h.logFile.Close())
}

func (h *house) now() time.Time {
	return time.Now().Add(time.Duration(h.ahead.Load() + h.jitter.Load()))
}

// jump sets the clock wrong by so much, on or back.
func (h *house) jump(by time.Duration) {
	h.jitter.Store(int64(by))
	h.Wake()
}

// skip lets time run.
func (h *house) skip(by time.Duration) {
	h.ahead.Add(int64(by))
	h.Wake()
}

func (h *house) kill(process, call string) bool {
	s := h.running.Load()
	killed := s != nil && s.Functions().KillProcess(process)
	h.log.Info("killed", "process", process, "call", call, "was", killed)
	return killed
}

// office is the built-in one without limits on filing, and with a program for each section.
func (h *house) office() *office.Office {
	o := roomy()
	for _, s := range o.Sections {
		o.Channels = append(o.Channels, office.Channel{
			ID: programPrefix + s.ID, Section: s.ID, Kind: office.Webhook, URL: h.receiver.url + "/" + s.ID, Secret: receiverSecret,
		})
	}
	return o
}

// roomy is the built-in office without limits on filing.
func roomy() *office.Office { return demo.Roomy(time.Now()) }

// checker is the configuration of clients that the proxy leaves alone.
func (h *house) checker() aws.Config {
	cfg := h.AWS().Copy()
	cfg.AppID = fault.Exempt
	return cfg
}

func (h *house) table(ctx context.Context) (*raw.Table, error) {
	return raw.ReadTable(ctx, h.checker(), "steledesk")
}

func (h *house) queues(ctx context.Context) ([]raw.Message, error) {
	return raw.ReadQueues(ctx, filepath.Join(h.data, "queues.sqlite"))
}

// graves are the queues that keep what failed.
var graves = []string{"steledesk-dead-letters", "steledesk-stream-failures"}

// pass lets time run on in steps, each once nobody works and no message can be had.
func (h *house) pass(ctx context.Context, steps int, by, within time.Duration) error {
	deadline := time.Now().Add(within)
	for still := 0; steps > 0; {
		_, ready, err := h.waiting(ctx)
		if err != nil {
			return err
		}
		if still++; ready > 0 || h.busy() {
			still = 0
		}
		if still > 2 {
			h.skip(by)
			still, steps = 0, steps-1
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("after %s %d steps of %s are left, and %d messages can be had", within, steps, by, ready)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(300 * time.Millisecond):
		}
	}
	return nil
}

// drain lets the desk's time run until no queue holds anything that is still to be tried, and no stream a record that
// is still to be carried. Time runs only when nobody works and no message can be had: none comes back from under its
// sender, as none does where a message is hidden for longer than its sender may run.
func (h *house) drain(ctx context.Context, within time.Duration) error {
	deadline := time.Now().Add(within)
	for still, quiet := 0, 0; quiet < 5; {
		left, ready, err := h.waiting(ctx)
		if err != nil {
			return err
		}
		still++
		if ready > 0 || h.busy() {
			still, quiet = 0, 0
		}
		switch {
		case left == 0 && still > 0:
			quiet++
		case still > 1:
			h.skip(7 * time.Minute) // past a visibility timeout, or a pause after failures
			still = 0
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("after %s %d messages still wait", within, left)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(300 * time.Millisecond):
		}
	}
	return nil
}

// waiting counts messages that a function is still to take, and those of them that it could take now.
func (h *house) waiting(ctx context.Context) (left, ready int, err error) {
	all, err := h.queues(ctx)
	for _, m := range all {
		if slices.Contains(graves, m.Queue) {
			continue
		}
		left++
		if !m.VisibleAt.After(h.now()) {
			ready++
		}
	}
	return left, ready, err
}

// busy reports whether any function works, or has work waiting: also while a stream pauses after a failure, or a batch waits for
// its window. Time that ran then handed the same messages to two senders at once.
func (h *house) busy() bool {
	return h.UnderWay() > 0 || slices.ContainsFunc(h.Functions().Stats(), func(f lambda.Stats) bool { return f.Busy+f.Queued > 0 })
}
