// Command local runs the whole of template.yaml on this machine. See --help.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"steledesk/infra/local/build"
	"steledesk/infra/local/demo"
	"steledesk/infra/local/stack"
	"steledesk/infra/local/template"
	"steledesk/shared/dynamo"
)

func main() {
	if len(os.Args) > 1 {
		os.Exit(explain(os.Args[1:]))
	}
	// The first signal stops the stack; the second, as ever, ends the process at once,
	// and its children with it.
	ctx, release := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, release)
	if err := run(ctx, os.Stdout); err != nil && ctx.Err() == nil {
		fmt.Fprintf(os.Stderr, "%v\n", err)
		os.Exit(1)
	}
}

// explain answers --help, and anything else with what is wrong about it.
func explain(args []string) int {
	if args[0] == "--help" || args[0] == "-h" || args[0] == "-help" {
		fmt.Print(help)
		return 0
	}
	fmt.Fprintf(os.Stderr, "argument %q is not understood\n\n%s", args[0], help)
	return 2
}

// run builds, starts, waits for ctx to end and stops again.
func run(ctx context.Context, out io.Writer) error {
	s, err := readSettings(os.LookupEnv, os.Environ(), time.Now())
	if err != nil {
		return err
	}
	const name = "template.yaml"
	if _, err := os.Stat(name); err != nil {
		return fmt.Errorf("find the project: %w; start this in the project's folder", err)
	}
	binaries := filepath.Join(s.data, "build")
	settings := s.stack(name, binaries)
	if err := settings.CheckAddresses(ctx); err != nil {
		return advise(err)
	}
	if err := buildFunctions(ctx, out, name, binaries, s.region); err != nil {
		return err
	}
	running, err := stack.Start(ctx, settings)
	if err != nil {
		return advise(err)
	}
	greet(out, running)
	if s.endpoint == "" {
		if err := greetStaff(ctx, out, running); err != nil {
			return errors.Join(err, running.Close())
		}
	}
	fmt.Fprintln(out, "Ctrl-C 停止 stops")
	<-ctx.Done()
	fmt.Fprintln(out, "\n正在停止 Stopping (Ctrl-C again: at once)")
	if err := running.Close(); err != nil {
		return err
	}
	fmt.Fprintln(out, "已停止，数据都在 Stopped; everything is kept in", s.data)
	return nil
}

func (s settings) stack(name, binaries string) stack.Settings {
	at := func(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
	return stack.Settings{
		Template: name, Binaries: binaries, Data: s.data,
		Modules: filepath.Join("infra", "local", "node_modules"),
		Region:  s.region, Address: at(s.port), AWSAddress: at(s.awsPort), SMTP: at(s.smtpPort),
		Endpoint: s.endpoint, Environment: s.awsEnvironment,
		Clock:     s.clock,
		BotLimits: true,
		Seed:      s.seed(),
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
}

// seed keeps accounts whose password everybody can read out of any table but the stack's own.
func (s settings) seed() func(context.Context, stack.Surroundings) error {
	if s.endpoint != "" {
		return demo.Office(s.office)
	}
	return demo.Seed(s.office)
}

// buildFunctions compiles what the template names and says so line by line.
func buildFunctions(ctx context.Context, out io.Writer, name, binaries, region string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	parsed, err := template.Parse(name, text)
	if err != nil {
		return err
	}
	model, err := parsed.Resolve(template.Settings{Stack: "steledesk", Region: region, Account: "000000000000"})
	if err != nil {
		return err
	}
	var folders []string
	for _, f := range model.Functions {
		folders = append(folders, f.Folder)
	}
	fmt.Fprintf(out, "编译 %d 个函数 Building %d functions\n", len(folders), len(folders))
	return build.Functions(ctx, ".", binaries, folders, func(b build.Built) {
		state := "未变 unchanged"
		if b.Changed {
			state = "完成 built"
		}
		fmt.Fprintf(out, "  %-24s %s (%.1f s)\n", b.Folder, state, b.Took.Seconds())
	})
}

// advise adds to a start's error what a person can do about it.
func advise(err error) error {
	setting := map[string]string{"Address": "STELEDESK_PORT", "AWSAddress": "STELEDESK_AWS_PORT", "SMTP": "STELEDESK_SMTP_PORT"}
	var taken *stack.AddressError
	if errors.As(err, &taken) && setting[taken.Setting] != "" {
		return fmt.Errorf("%w\nset %s to another port, or to 0 to let the system choose", err, setting[taken.Setting])
	}
	return err
}

// greet prints where everything is.
func greet(out io.Writer, s *stack.Stack) {
	fmt.Fprintf(out, "\n就绪 Ready\n")
	for _, line := range [][2]string{
		{"游客页面 Visitors' page", s.URL() + "/"},
		{"工作台 Desk", s.URL() + "/desk"},
		{"运行台 Console", s.URL() + "/local"},
		{"AWS 接口 AWS endpoint", s.AWSEndpoint()},
		{"邮件 Mail (SMTP)", s.SMTP()},
	} {
		fmt.Fprintf(out, "  %-28s %s\n", line[0], line[1])
	}
}

// greetStaff prints how to sign in at the desk.
func greetStaff(ctx context.Context, out io.Writer, s *stack.Stack) error {
	ctx = context.WithoutCancel(ctx) // a Ctrl-C at this moment stops the stack the usual way
	logins, err := demo.Logins(ctx, dynamo.Open(s.AWS(), *s.Model().Tables[0].Create.TableName))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "演示账号 Demonstration accounts, password %s\n  %s\n", demo.Password, strings.Join(logins, " "))
	return nil
}
