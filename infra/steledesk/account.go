package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"steledesk/shared/account"
	"steledesk/shared/audit"
	"steledesk/shared/ticket"
)

func accountCommand() command {
	return command{
		name: "account", what: "let people in to the desk, and shut them out",
		help: `
Everybody who works at the desk has an account of their own: what is done with it is kept under its login. Its
roles say what it may do, and every change here is in the desk's audit record.
  section     handles the tickets of the sections it names
  office      assigns what has no owner, settles send-backs, urges, publishes, edits the office data
  discipline  the only readers of 举报
  leader      oversees: sees every ticket but a 举报
  supervisor  政务公开监督员: feedback and meetings, no tickets
Five wrong passwords in a row lock a login for a quarter of an hour, each further one for longer; reset unlocks it.`,
		below: []command{accountAdd(), accountChange(), accountDisable(), accountReset(), accountList()},
	}
}

func accountAdd() command {
	return command{
		name: "add", args: "LOGIN", what: "make an account, and its first password",
		help: `
Makes the account and prints a first password, once. Hand it over in person: whoever signs in with it must choose
another before anything else. A login is 2 to 31 of a-z, 0-9 and -, the first a letter. It is never given to
another person later, since old tickets name it: disable it instead.`,
		examples: `
$ steledesk account add ticketing-1 --name 票务科值班 --role section --section ticketing
Made the account ticketing-1 (票务科值班): section of ticketing.
First password, to be changed at the first sign-in: k7f3-q2mk-x5wd-4hts

$ steledesk account add supervisor-1 --name 监督员甲 --role supervisor --term 2026-01-01..2027-12-31
$ steledesk account add office-1 --name 公开办 --role office
$ steledesk account add head-1 --name 园林环卫科科长 --role section,leader --section gardens,relics`,
		flags: accountAddFlags,
	}
}

func accountAddFlags(f *flag.FlagSet) action {
	name := f.String("name", "", "`NAME`: the post or name that colleagues see")
	term := termFlag(f)
	var roles, sections idList
	f.Var(&roles, "role", "`ROLES`: some of section, office, discipline, leader, supervisor, with commas")
	f.Var(&sections, "section", "`IDS`: whose tickets the role section handles, with commas")
	return func(ctx context.Context, e *env, s settings, args []string) error {
		if err := arguments(args, "LOGIN"); err != nil {
			return err
		}
		a := account.Account{Login: args[0], Name: *name, Sections: sections, Term: *term, MustChange: true}
		for _, role := range roles {
			a.Roles = append(a.Roles, ticket.Role(role))
		}
		if err := a.Check(func(string) bool { return true }); err != nil { // what is wrong whatever the office has
			return usage("%v", err)
		}
		st, err := e.open(ctx, s)
		if err != nil {
			return err
		}
		return e.addAccount(ctx, st, a)
	}
}

// idList is a flag's words with commas between them; a flag that is given again adds to them.
type idList []string

func (l *idList) String() string { return strings.Join(*l, ",") }

// Get implements flag.Getter, which the help asks what kind of flag it has.
func (l *idList) Get() any { return []string(*l) }

func (l *idList) Set(text string) error {
	*l = append(*l, strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' })...)
	return nil
}

func (e *env) addAccount(ctx context.Context, st *stack, a account.Account) error {
	o, _, err := st.table.Office(ctx)
	if err != nil {
		return err
	}
	if err := a.Check(func(id string) bool { _, known := o.Section(id); return known }); err != nil {
		return fmt.Errorf("%w; steledesk office show lists the sections", err)
	}
	password := account.NewPassword()
	err = account.Service{Store: st.table}.Add(ctx, a, password, e.now())
	if errors.Is(err, account.ErrExists) {
		return fmt.Errorf("there is an account %s already, and it was left as it is; steledesk account list shows it", a.Login)
	}
	if err != nil {
		return fmt.Errorf("make account: %w", err)
	}
	fmt.Fprintf(e.out, "Made the account %s (%s): %s.\nFirst password, to be changed at the first sign-in: %s\n", a.Login, a.Name, powers(a), password)
	return e.recordAccount(ctx, st, audit.AccountAdded, a.Login+": "+powers(a))
}

// powers says what an account may do: "section of ticketing, leader".
func powers(a account.Account) string {
	var words []string
	for _, r := range a.Roles {
		word := string(r)
		if r == ticket.SectionStaff {
			word += " of " + strings.Join(a.Sections, " and ")
		}
		words = append(words, word)
	}
	if !a.Term.IsZero() {
		return strings.Join(words, ", ") + " for " + a.Term.String()
	}
	return strings.Join(words, ", ")
}

// recordAccount keeps what was done to an account with what staff do.
func (e *env) recordAccount(ctx context.Context, st *stack, what audit.What, detail string) error {
	err := st.table.Record(ctx, audit.Entry{At: ticket.Instant(e.now()), Who: "operator:" + e.user, What: what, Detail: detail})
	if err != nil {
		return fmt.Errorf("it is done, but the audit record does not have it: %w", err)
	}
	return nil
}

func accountList() command {
	return command{
		name: "list", what: "list the accounts",
		help: `
Lists every account by its login: its name, what it may do, and whether it can sign in. Nothing of its password is
shown.`,
		examples: `
$ steledesk account list
discipline-1  纪检监察室  discipline            active
office-1      公开办      office                active
ticketing-1   票务科值班  section of ticketing  first password not changed yet
ticketing-0   票务科      section of ticketing  disabled
$ steledesk account list --json | jq -r '.[] | select(.disabled) | .login'`,
		flags: func(f *flag.FlagSet) action {
			asJSON := f.Bool("json", false, "as JSON")
			return func(ctx context.Context, e *env, s settings, args []string) error {
				if err := arguments(args); err != nil {
					return err
				}
				st, err := e.open(ctx, s)
				if err != nil {
					return err
				}
				all, err := st.table.Accounts(ctx)
				if err != nil {
					return err
				}
				if *asJSON {
					return writeAccounts(e.out, all)
				}
				printAccounts(e.out, all, e.now())
				return nil
			}
		},
	}
}

func printAccounts(w io.Writer, all []account.Account, now time.Time) {
	if len(all) == 0 {
		fmt.Fprintln(w, "There is no account yet: steledesk account add --help")
		return
	}
	t := table{}
	for _, a := range all {
		t.row(a.Login, printable(a.Name), powers(a), standing(a, now))
	}
	t.print(w, "")
}

func standing(a account.Account, now time.Time) string {
	switch {
	case a.Disabled:
		return "disabled"
	case a.MustChange && a.Epoch == 1:
		return "first password not changed yet"
	case a.MustChange:
		return "reset password not changed yet"
	case a.Term.At(now) == account.AfterTerm:
		return "the term is over"
	case a.Term.EndsSoon(now):
		return "the term ends soon"
	}
	return "active"
}

// writeAccounts leaves out what only signing in needs.
func writeAccounts(w io.Writer, all []account.Account) error {
	type line struct {
		Login      string        `json:"login"`
		Name       string        `json:"name"`
		Roles      []ticket.Role `json:"roles"`
		Sections   []string      `json:"sections"`
		Term       *account.Term `json:"term"`
		Disabled   bool          `json:"disabled"`
		MustChange bool          `json:"mustChange"`
	}
	lines := make([]line, len(all))
	for i, a := range all {
		lines[i] = line{a.Login, a.Name, a.Roles, slices.Concat([]string{}, a.Sections), nil, a.Disabled, a.MustChange}
		if !a.Term.IsZero() {
			lines[i].Term = &a.Term
		}
	}
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(lines)
}
