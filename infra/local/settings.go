package main

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"steledesk/infra/local/stack"
	"steledesk/shared/office"
)

const help = `Runs template.yaml on this machine: the functions' real binaries, and engines for
the services they use. Start it in the project's folder; stop it with Ctrl-C.

Settings, from the environment:
  STELEDESK_PORT          port of the pages and the API (8080)
  STELEDESK_AWS_PORT      port of the AWS endpoint, for aws --endpoint-url (4566)
  STELEDESK_SMTP_PORT     port of the mail sink (2525)
  STELEDESK_DATA          folder of everything that lasts (.local)
  STELEDESK_OFFICE        an office file to start with instead of the built-in one
  STELEDESK_CLOCK         RFC 3339 instant to start the clock from, such as
                          2026-05-01T09:00:00+08:00
  STELEDESK_AWS_ENDPOINT  use this AWS-compatible endpoint, or AWS itself ("aws"), instead
                          of own engines; credentials come from the usual AWS settings
  AWS_REGION              region of the stack (us-east-1); cn-* gives partition aws-cn
A port of 0 lets the system choose.
`

// settings are what the environment says, checked.
type settings struct {
	port, awsPort, smtpPort int
	data                    string
	office                  *office.Office
	endpoint                string
	region                  string
	clock                   func() time.Time
	awsEnvironment          []string // what functions need to reach a foreign endpoint
}

// readSettings reads every setting and tells of all that are wrong at once. lookup
// is os.LookupEnv; environ lists the whole environment.
func readSettings(lookup func(string) (string, bool), environ []string, start time.Time) (settings, error) {
	r := reader{lookup: lookup}
	s := settings{
		port:           r.port("STELEDESK_PORT", 8080),
		awsPort:        r.port("STELEDESK_AWS_PORT", 4566),
		smtpPort:       r.port("STELEDESK_SMTP_PORT", 2525),
		data:           r.text("STELEDESK_DATA", ".local"),
		office:         r.officeFile("STELEDESK_OFFICE"),
		endpoint:       r.endpoint("STELEDESK_AWS_ENDPOINT"),
		region:         r.text("AWS_REGION", "us-east-1"),
		clock:          r.clock("STELEDESK_CLOCK", start),
		awsEnvironment: awsEnvironment(environ),
	}
	return s, errors.Join(r.problems...)
}

type reader struct {
	lookup   func(string) (string, bool)
	problems []error
}

func (r *reader) refuse(name, value, want string) {
	r.problems = append(r.problems, fmt.Errorf("%s is %q; want %s", name, value, want))
}

func (r *reader) text(name, fallback string) string {
	if value, _ := r.lookup(name); value != "" {
		return value
	}
	return fallback
}

func (r *reader) port(name string, fallback int) int {
	value := r.text(name, strconv.Itoa(fallback))
	port, err := strconv.Atoi(value)
	if err != nil || port < 0 || port > 65535 {
		r.refuse(name, value, "a port from 0 to 65535")
	}
	return port
}

func (r *reader) endpoint(name string) string {
	value := r.text(name, "")
	u, err := url.Parse(value)
	if value != "" && value != stack.AWSItself && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		r.refuse(name, value, `a URL such as http://127.0.0.1:4566, or "aws"`)
	}
	return strings.TrimSuffix(value, "/")
}

// clock runs from the given instant on; start is when it begins.
func (r *reader) clock(name string, start time.Time) func() time.Time {
	value := r.text(name, "")
	if value == "" {
		return time.Now
	}
	from, err := time.Parse(time.RFC3339, value)
	if err != nil {
		r.refuse(name, value, "an RFC 3339 instant such as 2026-05-01T09:00:00+08:00")
	}
	return func() time.Time { return from.Add(time.Since(start)) }
}

// officeFile reads the office file a person names; nil means the built-in one.
func (r *reader) officeFile(name string) *office.Office {
	file := r.text(name, "")
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		r.problems = append(r.problems, fmt.Errorf("%s: %w", name, err))
		return nil
	}
	o, err := office.Parse(file, text)
	if err != nil {
		r.problems = append(r.problems, fmt.Errorf("%s: %w", name, err))
	}
	return o
}

// awsEnvironment picks the settings that lead the SDK to its credentials.
func awsEnvironment(environ []string) []string {
	var picked []string
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "AWS_") && !strings.HasPrefix(name, "AWS_LAMBDA_") || name == "HOME" {
			picked = append(picked, entry)
		}
	}
	return picked
}
