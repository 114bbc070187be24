// Package stack runs a whole template on this machine: engines for the AWS services,
// the functions' real binaries, and the events that connect them.
//
//	visitors, staff ──> HTTP ──> gateway ──┐
//	table ──> stream ──> mapping ──────────┤
//	queue ──> mapping ─────────────────────┼──> function host ──> AWS endpoint ──> engines
//	bucket ──> notification ───────────────┤
//	clock ──> schedule ────────────────────┘
package stack

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"steledesk/infra/local/lambda"
	"steledesk/infra/local/sink"
	"steledesk/infra/local/template"
)

// Stack is a running template. Its methods may be called concurrently.
type Stack struct {
	settings Settings
	started  time.Time
	template *template.Template
	model    *template.Model

	web       net.Listener
	engines   *engines // nil against a foreign endpoint
	sink      *sink.Sink
	smtp      string // where the mail sink listens
	aws       aws.Config
	clients   clients
	queueURLs map[string]string // by name; set by provision
	functions *lambda.Host
	events    *events
	doors     *intake

	ready   chan struct{} // closed when Start is done
	closers []closer      // what was started, in that order
}

// closer ends one thing that Start began.
type closer struct {
	what string
	end  func(context.Context) error
}

// grace bounds how long a closing stack waits for what is in flight.
const grace = 10 * time.Second

// Start reads the template, makes what is missing, starts the functions and what
// invokes them, and returns when the stack answers. On an error nothing is left
// running. ctx bounds the start only; Close ends the stack.
//
// Errors worth telling apart: template.Problems, *AddressError.
func Start(ctx context.Context, settings Settings) (*Stack, error) {
	s := &Stack{settings: settings.withDefaults(), started: time.Now(), ready: make(chan struct{})}
	err := settings.check()
	for _, step := range []func(context.Context) error{
		s.readTemplate, s.openFolder, s.openWeb, s.startEngines, s.startSink, s.connect, s.build, s.serve,
		s.seed, s.startFunctions, s.startEvents, s.startSweeping, s.open, s.awaitReady,
	} {
		if err == nil {
			err = step(ctx)
		}
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	close(s.ready)
	return s, nil
}

// Close stops the stack in the order that loses nothing: no new requests, then no
// new events, then the functions, and what they talk to last.
func (s *Stack) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	var problems []error
	for _, c := range slices.Backward(s.closers) {
		if err := c.end(ctx); err != nil {
			problems = append(problems, fmt.Errorf("stop %s: %w", c.what, err))
		}
	}
	s.closers = nil
	return errors.Join(problems...)
}

func (s *Stack) onClose(what string, end func(context.Context) error) {
	s.closers = append(s.closers, closer{what, end})
}

func (s *Stack) readTemplate(context.Context) error {
	text, err := os.ReadFile(s.settings.Template)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	s.template, err = template.Parse(s.settings.Template, text)
	return err
}

func (s *Stack) openFolder(context.Context) error {
	folder, err := filepath.Abs(s.settings.Data)
	if err != nil {
		return fmt.Errorf("open data folder: %w", err)
	}
	s.settings.Data = folder
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	return nil
}

// resolve gives the template's references what is known of their targets so far.
func (s *Stack) resolve(known map[template.Attribute]string) error {
	settings := template.Settings{
		Stack: s.settings.Name, Region: s.settings.Region, Account: s.settings.Account,
		Parameters: s.parameters(), Known: known,
	}
	model, err := s.template.Resolve(settings)
	if err != nil {
		return err
	}
	s.model = model
	return nil
}

// parameters are the settings' and the addresses that only this stack knows.
func (s *Stack) parameters() map[string]string {
	values := map[string]string{}
	for name, value := range map[string]string{"PublicUrl": s.URL(), "ChannelHosts": s.URL(), "PushHosts": s.URL(), "MailHosts": s.smtp} {
		if s.template.Declares(name) {
			values[name] = value
		}
	}
	for name, value := range s.settings.Parameters {
		values[name] = value
	}
	return values
}

// build makes what the template declares and resolves it again with what that told.
func (s *Stack) build(ctx context.Context) error {
	if err := s.resolve(nil); err != nil {
		return err
	}
	known, err := s.provision(ctx, s.model)
	if err != nil {
		return err
	}
	if s.model.API != "" {
		known[template.Attribute{Resource: s.model.API, Name: "ApiEndpoint"}] = s.URL()
	}
	return s.resolve(known)
}

func (s *Stack) seed(ctx context.Context) error {
	if s.settings.Seed == nil {
		return nil
	}
	err := s.settings.Seed(ctx, Surroundings{AWS: s.aws, Model: s.model, URL: s.URL(), SMTP: s.smtp, Now: s.settings.Clock()})
	if err != nil {
		return fmt.Errorf("seed the stack: %w", err)
	}
	return nil
}

// URL is where the API, the pages and the console answer, without a trailing slash.
func (s *Stack) URL() string { return "http://" + s.web.Addr().String() }

// AWSEndpoint is the URL that AWS clients use: the stack's own endpoint or the
// foreign one. It is empty for AWS itself.
func (s *Stack) AWSEndpoint() string {
	switch {
	case s.engines != nil:
		return s.engines.url
	case s.settings.Endpoint == AWSItself:
		return ""
	}
	return s.settings.Endpoint
}

// AWS is the configuration of clients that talk to the stack's services.
func (s *Stack) AWS() aws.Config { return s.aws }

// Model is the template as it runs.
func (s *Stack) Model() *template.Model { return s.model }

// Functions is the host of the functions.
func (s *Stack) Functions() *lambda.Host { return s.functions }

// UnderWay counts what was read from streams and received from queues and no function has dealt with. Time must not be let
// run meanwhile: a message that waits for its window would be handed out once more.
func (s *Stack) UnderWay() (n int) {
	for _, stream := range s.events.streams {
		n += int(stream.Status().Waiting)
	}
	for _, queue := range s.events.queues {
		n += queue.Status().Held
	}
	return n
}

// Sink holds the messages and mails that left the stack.
func (s *Stack) Sink() *sink.Sink { return s.sink }

// SMTP is the host:port of the mail sink.
func (s *Stack) SMTP() string { return s.smtp }

// Kill ends all processes of a function with SIGKILL and returns how many there
// were; new ones start when needed. The function is named by its logical id, its
// physical name, or the last part of its folder, such as "submit".
func (s *Stack) Kill(function string) int {
	for _, f := range s.model.Functions {
		if slices.Contains([]string{f.ID, f.Name, filepath.Base(f.Folder)}, function) {
			return s.functions.Kill(f.Name)
		}
	}
	return 0
}

// Wake makes queues look at the clock again, after a test stepped it.
func (s *Stack) Wake() {
	if s.engines != nil {
		s.engines.queues.Wake()
	}
	s.events.async.Wake()
}
