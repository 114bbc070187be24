// Package ssm is the part of AWS Systems Manager that keeps parameters, in one file that only its owner may read.
// SecureStrings are not encrypted there: the machine's owner has the key anyway.
package ssm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"steledesk/infra/local/awsendpoint/awsjson"
)

// Options of Open; every field may be left empty.
type Options struct {
	Clock   func() time.Time // empty: time.Now
	Region  string           // in ARNs; empty: us-east-1
	Account string           // in ARNs; empty: 000000000000
	Logger  *slog.Logger
}

// Server is an http.Handler of the SSM API.
type Server struct {
	options Options
	path    string
	service *awsjson.Service

	mu         sync.Mutex
	parameters map[string]parameter // as the file holds them
}

type parameter struct {
	Type, Value, Description string
	Version                  int64
	Modified                 time.Time
}

// Open reads the file, which is made with the first parameter.
func Open(path string, options Options) (*Server, error) {
	if options.Clock == nil {
		options.Clock = time.Now
	}
	if options.Logger == nil {
		options.Logger = slog.Default()
	}
	options.Region = cmp.Or(options.Region, "us-east-1")
	options.Account = cmp.Or(options.Account, "000000000000")
	s := &Server{options: options, path: path, parameters: map[string]parameter{}}
	s.service = &awsjson.Service{Name: "SSM", Target: "AmazonSSM", Version: "1.1", MaxBody: 1 << 20, Logger: options.Logger,
		Calls: map[string]awsjson.Call{
			"GetParameter":       awsjson.Operation(s.getParameter),
			"GetParameters":      awsjson.Operation(s.getParameters),
			"PutParameter":       awsjson.Operation(s.putParameter),
			"DeleteParameter":    awsjson.Operation(s.deleteParameter),
			"DescribeParameters": awsjson.Operation(s.describeParameters),
		}}
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(content, &s.parameters)
	}
	if err != nil {
		return nil, fmt.Errorf("read parameters from %s: %w", path, err)
	}
	return s, nil
}

// ServeHTTP answers one call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.service.ServeHTTP(w, r) }

// save replaces the file at once and makes it last; parameters are as it holds them only when save succeeds.
func (s *Server) save(parameters map[string]parameter) error {
	content, err := json.MarshalIndent(parameters, "", "  ")
	if err != nil {
		return fmt.Errorf("save parameters: %w", err)
	}
	if err := replace(s.path, append(content, '\n')); err != nil {
		return fmt.Errorf("save parameters: %w", err)
	}
	s.parameters = parameters
	return nil
}

// replace writes a file that only its owner may read, so that after a crash there is the old or the new one.
func replace(path string, content []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(folder, ".parameters-") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(file.Name()) // after the rename there is nothing of that name
	_, err = file.Write(content)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	parent, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(parent.Sync(), parent.Close())
}

// seconds is a time as AWS JSON writes it: seconds since 1970.
type seconds float64

func since1970(t time.Time) seconds { return seconds(float64(t.UnixMilli()) / 1000) }

type presented struct {
	Name, Type, Value, ARN, DataType string
	Version                          int64
	LastModifiedDate                 seconds
}

func (s *Server) present(name string, p parameter, decrypted bool) presented {
	value := p.Value
	if p.Type == "SecureString" && !decrypted {
		value = "not-decrypted:" + strings.Repeat("*", 8)
	}
	return presented{Name: name, Type: p.Type, Value: value, DataType: "text", Version: p.Version,
		LastModifiedDate: since1970(p.Modified), ARN: s.arn(name)}
}

func (s *Server) arn(name string) string {
	partition := "aws"
	if strings.HasPrefix(s.options.Region, "cn-") {
		partition = "aws-cn"
	}
	return fmt.Sprintf("arn:%s:ssm:%s:%s:parameter/%s", partition, s.options.Region, s.options.Account, strings.TrimPrefix(name, "/"))
}

// plainName takes the name out of an ARN; any other name is itself.
func plainName(name string) string {
	if _, path, ok := strings.Cut(name, ":parameter/"); ok && strings.HasPrefix(name, "arn:") {
		return "/" + path
	}
	return name
}

type getParameterInput struct {
	Name           string
	WithDecryption bool
}

type getParameterOutput struct{ Parameter presented }

func notFound(name string) error {
	return awsjson.Errorf("ParameterNotFound", "Parameter %s not found.", name)
}

func (s *Server) getParameter(_ context.Context, _ awsjson.Request, in getParameterInput) (out getParameterOutput, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := plainName(in.Name)
	p, ok := s.parameters[name]
	if !ok {
		return out, notFound(name)
	}
	return getParameterOutput{s.present(name, p, in.WithDecryption)}, nil
}

type getParametersInput struct {
	Names          []string
	WithDecryption bool
}

type getParametersOutput struct {
	Parameters        []presented
	InvalidParameters []string
}

func (s *Server) getParameters(_ context.Context, _ awsjson.Request, in getParametersInput) (getParametersOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := getParametersOutput{Parameters: []presented{}, InvalidParameters: []string{}}
	if len(in.Names) < 1 || len(in.Names) > 10 {
		return out, awsjson.Errorf("ValidationException", "Names must hold 1 to 10 names, not %d.", len(in.Names))
	}
	for _, asked := range in.Names {
		name := plainName(asked)
		if p, ok := s.parameters[name]; ok {
			out.Parameters = append(out.Parameters, s.present(name, p, in.WithDecryption))
		} else {
			out.InvalidParameters = append(out.InvalidParameters, asked)
		}
	}
	return out, nil
}

type putParameterInput struct {
	Name, Type, Value, Description string
	DataType, Tier, KeyId          string
	Overwrite                      bool
}

type putParameterOutput struct {
	Version int64
	Tier    string
}

var parameterName = regexp.MustCompile(`^/?[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*$`)

// largestValue is the most an advanced parameter holds, in bytes.
const largestValue = 8 << 10

func (in putParameterInput) check() error {
	switch {
	case !parameterName.MatchString(in.Name) || len(in.Name) > 1011:
		return awsjson.Errorf("ValidationException", "Parameter name %q must be letters, digits and _.- in levels divided by /.", in.Name)
	case in.Type != "" && in.Type != "String" && in.Type != "StringList" && in.Type != "SecureString":
		return awsjson.Errorf("UnsupportedParameterType", "Type %q is none of String, StringList and SecureString.", in.Type)
	case in.DataType != "" && in.DataType != "text":
		return awsjson.Errorf("ValidationException", "The local SSM keeps parameters of data type text only, not %q.", in.DataType)
	case in.Value == "" || len(in.Value) > largestValue:
		return awsjson.Errorf("ValidationException", "A value must have 1 to %d bytes, not %d.", largestValue, len(in.Value))
	}
	return nil
}

func (s *Server) putParameter(_ context.Context, _ awsjson.Request, in putParameterInput) (out putParameterOutput, err error) {
	if err := in.check(); err != nil {
		return out, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old, exists := s.parameters[in.Name]
	if exists && !in.Overwrite {
		return out, awsjson.Errorf("ParameterAlreadyExists",
			"The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
	}
	kind := cmp.Or(in.Type, old.Type)
	if kind == "" {
		return out, awsjson.Errorf("ValidationException", "A parameter type is required when you create a parameter.")
	}
	changed := maps.Clone(s.parameters)
	changed[in.Name] = parameter{Type: kind, Value: in.Value, Description: cmp.Or(in.Description, old.Description),
		Version: old.Version + 1, Modified: s.options.Clock()}
	if err := s.save(changed); err != nil {
		return out, err
	}
	return putParameterOutput{Version: old.Version + 1, Tier: "Standard"}, nil
}

type deleteParameterInput struct{ Name string }

type nothing struct{}

func (s *Server) deleteParameter(_ context.Context, _ awsjson.Request, in deleteParameterInput) (nothing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.parameters[in.Name]; !ok {
		return nothing{}, notFound(in.Name)
	}
	changed := maps.Clone(s.parameters)
	delete(changed, in.Name)
	return nothing{}, s.save(changed)
}

type describeParametersInput struct {
	MaxResults int
	NextToken  string
}

type described struct {
	Name, Type, ARN, Description, Tier, DataType string
	Version                                      int64
	LastModifiedDate                             seconds
}

type describeParametersOutput struct {
	Parameters []described
	NextToken  string `json:",omitempty"`
}

// describeParameters pages by name: the token is the last name given.
func (s *Server) describeParameters(_ context.Context, _ awsjson.Request, in describeParametersInput) (describeParametersOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := describeParametersOutput{Parameters: []described{}}
	most := cmp.Or(in.MaxResults, 50)
	if most < 1 || most > 50 {
		return out, awsjson.Errorf("ValidationException", "MaxResults must be from 1 to 50, not %d.", most)
	}
	for _, name := range slices.Sorted(maps.Keys(s.parameters)) {
		if in.NextToken != "" && name <= in.NextToken {
			continue
		}
		if len(out.Parameters) == most {
			out.NextToken = out.Parameters[most-1].Name
			break
		}
		p := s.parameters[name]
		out.Parameters = append(out.Parameters, described{Name: name, Type: p.Type, ARN: s.arn(name), Description: p.Description,
			Tier: "Standard", DataType: "text", Version: p.Version, LastModifiedDate: since1970(p.Modified)})
	}
	return out, nil
}
