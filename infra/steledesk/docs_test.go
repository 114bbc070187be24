package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

// handbooks are what operators copy command lines from.
var handbooks = []string{"RUNBOOK.md", "README.md", "infra/docs/restore.md"}

var (
	inline     = regexp.MustCompile("`(steledesk [^`]+)`")
	substitute = regexp.MustCompile(`\$\([^()]*\)`)
	separator  = regexp.MustCompile(`&&|;|\||>`)
	called     = regexp.MustCompile(`(?:^|\s)(?:go run \./infra/)?steledesk((?:\s+\S+)*)$`)
)

// docLine is a command line of a handbook; whole when it stands in a block, to be copied as it is.
type docLine struct {
	words []string
	whole bool
}

// docLines finds the command lines of a handbook.
func docLines(text string) []docLine {
	var all []docLine
	for i, part := range strings.Split(text, "```") {
		if i%2 == 1 {
			all = append(all, blockLines(part)...)
			continue
		}
		for _, found := range inline.FindAllStringSubmatch(strings.ReplaceAll(part, "\n", " "), -1) {
			all = append(all, docLine{words: strings.Fields(found[1])[1:]})
		}
	}
	return all
}

func blockLines(block string) []docLine {
	var all []docLine
	for line := range strings.Lines(strings.ReplaceAll(block, "\\\n", " ")) {
		if before, _, commented := strings.Cut(line, " #"); commented || strings.HasPrefix(line, "#") {
			line = before
		}
		for substitute.MatchString(line) {
			line = substitute.ReplaceAllString(line, "2026-10")
		}
		for _, one := range separator.Split(line, -1) {
			one = strings.TrimPrefix(strings.TrimSpace(one), "do ")
			if found := called.FindStringSubmatch(one); found != nil && (strings.HasPrefix(one, "steledesk") || strings.HasPrefix(one, "go run ")) {
				all = append(all, docLine{words: strings.Fields(found[1]), whole: true})
			}
		}
	}
	return all
}

// understood reports what the command does not understand of a line: a word, a flag, how many arguments.
func (c command) understood(l docLine) error {
	f := flag.NewFlagSet(c.name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	new(settings).declare(f)
	leaf := c.flags != nil
	if leaf {
		c.flags(f)
	}
	args, err := parse(f, l.words, !leaf)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", c.name, err)
	case leaf:
		return c.takes(args, l.whole)
	case len(args) == 0 || args[0] == "…":
		return nil
	}
	for _, b := range c.below {
		if b.name == args[0] {
			return b.understood(docLine{args[1:], l.whole})
		}
	}
	return fmt.Errorf("%s has no command %q", c.name, args[0])
}

// takes compares arguments with those that a command names.
func (c command) takes(args []string, whole bool) error {
	want := len(strings.Fields(c.args))
	if !strings.Contains(c.args, "...") && len(args) > want {
		return fmt.Errorf("%s takes %q, not %q", c.name, c.args, args)
	}
	if whole && len(args) < want && !strings.HasPrefix(c.args, "[") {
		return fmt.Errorf("%s wants %q", c.name, c.args)
	}
	return nil
}

// A flag that got another name must not be found at night: every command line that is written down is one that the command
// understands.
func TestHandbooksNameCommandsThatThereAre(t *testing.T) {
	for _, name := range handbooks {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		lines := docLines(string(text))
		if len(lines) < 8 {
			t.Errorf("%s: %d command lines were found: the test has lost its way", name, len(lines))
		}
		for _, l := range lines {
			if err := steledesk().understood(l); err != nil {
				t.Errorf("%s: steledesk %s: %v", name, strings.Join(l.words, " "), err)
			}
		}
	}
}

// What the test above is to find.
func TestHandbooksThatAreWrong(t *testing.T) {
	const text = "`steledesk replay --dry` and `steledesk offise show`\n```\n" +
		"for x in y; do steledesk export; done   # steledesk nonsense\n" +
		"steledesk verify --all && go run ./infra/steledesk --local digest --month $(date -d \"$(date)\") --prnt\n" +
		"steledesk canary one | jq\n```\n"
	want := []string{"flag provided but not defined: -dry", `no command "offise"`, `export wants "FOLDER"`, "", "not defined: -prnt", `canary takes ""`}
	lines := docLines(text)
	if len(lines) != len(want) {
		t.Fatalf("found %d: %v", len(lines), lines)
	}
	for i, l := range lines {
		err := steledesk().understood(l)
		if (err == nil) != (want[i] == "") || err != nil && !strings.Contains(err.Error(), want[i]) {
			t.Errorf("%v: got %v, want %q", l.words, err, want[i])
		}
	}
}

// The runbook's chapter on floods names a command that shows the limits: it once named one that says nothing of them.
func TestTheRunbookShowsTheLimits(t *testing.T) {
	text, err := os.ReadFile("../../RUNBOOK.md")
	if err != nil {
		t.Fatal(err)
	}
	_, chapter, _ := strings.Cut(string(text), "**A flood of filings.**")
	lines := docLines(chapter)
	if len(lines) == 0 {
		t.Fatal("there is no such chapter, or no command in it")
	}
	deploy(t).want(exitOK, lines[0].words, "limits:", "allFilings: 500")
}
