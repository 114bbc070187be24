package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// explain prints a command's help: how to write it, what it does and when, its flags, examples.
func (c command) explain(w io.Writer, path string, f *flag.FlagSet) {
	fmt.Fprintf(w, "%s: %s\n\nUsage:\n  %s\n\n%s\n", path, c.what, c.usage(path, f), strings.TrimSpace(c.help))
	if len(c.below) > 0 {
		fmt.Fprintf(w, "\nCommands:\n")
		t := table{}
		for _, b := range c.below {
			t.row(strings.TrimSpace(b.name+" "+b.args), b.what)
		}
		t.print(w, "  ")
		fmt.Fprintf(w, "\n%s COMMAND --help tells more of each.\n", path)
	}
	own, common := flagTables(f)
	if len(own) > 0 {
		fmt.Fprintf(w, "\nFlags:\n")
		own.print(w, "  ")
	}
	if !c.offline {
		fmt.Fprintf(w, "\nFlags of every command:\n")
		common.print(w, "  ")
	}
	if c.examples != "" {
		fmt.Fprintf(w, "\nExamples:\n%s\n", indent(strings.Trim(c.examples, "\n"), "  "))
	}
}

func (c command) usage(path string, f *flag.FlagSet) string {
	if len(c.below) > 0 {
		return path + " COMMAND"
	}
	words := []string{path}
	if c.args != "" {
		words = append(words, c.args)
	}
	if own, _ := flagTables(f); len(own) > 0 {
		words = append(words, "[flags]")
	}
	return strings.Join(words, " ")
}

// flagTables lists a command's own flags and those of every command.
func flagTables(f *flag.FlagSet) (own, common table) {
	shared := flag.NewFlagSet("", flag.ContinueOnError)
	new(settings).declare(shared)
	f.VisitAll(func(one *flag.Flag) {
		value, text := flag.UnquoteUsage(one)
		text = strings.TrimPrefix(text, value+": ")
		name := strings.TrimSpace("--" + one.Name + " " + value)
		if _, number := one.Value.(flag.Getter).Get().(int); number {
			name = "--" + one.Name + " N"
		}
		if !slices.Contains([]string{"", "false", "0", "-1"}, one.DefValue) {
			text += fmt.Sprintf(" (%s)", one.DefValue)
		}
		if shared.Lookup(one.Name) != nil {
			common.row(name, text)
		} else {
			own.row(name, text)
		}
	})
	return own, common
}

func indent(text, by string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = by + line
		}
	}
	return strings.Join(lines, "\n")
}
