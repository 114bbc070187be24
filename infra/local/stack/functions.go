package stack

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"steledesk/infra/local/build"
	"steledesk/infra/local/lambda"
	"steledesk/infra/local/template"
)

// startFunctions makes the functions known; their processes start when invoked.
func (s *Stack) startFunctions(ctx context.Context) error {
	listener, err := listen(ctx, "Runtime API", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.functions = lambda.NewHost(listener, lambda.Options{
		Logger:    s.settings.Logger,
		Now:       s.settings.Clock,
		ARNPrefix: s.arn("lambda", "function:"),
	})
	s.onClose("functions", func(context.Context) error { return s.functions.Close() })
	var problems []error
	for _, f := range s.model.Functions {
		problems = append(problems, s.addFunction(f))
	}
	return errors.Join(problems...)
}

func (s *Stack) addFunction(f template.Function) error {
	binary, err := filepath.Abs(build.Binary(s.settings.Binaries, f.Folder))
	if err != nil {
		return fmt.Errorf("find binary of function %s: %w", f.Name, err)
	}
	return s.functions.Add(lambda.Function{
		Name: f.Name, Binary: binary, Env: append(s.environment(f.Environment), caller(f.Name)), Timeout: f.Timeout, MemoryMB: f.MemoryMB,
	})
}

// caller makes a function's calls say whose they are, in the user agent: the function's name, a dot, and the process's id.
// It is the SDK's own setting, which a log or a test of the endpoint can go by.
func caller(function string) string { return "AWS_SDK_UA_APP_ID=" + function + "." + lambda.Process }

// nameOf gives a function's physical name.
func (s *Stack) nameOf(id string) string {
	for _, f := range s.model.Functions {
		if f.ID == id {
			return f.Name
		}
	}
	return id
}
