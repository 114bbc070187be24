package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"steledesk/infra/local/template"
	"steledesk/shared/dynamo"
	"steledesk/shared/office"
	"steledesk/shared/seal"
)

func officeApply() command {
	return command{
		name: "apply", args: "FILE", what: "put an office file in force",
		help: `
Checks the file, shows how it differs from what is in force, warns of what would surprise (a section without a
queue, one that goes while it has open tickets, missing holidays), asks, and puts it in force as a new version.
Running functions read it within a minute; tickets keep the deadlines they have. When somebody else applied
another file in the meantime, nothing is changed. Addresses and secrets of channels are stored encrypted.`,
		examples: `
$ steledesk office apply office.yaml
sections
  + cafe: {duty: {zh: 茶水}, name: {zh: 茶室}}
levels
  ~ complaint.answer: 5wd -> 7wd
warning: section cafe 茶室 has no queue (steledesk-section-cafe): ...
Put this in force as version 4? [y/N] y
Version 4 is in force; running functions read it within a minute.

$ steledesk office apply office.yaml --dry-run     # only look
$ steledesk office apply office.yaml --yes         # in a script`,
		flags: officeApplyFlags,
	}
}

func officeApplyFlags(f *flag.FlagSet) action {
	yes := f.Bool("yes", false, "do not ask")
	dry := f.Bool("dry-run", false, "show what would change, and change nothing")
	by := f.String("by", "", "`NAME`: who applies it, kept with the version; else operator: and your login")
	return func(ctx context.Context, e *env, s settings, args []string) error {
		if err := arguments(args, "FILE"); err != nil {
			return err
		}
		if !*yes && !*dry && !e.terminal {
			return usage("nobody can be asked, since this is no terminal: add --yes to apply, or --dry-run to look")
		}
		st, err := e.open(ctx, s)
		if err != nil {
			return err
		}
		if *by == "" {
			*by = "operator:" + e.user
		}
		return e.applyOffice(ctx, st, args[0], asking{yes: *yes, dry: *dry, by: *by})
	}
}

// asking is how an office file is applied.
type asking struct {
	yes, dry bool
	by       string
}

func (e *env) applyOffice(ctx context.Context, st *stack, path string, how asking) error {
	file, err := readOffice(path)
	var invalid *office.InvalidError
	if errors.As(err, &invalid) {
		fmt.Fprintln(e.err, invalid)
		fmt.Fprintf(e.err, "%s: %s; nothing was changed\n", path, count(len(invalid.Problems), "problem"))
		return errProblems
	}
	if err != nil {
		return err
	}
	inForce, version, err := st.office(ctx, -1)
	if err != nil {
		return err
	}
	next, err := office.Unmasked(file, inForce)
	if err != nil {
		return err
	}
	keys, err := st.keysFor(ctx, inForce, next)
	if err != nil {
		return err
	}
	changes, err := office.Differences(office.Fingerprinted(inForce, keys.Fingerprint), office.Fingerprinted(next, keys.Fingerprint))
	if err != nil {
		return err
	}
	if len(changes) == 0 {
		fmt.Fprintf(e.out, "Nothing would change: version %s is in force.\n", versionName(version))
		return nil
	}
	printChanges(e.out, changes)
	if err := e.warnOfOffice(ctx, st, inForce, next); err != nil {
		return err
	}
	if how.dry {
		fmt.Fprintln(e.out, "Nothing was changed (--dry-run).")
		return nil
	}
	if !how.yes && !e.confirm(fmt.Sprintf("Put this in force as version %d?", version+1)) {
		fmt.Fprintln(e.out, "Nothing was changed.")
		return errProblems
	}
	return e.putOffice(ctx, st, next, version, how.by, keys)
}

func (e *env) putOffice(ctx context.Context, st *stack, next *office.Office, before int, by string, keys dynamo.Sealer) error {
	version, err := st.table.PutOffice(ctx, next, before, by, e.now(), keys)
	if errors.Is(err, dynamo.ErrStale) {
		return errors.New("somebody else applied another file just now; nothing was changed. " +
			"See steledesk office history, and run this again to compare with theirs")
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Version %d is in force; running functions read it within a minute.\n", version)
	return nil
}

// confirm asks a person; anything but yes is no.
func (e *env) confirm(question string) bool {
	fmt.Fprintf(e.out, "%s [y/N] ", question)
	answer, err := bufio.NewReader(e.in).ReadString('\n')
	if err != nil {
		fmt.Fprintln(e.out)
	}
	return slices.Contains([]string{"y", "yes", "是"}, strings.ToLower(strings.TrimSpace(answer)))
}

// keysFor reads the desk's keys when there is an address to seal or to compare, so that an office
// without channels can be applied before the keys are made.
func (s *stack) keysFor(ctx context.Context, offices ...*office.Office) (*seal.Keys, error) {
	for _, o := range offices {
		if len(o.Channels) > 0 {
			return s.keys(ctx)
		}
	}
	return nil, nil
}

// warnOfOffice says what the change would do that its writer may not have meant.
func (e *env) warnOfOffice(ctx context.Context, st *stack, inForce, next *office.Office) error {
	warnings, err := calendarWarnings(next, e.now())
	if err != nil {
		return err
	}
	queues, err := st.queueWarnings(ctx, next)
	if err != nil {
		return err
	}
	gone, err := st.goneWarnings(ctx, inForce, next)
	if err != nil {
		return err
	}
	warn(e.out, slices.Concat(warnings, queues, gone))
	return nil
}

func (s *stack) queueWarnings(ctx context.Context, o *office.Office) ([]string, error) {
	var missing []office.Section
	for _, section := range o.Sections {
		_, err := s.queueURL(ctx, s.queueOf(section.ID))
		if noQueue(err) {
			missing = append(missing, section)
		} else if err != nil {
			return nil, err
		}
	}
	var out []string
	for _, section := range missing {
		out = append(out, fmt.Sprintf("section %s has no queue (%s): until it has one, the office's queue serves it",
			named(section.ID, section.Name.ZH), s.queueOf(section.ID)))
	}
	if len(missing) > 0 {
		out = append(out, fmt.Sprintf("to add missing queues: sam deploy --stack-name %s --parameter-overrides \"SectionIds=%s\"",
			s.name, strings.Join(sectionIDs(o), ",")))
	}
	return out, nil
}

// goneWarnings says which sections go while they have open tickets.
func (s *stack) goneWarnings(ctx context.Context, inForce, next *office.Office) ([]string, error) {
	var out []string
	for _, section := range inForce.Sections {
		if _, stays := next.Section(section.ID); stays {
			continue
		}
		open, err := s.table.OpenTickets(ctx, section.ID)
		if err != nil {
			return nil, err
		}
		if open > 0 {
			out = append(out, fmt.Sprintf("section %s goes and still has %s, which stay with it until the office transfers them",
				named(section.ID, section.Name.ZH), count(open, "open ticket")))
		}
	}
	return out, nil
}

func sectionIDs(o *office.Office) []string {
	ids := make([]string, len(o.Sections))
	for i, s := range o.Sections {
		ids[i] = s.ID
	}
	return ids
}

// templateWarnings names the sections of an office file that the template gives no queue.
func templateWarnings(o *office.Office, path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	parsed, err := template.Parse(path, text)
	if err != nil {
		return nil, err
	}
	model, err := parsed.Resolve(template.Settings{Stack: "steledesk", Region: "us-east-1", Account: "000000000000"})
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(model.Parameters, func(p template.Parameter) bool { return p.Name == "SectionIds" })
	if at < 0 {
		return nil, fmt.Errorf("%s has no parameter SectionIds", path)
	}
	queues := strings.Split(model.Parameters[at].Value, ",")
	var out []string
	for _, section := range o.Sections {
		if !slices.Contains(queues, section.ID) {
			out = append(out, fmt.Sprintf("section %s is not in the template's SectionIds: its tickets would go to the office's queue",
				named(section.ID, section.Name.ZH)))
		}
	}
	return out, nil
}
