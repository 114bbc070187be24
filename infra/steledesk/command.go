package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// The exit codes.
const (
	exitOK      = 0
	exitProblem = 1 // problems were found, or something failed
	exitUsage   = 2
)

// A command is a word of the command line: it has words below it, or it does something.
type command struct {
	name     string
	args     string // such as FILE
	what     string // one line, for lists
	help     string // what it does and when to use it
	examples string // commands with what they print
	offline  bool   // needs no stack
	below    []command
	flags    func(*flag.FlagSet) action
}

// An action does a command's work, after its flags were read.
type action func(ctx context.Context, e *env, s settings, args []string) error

// settings are the flags that every command takes.
type settings struct {
	stack, secret string
	local         bool
}

func (s *settings) declare(f *flag.FlagSet) {
	f.StringVar(&s.stack, "stack", s.stack, "`NAME`: the stack; its table has the same name, its queues begin with it")
	f.StringVar(&s.secret, "secret", s.secret, "`NAME`: the SSM parameter that holds the desk's keys")
	f.BoolVar(&s.local, "local", s.local, "work on the local stack: its address, region us-east-1, credentials local/local")
}

// errProblems ends a command that has already said what is wrong.
var errProblems = errors.New("problems were found")

// usageError is a command line that cannot be carried out.
type usageError struct{ wrong string }

func (u *usageError) Error() string { return u.wrong }

func usage(format string, args ...any) error { return &usageError{fmt.Sprintf(format, args...)} }

// run carries out a command line and gives the exit code.
func run(ctx context.Context, e *env, args []string) int {
	s := settings{stack: cmp.Or(e.getenv("STELEDESK_STACK"), "steledesk"), secret: "/steledesk/secret"}
	if len(args) > 0 && args[0] == "help" {
		args = append(slices.Clone(args[1:]), "--help")
	}
	root := steledesk()
	path, err := root.run(ctx, e, &s, root.name, args)
	var wrong *usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errProblems):
		return exitProblem
	case errors.As(err, &wrong):
		fmt.Fprintf(e.err, "%s: %s\nHow to use it: %s --help\n", path, wrong.wrong, path)
		return exitUsage
	case ctx.Err() != nil:
		fmt.Fprintf(e.err, "%s: stopped; it is safe to run it again\n", path)
		return exitProblem
	}
	fmt.Fprintf(e.err, "%s: %v\n", path, err)
	if hint := hint(err, s); hint != "" {
		fmt.Fprintln(e.err, hint)
	}
	return exitProblem
}

// run finds the command that args name, below c, and carries it out. path is the words so far; the
// path it gives back is that of the command it came to.
func (c command) run(ctx context.Context, e *env, s *settings, path string, args []string) (string, error) {
	f := flag.NewFlagSet(path, flag.ContinueOnError)
	f.SetOutput(io.Discard) // its errors are told with the rest
	s.declare(f)
	var do action
	if c.flags != nil {
		do = c.flags(f)
	}
	args, err := parse(f, args, do == nil)
	switch {
	case errors.Is(err, flag.ErrHelp):
		c.explain(e.out, path, f)
		return path, nil
	case err != nil:
		return path, usage("%v", err)
	case do != nil:
		return path, do(ctx, e, *s, args)
	case len(args) == 0:
		c.explain(e.err, path, f)
		return path, usage("a command is missing")
	}
	for _, b := range c.below {
		if b.name == args[0] {
			return b.run(ctx, e, s, path+" "+b.name, args[1:])
		}
	}
	return path, usage("there is no command %q; the commands are %s", args[0], strings.Join(c.names(), ", "))
}

func (c command) names() []string {
	names := make([]string, len(c.below))
	for i, b := range c.below {
		names[i] = b.name
	}
	return names
}

// parse reads flags, which may stand before and after the other arguments, up to --. With first it
// stops at the first argument that is no flag: what follows belongs to the command of that name.
func parse(f *flag.FlagSet, args []string, first bool) ([]string, error) {
	var rest []string
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		left := f.Args()
		read := len(args) - len(left)
		if first || len(left) == 0 || read > 0 && args[read-1] == "--" {
			return append(rest, left...), nil
		}
		rest, args = append(rest, left[0]), left[1:]
	}
}

// arguments checks that a command was given exactly the arguments it names.
func arguments(args []string, names ...string) error {
	if len(args) < len(names) {
		return usage("%s is missing", names[len(args)])
	}
	if len(args) > len(names) {
		return usage("%q is one argument too many", args[len(names)])
	}
	return nil
}
