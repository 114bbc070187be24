package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"steledesk/shared/seal"
)

func secretCommand() command {
	return command{
		name: "secret", what: "make the desk's keys, and change them",
		help: `
The desk's keys number the tickets, make the visitors' codes, and encrypt names, phones and channel addresses.
They are one SecureString parameter of AWS Systems Manager. They are changed in steps while the desk works: add, wait a
quarter of an hour, use. The key before stays on the ring, and what it made stays good, until it is removed.`,
		below: []command{secretInit(), secretList(), secretAdd(), secretUse(), secretRemove()},
	}
}

func secretInit() command {
	return command{
		name: "init", what: "make the keys of a new desk",
		help: `
Makes new keys and stores them; run it once, before the first deployment. It never shows them and never
overwrites any: without the old keys every visitor's code is void and every sealed name and phone is lost. Keep a
copy where only you can read it (aws ssm get-parameter --name NAME --with-decryption).`,
		examples: `
$ steledesk secret init
Made the desk's keys: /steledesk/secret in cn-north-1.
$ steledesk secret init
steledesk secret init: /steledesk/secret exists in cn-north-1 and was left as it is: ...`,
		flags: func(*flag.FlagSet) action {
			return func(ctx context.Context, e *env, s settings, args []string) error {
				if err := arguments(args); err != nil {
					return err
				}
				st, err := e.open(ctx, s)
				if err != nil {
					return err
				}
				return e.initSecret(ctx, st)
			}
		},
	}
}

func (e *env) initSecret(ctx context.Context, st *stack) error {
	_, err := ssm.NewFromConfig(st.config).PutParameter(ctx, &ssm.PutParameterInput{
		Name: &st.secret, Type: types.ParameterTypeSecureString, Value: aws.String(string(seal.New())),
		Description: aws.String("The keys of the complaint desk. Losing them loses codes and sealed contacts."),
		Overwrite:   aws.Bool(false),
	})
	var exists *types.ParameterAlreadyExists
	if errors.As(err, &exists) {
		return fmt.Errorf("%s exists in %s and was left as it is: other keys would void every visitor's code and lose every sealed contact. "+
			"For another desk, name another parameter with --secret", st.secret, st.config.Region)
	}
	if err != nil {
		return fmt.Errorf("store the desk's keys: %w", err)
	}
	fmt.Fprintf(e.out, "Made the desk's keys: %s in %s.\n", st.secret, st.config.Region)
	return nil
}
