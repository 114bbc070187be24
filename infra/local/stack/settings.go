package stack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"steledesk/infra/local/awsendpoint"
	"steledesk/infra/local/template"
)

// Settings of a stack. Template, Binaries and Data are required; the zero value of
// another field means its default.
type Settings struct {
	Template string // path of the template
	Binaries string // folder with one <function's folder name>/bootstrap each
	Data     string // folder of everything that lasts; made if missing
	Modules  string // node_modules folder that may hold the DynamoDB engine; empty: none

	Name    string // of the stack; steledesk
	Region  string // us-east-1
	Account string // 000000000000; against a foreign endpoint, the caller's account

	Address    string // of the API and the pages; 127.0.0.1:0, which lets the system choose
	AWSAddress string // of the AWS endpoint; 127.0.0.1:0
	SMTP       string // of the mail sink; 127.0.0.1:0

	// Endpoint is an AWS-compatible endpoint to use instead of own engines, or
	// AWSItself. What is missing there is created; nothing is deleted.
	Endpoint string
	// Environment are the AWS settings ("NAME=value") that functions get when
	// Endpoint is set; with own engines they get the engines' and no others.
	Environment []string

	Parameters map[string]string      // of the template, before those the stack sets itself
	Clock      func() time.Time       // time.Now
	Logger     *slog.Logger           // discards
	BotLimits  bool                   // the sink's bots refuse what comes faster than the products allow
	Middleware awsendpoint.Middleware // around every call to the AWS endpoint; none

	// Seed is called at each start, when tables, queues and buckets are there and
	// before any function runs; it must leave alone what it finds.
	Seed func(context.Context, Surroundings) error
}

// AWSItself as Endpoint means AWS, at the endpoints the SDK knows.
const AWSItself = "aws"

// Surroundings is what a stack's seed needs to know of it.
type Surroundings struct {
	AWS        aws.Config
	Model      *template.Model
	Parameters map[string]string // the template's, with the values in force
	URL        string            // of the API and the pages
	SMTP       string            // host:port of the mail sink
	Now        time.Time
}

func (s Settings) withDefaults() Settings {
	for _, d := range []struct {
		field *string
		value string
	}{
		{&s.Name, "steledesk"}, {&s.Region, "us-east-1"}, {&s.Address, "127.0.0.1:0"},
		{&s.AWSAddress, "127.0.0.1:0"}, {&s.SMTP, "127.0.0.1:0"},
	} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
	if s.Clock == nil {
		s.Clock = time.Now
	}
	if s.Logger == nil {
		s.Logger = slog.New(slog.DiscardHandler)
	}
	return s
}

// check tells of every missing setting at once.
func (s Settings) check() error {
	var problems []error
	for _, required := range []struct{ name, value string }{
		{"Template", s.Template}, {"Binaries", s.Binaries}, {"Data", s.Data},
	} {
		if required.value == "" {
			problems = append(problems, fmt.Errorf("setting %s is missing", required.name))
		}
	}
	if s.Endpoint != "" && s.Endpoint != AWSItself && !strings.HasPrefix(s.Endpoint, "http://") && !strings.HasPrefix(s.Endpoint, "https://") {
		problems = append(problems, fmt.Errorf("endpoint %q is neither a URL nor %q", s.Endpoint, AWSItself))
	}
	return errors.Join(problems...)
}

// own tells whether the stack runs its own engines.
func (s Settings) own() bool { return s.Endpoint == "" }

// AddressError says that a port could not be opened.
type AddressError struct {
	Setting string // Address, AWSAddress or SMTP
	Address string
	Err     error
}

func (e *AddressError) Error() string {
	return fmt.Sprintf("open %s %s: %v", e.Setting, e.Address, e.Err)
}

// Unwrap gives the system's own error.
func (e *AddressError) Unwrap() error { return e.Err }
