package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"steledesk/infra/local/awsendpoint"
	"steledesk/shared/dynamo"
)

// calls are the AWS permissions that a command line took, as IAM names them.
type calls struct {
	mu  sync.Mutex
	all map[string]bool
}

// noted records each call before it goes on.
func (c *calls) noted(next awsendpoint.Middleware) awsendpoint.Middleware {
	return func(service, action string, handler http.Handler) http.Handler {
		handler = next(service, action, handler)
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(body))
			c.note(service, action, body)
			handler.ServeHTTP(w, r)
		})
	}
}

func (c *calls) note(service, action string, body []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.all == nil {
		c.all = map[string]bool{}
	}
	for _, name := range permissions(service, action, body) {
		c.all[name] = true
	}
}

// take gives what was noted, and forgets it.
func (c *calls) take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := slices.Sorted(maps.Keys(c.all))
	c.all = nil
	return all
}

// permissions are what IAM wants for a call: for a transaction, that of each of its writes.
func permissions(service, action string, body []byte) []string {
	switch {
	case action == "TransactWriteItems":
		var transaction struct{ TransactItems []map[string]json.RawMessage }
		if json.Unmarshal(body, &transaction) != nil {
			return []string{"dynamodb:" + action}
		}
		var all []string
		for _, write := range transaction.TransactItems {
			for kind := range write {
				all = append(all, "dynamodb:"+kind+"Item")
			}
		}
		return all
	case service == "streams":
		service = "dynamodb"
	case service == "s3" && action == "ListObjects":
		action = "ListBucket"
	case service == "sqs":
		action = strings.TrimSuffix(action, "Batch")
	}
	return []string{service + ":" + action}
}

var (
	operators = regexp.MustCompile(`(?s)The operator's own AWS permissions: .*?\n\n`)
	quoted    = regexp.MustCompile("`([^`]+)`")
	iamName   = regexp.MustCompile(`^(?:[a-z0-9]+:)?[A-Z][A-Za-z]+$`)
)

// granted are the operator's permissions as the README lists them: a name without a service is of the one before it.
func granted(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	service := ""
	for _, found := range quoted.FindAllStringSubmatch(operators.FindString(string(text)), -1) {
		if !iamName.MatchString(found[1]) {
			continue // a command
		}
		of, name, whole := strings.Cut(found[1], ":")
		if whole {
			service = of
		} else {
			name = of
		}
		all = append(all, service+":"+name)
	}
	return all
}

// The canary's commands and the unlocking of an account delete, which the README's list did not grant. Every command line
// that a test gives is held against the list (see desk.runContext); what only a whole desk shows is done here.
func TestPermissionsOfTheCanary(t *testing.T) {
	d := deploy(t)
	number := d.file(1, nil)
	config, err := d.aws(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	table := dynamo.Open(config, d.name)
	if _, err := table.WasTold(t.Context(), number, 1, dynamo.CanaryChannel); err != nil {
		t.Fatal(err)
	}
	if err := table.RemoveCanary(t.Context(), number); !errors.Is(err, dynamo.ErrNoCanary) {
		t.Fatal(err)
	}
	if took := d.took.take(); !slices.Contains(took, "dynamodb:DeleteItem") {
		t.Errorf("it took %v: the test has lost its way", took)
	} else {
		d.permitted(took, "canary")
	}
}

// permitted says which permissions the README's list lacks.
func (d *desk) permitted(took []string, command ...string) {
	d.t.Helper()
	all := granted(d.t)
	for _, one := range took {
		if !slices.Contains(all, one) {
			d.t.Errorf("steledesk %s needs %s, which the README does not list among the operator's permissions", strings.Join(command, " "), one)
		}
	}
}
