// Command steledesk is the operator's tool: the office file, accounts, the desk's keys, tickets and their
// chains, and what failed on its way to a section. It works on a deployed stack or on the local one.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"os/user"
	"syscall"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/mattn/go-isatty"

	"steledesk/shared/awsconfig"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, process(), os.Args[1:])
	stop()
	os.Exit(code)
}

// env is the world around a command.
type env struct {
	in       io.Reader
	out, err io.Writer
	terminal bool          // a person is at in and can be asked
	user     string        // who runs the command, for the records
	patience time.Duration // how long a queue is asked before it counts as empty
	now      func() time.Time
	getenv   func(string) string
	aws      func(ctx context.Context, local string) (aws.Config, error) // local: the local stack's address, or empty
}

func process() *env {
	return &env{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, terminal: isatty.IsTerminal(os.Stdin.Fd()),
		user: userName(), patience: 2 * time.Second, now: time.Now, getenv: os.Getenv, aws: configure,
	}
}

func userName() string {
	u, err := user.Current()
	if err != nil {
		return "unknown"
	}
	return u.Username
}

// configure loads the usual AWS settings, or those of the local stack as if they had been typed.
func configure(ctx context.Context, local string) (aws.Config, error) {
	if local != "" {
		for _, name := range []string{"AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_CA_BUNDLE", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
			"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_DYNAMODB_STREAMS", "AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_SSM"} {
			os.Unsetenv(name)
		}
		os.Setenv("AWS_ENDPOINT_URL", local)
		os.Setenv("AWS_REGION", "us-east-1")
		os.Setenv("AWS_ACCESS_KEY_ID", "local")
		os.Setenv("AWS_SECRET_ACCESS_KEY", "local")
	}
	return awsconfig.Load(ctx)
}
