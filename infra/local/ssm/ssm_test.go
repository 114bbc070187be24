package ssm_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/ssm/types"

	"steledesk/infra/local/awsendpoint/awstest"
	"steledesk/infra/local/ssm"
)

func open(t *testing.T, path string) *sdk.Client {
	t.Helper()
	server, err := ssm.Open(path, ssm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(server)
	t.Cleanup(web.Close)
	return sdk.NewFromConfig(awstest.Config(web.URL))
}

func put(t *testing.T, c *sdk.Client, name, value string, overwrite bool) error {
	_, err := c.PutParameter(t.Context(), &sdk.PutParameterInput{Name: &name, Value: &value, Type: types.ParameterTypeSecureString,
		Overwrite: &overwrite})
	return err
}

func TestParametersSurviveReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "made", "parameters.json")
	c := open(t, path)
	const name = "/steledesk/secret"
	if err := put(t, c, name, `{"keys":1}`, false); err != nil {
		t.Fatal(err)
	}
	var exists *types.ParameterAlreadyExists
	if err := put(t, c, name, "other", false); !errors.As(err, &exists) {
		t.Errorf("second put: %v", err)
	}
	if err := put(t, c, name, `{"keys":2}`, true); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the file: %v, %v; want 0600", info.Mode(), err)
	}
	c = open(t, path)
	got, err := c.GetParameter(t.Context(), &sdk.GetParameterInput{Name: aws.String(name), WithDecryption: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	p := got.Parameter
	if *p.Value != `{"keys":2}` || p.Version != 2 || *p.ARN != "arn:aws:ssm:us-east-1:000000000000:parameter/steledesk/secret" {
		t.Errorf("got %s version %d ARN %s", *p.Value, p.Version, *p.ARN)
	}
	byARN, err := c.GetParameter(t.Context(), &sdk.GetParameterInput{Name: p.ARN})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(*byARN.Parameter.Value, "keys") {
		t.Error("a SecureString was told without WithDecryption")
	}
}

func TestMissingParameters(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "parameters.json"))
	if err := put(t, c, "a", "1", false); err != nil {
		t.Fatal(err)
	}
	var none *types.ParameterNotFound
	if _, err := c.GetParameter(t.Context(), &sdk.GetParameterInput{Name: aws.String("b")}); !errors.As(err, &none) {
		t.Errorf("get: %v", err)
	}
	if _, err := c.DeleteParameter(t.Context(), &sdk.DeleteParameterInput{Name: aws.String("b")}); !errors.As(err, &none) {
		t.Errorf("delete: %v", err)
	}
	got, err := c.GetParameters(t.Context(), &sdk.GetParametersInput{Names: []string{"a", "b"}, WithDecryption: aws.Bool(true)})
	if err != nil || len(got.Parameters) != 1 || *got.Parameters[0].Value != "1" || fmt.Sprint(got.InvalidParameters) != "[b]" {
		t.Errorf("get several: %+v, %v", got, err)
	}
	if _, err := c.DeleteParameter(t.Context(), &sdk.DeleteParameterInput{Name: aws.String("a")}); err != nil {
		t.Error(err)
	}
	if _, err := c.GetParameter(t.Context(), &sdk.GetParameterInput{Name: aws.String("a")}); !errors.As(err, &none) {
		t.Errorf("after deletion: %v", err)
	}
}

func TestDescribePages(t *testing.T) {
	c := open(t, filepath.Join(t.TempDir(), "parameters.json"))
	for _, name := range []string{"c", "/a/b", "b"} {
		if err := put(t, c, name, "1", false); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	pages := sdk.NewDescribeParametersPaginator(c, &sdk.DescribeParametersInput{MaxResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.Parameters {
			names = append(names, *p.Name)
		}
	}
	if got := strings.Join(names, " "); got != "/a/b b c" {
		t.Errorf("described %s", got)
	}
}

func TestBadInputIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parameters.json")
	c := open(t, path)
	for _, c := range []struct {
		err  error
		want string
	}{
		{put(t, c, "a b", "1", false), "a b"},
		{put(t, c, "a", strings.Repeat("x", 8193), false), "8192"},
	} {
		if c.err == nil || !strings.Contains(c.err.Error(), c.want) {
			t.Errorf("got %v, want it to name %s", c.err, c.want)
		}
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ssm.Open(path, ssm.Options{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a damaged file: %v, want it named", err)
	}
}
