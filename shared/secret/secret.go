// Package secret reads the desk's keys from where they are kept: one SecureString parameter of
// AWS Systems Manager.
package secret

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"steledesk/shared/seal"
)

// Keys reads and parses the parameter called name, once: for tools.
func Keys(ctx context.Context, cfg aws.Config, name string) (*seal.Keys, error) {
	text, err := reader(cfg, name)(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := seal.ParseKeys(text)
	return keys, named(name, err)
}

// Living reads the parameter called name for a function, whose processes outlive a change of keys: it is read again as
// package seal says. told hears of readings that failed while older keys served.
func Living(ctx context.Context, cfg aws.Config, name string, told func(error)) (*seal.Keys, error) {
	keys, err := seal.Open(ctx, seal.Source{Read: reader(cfg, name), Clock: time.Now, Told: told})
	return keys, named(name, err)
}

// Kept is what Living is told: that older keys serve, in the log.
func Kept(log *slog.Logger) func(error) {
	return func(err error) { log.Error("older keys kept", "error", err.Error()) }
}

func reader(cfg aws.Config, name string) func(context.Context) ([]byte, error) {
	client := ssm.NewFromConfig(cfg)
	return func(ctx context.Context) ([]byte, error) {
		out, err := client.GetParameter(ctx, &ssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
		if err != nil {
			return nil, fmt.Errorf("read secret parameter %s: %w", name, err)
		}
		return []byte(aws.ToString(out.Parameter.Value)), nil
	}
}

func named(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("secret parameter %s: %w", name, err)
}
