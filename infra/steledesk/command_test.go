package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go"
	"pgregory.net/rapid"

	"steledesk/shared/ticket"
)

// offline is an env that reaches no stack.
func offline() (*env, *bytes.Buffer, *bytes.Buffer) {
	var out, errs bytes.Buffer
	return &env{
		in: strings.NewReader(""), out: &out, err: &errs, user: "tester",
		now: func() time.Time { return monday }, getenv: func(string) string { return "" },
		aws: func(context.Context, string) (aws.Config, error) {
			return aws.Config{}, errors.New("a stack was opened")
		},
	}, &out, &errs
}

// words lists every command's words, the root's first.
func words(c command, before []string) [][]string {
	all := [][]string{before}
	for _, b := range c.below {
		all = append(all, words(b, append(before[:len(before):len(before)], b.name))...)
	}
	return all
}

// Every command explains itself, in the same words under --help, -h and help.
func TestHelp(t *testing.T) {
	var all strings.Builder
	for _, path := range words(steledesk(), nil) {
		e, out, errs := offline()
		if code := run(t.Context(), e, append(path, "--help")); code != exitOK || errs.Len() > 0 {
			t.Errorf("%v --help: exit code %d, %s", path, code, errs)
		}
		again, same, _ := offline()
		if run(t.Context(), again, append([]string{"help"}, path...)); same.String() != out.String() {
			t.Errorf("help %v differs from %v --help", path, path)
		}
		all.WriteString(out.String() + strings.Repeat("-", 100) + "\n")
	}
	golden(t, "help.txt", all.String())
	for _, number := range regexp.MustCompile(`(?i)WX-?[0-9A-Z]{8}\b`).FindAllString(all.String(), -1) {
		if _, err := ticket.ParseNumber(number); err != nil {
			t.Errorf("the help's number %s is none: copied from it, it would be refused", number)
		}
	}
}

func TestCommandLine(t *testing.T) {
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"", exitUsage, "steledesk: a command is missing\nHow to use it: steledesk --help"},
		{"offise", exitUsage, `there is no command "offise"; the commands are office, account, secret, ticket, verify, receipt, replay, canary, digest, annual, export, import, posters, demo, version`},
		{"office", exitUsage, "steledesk office: a command is missing"},
		{"office check", exitUsage, "steledesk office check: FILE is missing\nHow to use it: steledesk office check --help"},
		{"office check a b", exitUsage, `"b" is one argument too many`},
		{"office check /does/not/exist", exitProblem, "read office file: open /does/not/exist"},
		{"office check -- --odd", exitProblem, "open --odd"},
		{"office show --yaml --json", exitUsage, "--yaml and --json exclude each other"},
		{"office show --colour", exitUsage, "flag provided but not defined: -colour"},
		{"office apply x.yaml", exitUsage, "add --yes to apply, or --dry-run to look"},
		{"ticket show", exitUsage, "NUMBER is missing"},
		{"ticket show WX-00000001", exitUsage, `"WX-00000001" is no ticket number`},
		{"verify --month 2026-13", exitUsage, `--month "2026-13" is no month; write 2026-11`},
		{"verify --all --month 2026-11", exitUsage, "one of them"},
		{"verify --all WX-00000000", exitUsage, "one of them"},
		{"replay --max -1", exitUsage, "want 0 or more"},
		{"replay --settled x --dry-run", exitUsage, "--settled excludes"},
		{"replay --local", exitProblem, "a stack was opened"},
		{"--local replay", exitProblem, "a stack was opened"},
		{"version", exitOK, "office file version 1"},
		{"version --stack other", exitOK, "steledesk "},
	} {
		e, out, errs := offline()
		code := run(t.Context(), e, strings.Fields(tt.args))
		if code != tt.code || !strings.Contains(out.String()+errs.String(), tt.want) {
			t.Errorf("%q: exit code %d\n%s%s\nwant %d and %q", tt.args, code, out, errs, tt.code, tt.want)
		}
	}
}

// The local stack is reached as if its settings had been typed, whatever profile the shell has.
func TestLocal(t *testing.T) {
	t.Setenv("AWS_PROFILE", "nobody-has-this")
	t.Setenv("AWS_ENDPOINT_URL_SQS", "http://192.0.2.1")
	t.Setenv("AWS_ENDPOINT_URL", "")
	t.Setenv("AWS_REGION", "cn-north-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "real")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "real")
	e, _, _ := offline()
	e.aws = configure
	st, err := e.open(t.Context(), settings{stack: "steledesk", local: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := aws.ToString(st.config.BaseEndpoint); got != "http://127.0.0.1:4566" || st.config.Region != "us-east-1" {
		t.Errorf("got %s in %s", got, st.config.Region)
	}
	c, err := st.config.Credentials.Retrieve(t.Context())
	if err != nil || c.AccessKeyID != "local" || c.SecretAccessKey != "local" {
		t.Errorf("got key %s, %v", c.AccessKeyID, err)
	}
}

func TestNoCredentials(t *testing.T) {
	err := fmt.Errorf("read: %w", &smithy.OperationError{ServiceID: "DynamoDB", OperationName: "GetItem",
		Err: errors.New("get identity: get credentials: no EC2 IMDS role found")})
	if got := hint(err, settings{}); !strings.Contains(got, "set AWS_PROFILE or sign in") {
		t.Errorf("got %q", got)
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	d := deploy(t)
	for _, tt := range []struct{ args, want string }{
		{"--stack nowhere ticket show " + numberOf(1), `There is no table "nowhere"`},
		{"--stack nowhere replay", `The stack "nowhere" has no such queue`},
		{"ticket show " + numberOf(1), "there is no ticket " + numberOf(1) + " in stack " + d.name},
		{"replay --ticket " + numberOf(1), "there is no ticket " + numberOf(1)},
		{"office show --version 7", "version 7: there is no such version of the office data; steledesk office history lists them"},
	} {
		d.want(exitProblem, strings.Fields(tt.args), tt.want)
	}
	d.url = "http://127.0.0.1:1"
	d.want(exitProblem, []string{"office", "show"}, "Nothing answers at http://127.0.0.1:1", "make run")
}

func TestTableAlignsChinese(t *testing.T) {
	var b strings.Builder
	table{{"a", "票务科", "x"}, {"bb", "relics", "y"}, {"c", "", ""}}.print(&b, "  ")
	want := "  a   票务科  x\n  bb  relics  y\n  c\n"
	if b.String() != want {
		t.Errorf("got:\n%swant:\n%s", b.String(), want)
	}
}

// What strangers wrote must not clear the operator's screen or turn its lines around.
func TestPrintable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text") + rapid.SampledFrom([]string{"\x1b[2J", "\u202e", "\r", "\u009b", "好\n"}).Draw(t, "tail")
		got := printable(text)
		if strings.ContainsAny(got, "\x1b\u202e\u2066\r\u009b\a\b") {
			t.Fatalf("%q became %q", text, got)
		}
	})
	if got := printable("一\r\n二\x1b"); got != "一\n二�" {
		t.Errorf("got %q", got)
	}
}
