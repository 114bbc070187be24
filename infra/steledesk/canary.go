package main

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"steledesk/shared/canary"
)

// trialTime is how long a trial by hand may take; a call of it half of that.
const trialTime = time.Minute

func canaryCommand() command {
	return command{
		name: "canary", what: "try the desk as a visitor does",
		help: `
Files a marked ticket over HTTP, follows it, takes it back, waits until both came to the office's queue and through it,
removes it, and says how long each took. No list and no figure has a marked ticket, and nobody is told of it. The desk
does the same by itself every quarter of an hour; do it by hand when an alarm says that it did not go through, and
after every deployment, restore or change of keys.`,
		examples: `
$ steledesk canary --url https://desk.example.cn
file 0.21s, follow 0.03s, withdraw 0.05s, follow again 0.03s, told 1.52s, remove 0.02s, gone 0.03s
The desk works.`,
		flags: func(f *flag.FlagSet) action {
			address := f.String("url", "", "`ADDRESS`: where people reach the desk; with --local, the one of make run")
			return func(ctx context.Context, e *env, s settings, args []string) error {
				if err := arguments(args); err != nil {
					return err
				}
				at, err := deskAddress(e, s, *address)
				if err != nil {
					return err
				}
				return e.tryDesk(ctx, s, at)
			}
		},
	}
}

// deskAddress reads --url, or knows the local one.
func deskAddress(e *env, s settings, given string) (string, error) {
	if given == "" && s.local {
		port := "8080"
		if p := e.getenv("STELEDESK_PORT"); p != "" {
			port = p
		}
		return "http://127.0.0.1:" + port, nil
	}
	u, err := url.Parse(given)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", usage("--url %q is no address; write https://desk.example.cn, the stack's output Url", given)
	}
	return strings.TrimSuffix(given, "/"), nil
}

func (e *env) tryDesk(ctx context.Context, s settings, address string) error {
	st, err := e.open(ctx, s)
	if err != nil {
		return err
	}
	keys, err := st.keys(ctx)
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(ctx, trialTime)
	defer stop()
	c := &canary.Canary{
		URL: address, HTTP: &http.Client{Timeout: trialTime / 2}, Keys: keys, Table: st.table, Now: time.Now, Wait: canary.Wait,
	}
	steps, err := c.Fly(ctx, "canary-"+e.now().UTC().Format(time.RFC3339Nano))
	var said []string
	for _, one := range steps {
		said = append(said, fmt.Sprintf("%s %.2fs", one.Name, one.Took.Seconds()))
	}
	if len(said) > 0 {
		fmt.Fprintln(e.out, strings.Join(said, ", "))
	}
	if err != nil {
		return err
	}
	fmt.Fprintln(e.out, "The desk works.")
	return nil
}
