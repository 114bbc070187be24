package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"steledesk/shared/receipt"
	"steledesk/shared/seal"
)

func secretList() command {
	return command{
		name: "list", what: "what keys there are",
		help: `
Lists the desk's keys by their ids: which one is current, since when each is there and when it was retired. The
fingerprint is that of the receipts a key signs, as /v1/verify shows it. No key is shown.`,
		examples: `
$ steledesk secret list
1            retired 2026-11-30 12:20:05  receipts 6z-7WsLX
2  current   added 2026-11-30 12:03:11    receipts WIqTx3tM`,
		flags: func(*flag.FlagSet) action {
			return withSecret(0, func(_ context.Context, e *env, held held, _ string) error { return e.listSecret(held.secret) })
		},
	}
}

func secretAdd() command {
	return command{
		name: "add", what: "put a new key on the ring, not in use yet",
		help: `
The first step of a rotation. Nothing is made with the new key yet; running functions read it within ten minutes and
then know what it makes. A quarter of an hour later: steledesk secret use ID.`,
		examples: `
$ steledesk secret add
Added key 2. Every function knows it from 12:18:11 on; then: steledesk secret use 2`,
		flags: func(*flag.FlagSet) action {
			return withSecret(0, func(ctx context.Context, e *env, held held, _ string) error {
				next, id := held.secret.Add(e.now())
				if err := held.put(ctx, next); err != nil {
					return err
				}
				fmt.Fprintf(e.out, "Added key %s. Every function knows it from %s on; then: steledesk secret use %s\n"+
					"A copy of the keys that you kept does not have it: make another (steledesk secret init --help says how).\n",
					id, next.KnownAt(id).Local().Format(time.TimeOnly), id)
				return nil
			})
		},
	}
}

func secretUse() command {
	return command{
		name: "use", args: "ID", what: "make things with another key from now on",
		help: `
The second step of a rotation. Numbers, codes, receipts and everything sealed are made with this key from now on;
functions follow within ten minutes, and meanwhile either key is good everywhere. The key before stays on the ring. Refused while a
function may not know the key yet: it would refuse what the key made, or take a filing that is sent again for
another. --now does it all the same, and then the new key is not good everywhere at once: for up to ten minutes a filing
that is sent again may become a second ticket, and a function learns of the key only when it meets something that none
of its keys made, once a minute.`,
		examples: `
$ steledesk secret use 2
Key 2 is current; key 1 stays on the ring.`,
		flags: func(f *flag.FlagSet) action {
			now := f.Bool("now", false, "do not wait until every function knows the key: it leaked, and each minute counts")
			return withSecret(1, func(ctx context.Context, e *env, held held, id string) error {
				return e.useSecret(ctx, held, id, *now)
			})
		},
	}
}

// held is the keys as a stack has them.
type held struct {
	stack   *stack
	secret  seal.Secret
	version int64 // of the parameter
	changed time.Time
}

// withSecret is the action of a command that works on the keys, with an id when it takes one argument.
func withSecret(ids int, do func(ctx context.Context, e *env, held held, id string) error) action {
	return func(ctx context.Context, e *env, s settings, args []string) error {
		if err := arguments(args, []string{"ID"}[:ids]...); err != nil {
			return err
		}
		st, err := e.open(ctx, s)
		if err != nil {
			return err
		}
		held, err := st.holdSecret(ctx)
		if err != nil {
			return err
		}
		return do(ctx, e, held, append(args, "")[0])
	}
}

func (s *stack) holdSecret(ctx context.Context) (held, error) {
	h := held{stack: s}
	out, err := ssm.NewFromConfig(s.config).GetParameter(ctx, &ssm.GetParameterInput{Name: &s.secret, WithDecryption: aws.Bool(true)})
	if err != nil {
		return h, fmt.Errorf("read the desk's keys: %w", err)
	}
	h.version, h.changed = out.Parameter.Version, aws.ToTime(out.Parameter.LastModifiedDate)
	if h.secret, err = seal.ReadSecret([]byte(aws.ToString(out.Parameter.Value))); err != nil {
		return h, fmt.Errorf("secret parameter %s: %w", s.secret, err)
	}
	return h, nil
}

// put stores changed keys. The store has no condition for it, but counts versions: of two who change the keys at the same
// moment one is told.
func (h held) put(ctx context.Context, next seal.Secret) error {
	text, err := next.Bytes()
	if err != nil {
		return err
	}
	out, err := ssm.NewFromConfig(h.stack.config).PutParameter(ctx, &ssm.PutParameterInput{
		Name: &h.stack.secret, Type: types.ParameterTypeSecureString, Value: aws.String(string(text)), Overwrite: aws.Bool(true),
	})
	if err != nil {
		return fmt.Errorf("store the desk's keys: %w", err)
	}
	ours, err := h.ours(ctx, string(text), out.Version)
	if err != nil {
		return err
	}
	if !ours {
		return fmt.Errorf("somebody else changed the keys at the same moment, and this took the place of it: see steledesk secret list and "+
			"aws ssm get-parameter-history --name %s", h.stack.secret)
	}
	return nil
}

// ours reports whether all that was stored since the keys were read, before a version, is this text too: a call whose
// answer was lost is made again. The parameter as it is now says nothing of it: it is ours in any case.
func (h held) ours(ctx context.Context, text string, version int64) (bool, error) {
	for v := h.version + 1; v < version; v++ {
		out, err := ssm.NewFromConfig(h.stack.config).GetParameter(ctx, &ssm.GetParameterInput{
			Name: aws.String(fmt.Sprintf("%s:%d", h.stack.secret, v)), WithDecryption: aws.Bool(true),
		})
		if err != nil {
			return false, fmt.Errorf("the keys were stored, as version %d of %s; version %d, which came between, could not be read: %w", version, h.stack.secret, v, err)
		}
		if aws.ToString(out.Parameter.Value) != text {
			return false, nil
		}
	}
	return version > h.version, nil
}

func (e *env) listSecret(s seal.Secret) error {
	list, err := s.List()
	if err != nil {
		return err
	}
	t := table{}
	for _, one := range list {
		current := ""
		if one.Current {
			current = "current"
		}
		t.row(one.ID, current, since("added", one.Added), since("retired", one.Retired), "receipts "+receipt.KeyID(one.Receipts))
	}
	t.print(e.out, "")
	return nil
}

func since(what string, at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return what + " " + at.Local().Format(time.DateTime)
}

func (e *env) useSecret(ctx context.Context, h held, id string, now bool) error {
	next, err := h.secret.Use(id, e.now())
	if err != nil {
		return secretError(id, err)
	}
	known, used := h.secret.KnownAt(id), !h.secret.RetiredAt(id).IsZero()
	if !now && (known.IsZero() && !used || e.now().Before(known)) {
		when := "nobody noted when it was added"
		if !known.IsZero() {
			when = "every function knows it from " + known.Local().Format(time.TimeOnly) + " on"
		}
		return fmt.Errorf("key %s is not used yet: %s. Wait, or see --help about --now", id, when)
	}
	if err := h.put(ctx, next); err != nil {
		return err
	}
	fmt.Fprintf(e.out, "Key %s is current; key %s stays on the ring.\n", id, h.secret.Current())
	return nil
}

func secretError(id string, err error) error {
	switch {
	case errors.Is(err, seal.ErrNoKey):
		return fmt.Errorf("key %q: %w; steledesk secret list names them", id, err)
	case errors.Is(err, seal.ErrCurrent):
		return fmt.Errorf("key %q: %w", id, err)
	}
	return err
}
