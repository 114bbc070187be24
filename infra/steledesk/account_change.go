package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"steledesk/shared/account"
	"steledesk/shared/audit"
)

func accountDisable() command {
	return command{
		name: "disable", args: "LOGIN", what: "shut an account: nobody signs in with it, and who is signed in is out",
		help: `
Use it when somebody leaves, or when a phone with a session was lost. It works from the next call on. The account
stays, since tickets and the audit record name it; steledesk account reset opens it again. Tickets it was handling
stay with the section: a colleague claims them.`,
		examples: `
$ steledesk account disable ticketing-1
Disabled ticketing-1: its sessions are over.`,
		flags: onLogin(func(ctx context.Context, e *env, st *stack, login string) error {
			if err := (account.Service{Store: st.table}).Disable(ctx, login); err != nil {
				return accountError(err, login)
			}
			fmt.Fprintf(e.out, "Disabled %s: its sessions are over.\n", login)
			return e.recordAccount(ctx, st, audit.AccountDisabled, login)
		}),
	}
}

func accountReset() command {
	return command{
		name: "reset", args: "LOGIN", what: "give an account a new password",
		help: `
Use it for a forgotten password, a locked login, or a disabled account that is wanted again. It prints a new
password, once, which must be changed at the next sign-in; the account's sessions are over.`,
		examples: `
$ steledesk account reset ticketing-1
Reset ticketing-1: its sessions are over.
New password, to be changed at the next sign-in: 3mzq-7dkp-yw2n-h5ca`,
		flags: onLogin(func(ctx context.Context, e *env, st *stack, login string) error {
			password, err := account.Service{Store: st.table}.Reset(ctx, login, e.now())
			if err != nil {
				return accountError(err, login)
			}
			fmt.Fprintf(e.out, "Reset %s: its sessions are over.\nNew password, to be changed at the next sign-in: %s\n", login, password)
			return e.recordAccount(ctx, st, audit.AccountReset, login)
		}),
	}
}

// onLogin is a command that is given the login of one account.
func onLogin(do func(ctx context.Context, e *env, st *stack, login string) error) func(*flag.FlagSet) action {
	return func(*flag.FlagSet) action {
		return func(ctx context.Context, e *env, s settings, args []string) error {
			if err := arguments(args, "LOGIN"); err != nil {
				return err
			}
			if err := account.CheckLogin(args[0]); err != nil {
				return usage("%v", err)
			}
			st, err := e.open(ctx, s)
			if err != nil {
				return err
			}
			return do(ctx, e, st, args[0])
		}
	}
}

func accountError(err error, login string) error {
	if errors.Is(err, account.ErrUnknown) {
		return fmt.Errorf("there is no account %s; steledesk account list shows those there are", login)
	}
	return fmt.Errorf("change account %s: %w", login, err)
}
