package main

import (
	"context"
	"flag"
	"fmt"

	"steledesk/shared/account"
	"steledesk/shared/audit"
)

// term is a flag that reads a term of office.
type term struct{ account.Term }

// Get implements flag.Getter, which the help asks what kind of flag it has.
func (t *term) Get() any { return t.Term }

func (t *term) String() string {
	if t.IsZero() {
		return ""
	}
	return t.Term.String()
}

func (t *term) Set(text string) (err error) {
	t.Term, err = account.ParseTerm(text)
	return err
}

func termFlag(f *flag.FlagSet) *account.Term {
	t := &term{}
	f.Var(t, "term", "`DAYS`: a supervisor's first and last day of office, such as 2026-01-01..2027-12-31")
	return &t.Term
}

func accountChange() command {
	return command{
		name: "change", args: "LOGIN", what: "give a supervisor another term of office",
		help: `
A supervisor's account works on the days of the term, both included, by the day in China; before and after, it signs in
and is told so, and nothing else. Who is signed in stays so. What was filed is kept, and handled to its end.`,
		examples: `
$ steledesk account change supervisor-1 --term 2026-01-01..2027-12-31
Changed supervisor-1: supervisor for 2026-01-01..2027-12-31.`,
		flags: func(f *flag.FlagSet) action {
			term := termFlag(f)
			return func(ctx context.Context, e *env, s settings, args []string) error {
				if err := arguments(args, "LOGIN"); err != nil {
					return err
				}
				if term.IsZero() {
					return usage("say what to change: --term 2026-01-01..2027-12-31")
				}
				st, err := e.open(ctx, s)
				if err != nil {
					return err
				}
				if err := (account.Service{Store: st.table}).SetTerm(ctx, args[0], *term); err != nil {
					return accountError(err, args[0])
				}
				fmt.Fprintf(e.out, "Changed %s: supervisor for %s.\n", args[0], term)
				return e.recordAccount(ctx, st, audit.AccountChanged, args[0]+": supervisor for "+term.String())
			}
		},
	}
}
