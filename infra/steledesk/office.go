package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"steledesk/shared/dynamo"
	"steledesk/shared/office"
)

func officeCommand() command {
	return command{
		name: "office", what: "check, show and replace the office file: sections, categories, deadlines, channels",
		help: `
The office file (办公室设置) says who handles what, how fast, and where each section is told. It is one YAML
file. The stack keeps every version that was ever in force; the one in force decides where a new ticket goes.
The usual way: steledesk office default > office.yaml, edit, office check, office apply.`,
		below: []command{officeCheck(), officeApply(), officeShow(), officeHistory(), officeDefault()},
	}
}

func officeCheck() command {
	return command{
		name: "check", args: "FILE", what: "say what is wrong with an office file, or what it says", offline: true,
		help: `
Reads the file and lists every problem by its line, or, when there is none, what the file says, so that a
person can see whether that is what was meant. It needs no stack and changes nothing. Use it before apply.
With --template it also warns of sections that the template's parameter SectionIds does not name: they would
have no queue of their own.`,
		examples: `
$ steledesk office check office.yaml
office.yaml:31:5: sections[3].dutty: unknown field; did you mean "duty"?
office.yaml:112:9: categories[4].sub[1].section: there is no section "relic"; did you mean "relics"?
office.yaml: 2 problems; nothing was changed

$ steledesk office check --template template.yaml office.yaml
...
warning: section cafe 茶室 is not in the template's SectionIds: its tickets would go to the office's queue`,
		flags: func(f *flag.FlagSet) action {
			template := f.String("template", "", "`FILE`: the deployment's template, to compare the sections with")
			return func(_ context.Context, e *env, _ settings, args []string) error {
				if err := arguments(args, "FILE"); err != nil {
					return err
				}
				return e.checkOffice(args[0], *template)
			}
		},
	}
}

func (e *env) checkOffice(path, template string) error {
	o, err := readOffice(path)
	var invalid *office.InvalidError
	if errors.As(err, &invalid) {
		fmt.Fprintln(e.out, invalid)
		fmt.Fprintf(e.err, "%s: %s; nothing was changed\n", path, count(len(invalid.Problems), "problem"))
		return errProblems
	}
	if err != nil {
		return err
	}
	describe(e.out, office.Masked(o), "of the file "+path)
	warnings, err := calendarWarnings(o, e.now())
	if err != nil {
		return err
	}
	if template != "" {
		missing, err := templateWarnings(o, template)
		if err != nil {
			return err
		}
		warnings = append(warnings, missing...)
	}
	warn(e.out, warnings)
	return nil
}

func readOffice(path string) (*office.Office, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read office file: %w", err)
	}
	return office.Parse(path, data)
}

func warn(w io.Writer, warnings []string) {
	for _, text := range warnings {
		fmt.Fprintln(w, "warning:", text)
	}
}

func officeShow() command {
	return command{
		name: "show", what: "show the office data in force, or an older version",
		help: `
Shows what is in force: in a few lines for a person, with --yaml as an office file to edit and apply again,
with --json for programs. Comments of the file that was applied are not kept. Addresses and secrets of
channels are keys to chat groups: they are shown as ******** unless --reveal is given. A file with ******** can
be applied: the address that is in force stays.`,
		examples: `
$ steledesk office show
office      浯溪碑林风景名胜区（陶铸故居）管理处 (Wuxi Stele Forest Scenic Area)
version     3
...
$ steledesk office show --yaml > office.yaml
$ steledesk office show --version 2 --json | jq .sections`,
		flags: officeShowFlags,
	}
}

func officeShowFlags(f *flag.FlagSet) action {
	version := f.Int("version", -1, "the version to show, instead of the one in force; 0 is the built-in data")
	yaml := f.Bool("yaml", false, "as an office file")
	json := f.Bool("json", false, "as JSON")
	reveal := f.Bool("reveal", false, "with the channels' addresses and secrets")
	return func(ctx context.Context, e *env, s settings, args []string) error {
		if err := arguments(args); err != nil {
			return err
		}
		if *yaml && *json {
			return usage("--yaml and --json exclude each other")
		}
		st, err := e.open(ctx, s)
		if err != nil {
			return err
		}
		o, v, err := st.office(ctx, *version)
		if err != nil {
			return err
		}
		if !*reveal {
			o = office.Masked(o)
		}
		switch {
		case *yaml:
			return writeYAML(e.out, o)
		case *json:
			return writeJSON(e.out, o)
		}
		describe(e.out, o, versionName(v))
		return nil
	}
}

func versionName(v int) string {
	if v == 0 {
		return "0, the built-in data; nothing was ever applied"
	}
	return fmt.Sprint(v)
}

// office reads a version of the office data, the one in force when version is negative, with the
// channels' addresses readable.
func (s *stack) office(ctx context.Context, version int) (*office.Office, int, error) {
	var o *office.Office
	var err error
	if version < 0 {
		o, version, err = s.table.Office(ctx)
	} else {
		o, err = s.table.OfficeAt(ctx, version)
	}
	if errors.Is(err, dynamo.ErrNoVersion) {
		return nil, 0, fmt.Errorf("version %d: %w; steledesk office history lists them", version, err)
	}
	if err != nil || len(o.Channels) == 0 {
		return o, version, err
	}
	keys, err := s.keys(ctx)
	if err != nil {
		return nil, 0, err
	}
	open := *o
	open.Channels, err = dynamo.OpenChannels(o, keys)
	return &open, version, err
}

func officeHistory() command {
	return command{
		name: "history", what: "list the versions of the office data",
		help: `
Lists every version that was ever in force, newest first, with who applied it and when. Nothing is deleted: to
go back, show the old version as YAML and apply it again.`,
		examples: `
$ steledesk office history
version  applied           by
2        2026-11-03 09:12  operator:admin  in force
1        2026-10-28 16:40  operator:admin
$ steledesk office show --version 1 --yaml > old.yaml && steledesk office apply old.yaml`,
		flags: officeHistoryFlags,
	}
}

func officeHistoryFlags(*flag.FlagSet) action {
	return func(ctx context.Context, e *env, s settings, args []string) error {
		if err := arguments(args); err != nil {
			return err
		}
		st, err := e.open(ctx, s)
		if err != nil {
			return err
		}
		all, err := st.table.OfficeHistory(ctx)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			fmt.Fprintln(e.out, "Nothing was ever applied: the built-in data is in force.")
			return nil
		}
		t := table{{"version", "applied", "by"}}
		for i, v := range all {
			t.row(fmt.Sprint(v.Version), clock(v.At, "-"), v.By, map[bool]string{true: "in force"}[i == 0])
		}
		t.print(e.out, "")
		return nil
	}
}

func officeDefault() command {
	return command{
		name: "default", what: "print the built-in office file, to begin an own one from", offline: true,
		help: `
Prints the office file that is in force on a stack that was never given one, with its comments, which say
how to write each part. It needs no stack.`,
		examples: `
$ steledesk office default > office.yaml`,
		flags: func(*flag.FlagSet) action {
			return func(_ context.Context, e *env, _ settings, args []string) error {
				if err := arguments(args); err != nil {
					return err
				}
				_, err := e.out.Write(office.DefaultFile())
				return err
			}
		},
	}
}
