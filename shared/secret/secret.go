// Package secret reads the desk's keys from where they are kept: one SecureString parameter of
// AWS Systems Manager.
package secret

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"steledesk/shared/seal"
)

// Keys reads and parses the parameter called name.
func Keys(ctx context.Context, cfg aws.Config, name string) (*seal.Keys, error) {
	out, err := ssm.NewFromConfig(cfg).GetParameter(ctx, &ssm.GetParameterInput{Name: &name, WithDecryption: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("read secret parameter %s: %w", name, err)
	}
	keys, err := seal.ParseKeys([]byte(aws.ToString(out.Parameter.Value)))
	if err != nil {
		return nil, fmt.Errorf("secret parameter %s: %w", name, err)
	}
	return keys, nil
}
