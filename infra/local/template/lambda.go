package template

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// function reads one AWS::Serverless::Function and its events.
func (r *resolver) function(res *resource, name string, o *object, m *Model) {
	if build := res.v.field("Metadata"); build != nil && build.field("BuildMethod") != nil && build.field("BuildMethod").text != "go1.x" {
		r.fail(build, "BuildMethod %q is not understood; understood is go1.x", build.field("BuildMethod").text)
	}
	o.require("CodeUri", "Runtime", "Handler")
	o.ignore("FunctionName", "ReservedConcurrentExecutions", "Tracing", "Tags")
	o.choice("Runtime", "provided.al2023", "provided.al2023")
	o.choice("Handler", "bootstrap", "bootstrap")
	for _, item := range o.items("Architectures") {
		if item.kind == scalar && item.text != "x86_64" && item.text != "arm64" {
			r.fail(item, "%q is not understood; understood are x86_64, arm64", item.text)
		}
	}
	logging := o.object("LoggingConfig")
	logging.choice("LogFormat", "JSON", "JSON")
	logging.ignore("ApplicationLogLevel", "SystemLogLevel", "LogGroup")
	logging.done()
	f := Function{
		ID: res.id, Name: name, Line: res.line,
		Folder:      path.Clean(o.text("CodeUri", ".")),
		Description: o.text("Description", ""),
		MemoryMB:    o.integer("MemorySize", 128, 128, 10240),
		DiskMB:      r.disk(o.object("EphemeralStorage")),
		Timeout:     time.Duration(o.integer("Timeout", 3, 1, 900)) * time.Second,
		Environment: r.environment(o.object("Environment")),
		Statements:  statements(o),
	}
	if path.IsAbs(f.Folder) || strings.HasPrefix(f.Folder, "..") {
		r.fail(o.v.field("CodeUri"), "%q leads out of the project; write a folder below the template's", f.Folder)
	}
	async := o.object("EventInvokeConfig")
	f.Retries = async.integer("MaximumRetryAttempts", 2, 0, 2)
	f.OnFailure = r.onFailure(async.object("DestinationConfig"))
	async.done()
	m.Functions = append(m.Functions, f)
	for _, event := range o.fields("Events") {
		r.event(res, f, event, m)
	}
}

// disk is the room for temporary files.
func (r *resolver) disk(o *object) int {
	defer o.done()
	return o.integer("Size", 512, 512, 10240)
}

// reserved are the variables Lambda sets itself and refuses to be given.
var reserved = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
	"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
	"AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
}

var variable = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]+$`)

func (r *resolver) environment(o *object) map[string]string {
	values := map[string]string{}
	variables := o.object("Variables")
	for _, f := range variables.v.fields {
		if !variable.MatchString(f.key) || slices.Contains(reserved, f.key) {
			r.found.add(f.line, f.value.path, "is not a name a variable may have; Lambda reserves some, others are a letter and then letters, digits or _")
		}
		values[f.key] = variables.text(f.key, "")
	}
	o.done()
	return values
}

var action = regexp.MustCompile(`^[a-z0-9-]+:[A-Za-z*]+$`)

// statements reads a function's inline policies; a managed policy is named by text.
func statements(o *object) []Statement {
	var all []Statement
	for _, item := range o.items("Policies") {
		if item.kind == scalar || item.kind == broken {
			continue
		}
		policy := openPlain(item, o.found)
		policy.require("Statement")
		policy.choice("Version", "2012-10-17", "2012-10-17")
		for _, s := range policy.objects("Statement") {
			all = append(all, statement(s))
		}
		policy.done()
	}
	return all
}

func statement(o *object) Statement {
	o.require("Effect", "Action", "Resource")
	o.choice("Effect", "Allow", "Allow", "Deny")
	o.ignore("Condition")
	s := Statement{Sid: o.text("Sid", ""), Actions: o.texts("Action"), Resources: o.texts("Resource"), Line: o.v.line}
	for _, a := range s.Actions {
		if !action.MatchString(a) {
			o.found.at(o.v, "action %q is not written service:Action", a)
		}
	}
	for _, resource := range s.Resources {
		if resource != "*" && !strings.HasPrefix(resource, "arn:") {
			o.found.at(o.v, "resource %q is neither an ARN nor *", resource)
		}
	}
	o.done()
	return s
}

// api reads the one HTTP API.
func (r *resolver) api(res *resource, o *object, m *Model) {
	if m.API != "" {
		r.found.add(res.line, res.v.path, "is a second HTTP API; one machine serves one")
	}
	m.API = res.id
	o.ignore("Name", "Description", "Tags", "FailOnWarnings")
	o.choice("StageName", "$default", "$default")
	logs := o.object("AccessLogSettings")
	logs.ignore("DestinationArn", "Format")
	logs.done()
	limits := o.object("DefaultRouteSettings")
	limits.ignore("ThrottlingRateLimit", "ThrottlingBurstLimit", "DetailedMetricsEnabled")
	limits.done()
}
