package template

import (
	"slices"
	"strings"
)

// resolver evaluates a template's functions for one deployment.
type resolver struct {
	settings   Settings
	found      *finder
	parameters map[string]*value
	conditions map[string]*condition
	mappings   *value
	resources  []*resource
	outputs    *value

	// idle counts the branches being evaluated that will not be used: their form is
	// checked, but they may refer to resources that the conditions leave out.
	idle int
}

type condition struct {
	v        *value
	known    bool
	visiting bool
	holds    bool
}

type resource struct {
	id       string
	kind     string // the Type
	line     int
	v        *value
	active   bool // its Condition holds
	visiting bool // its name is being evaluated
	named    bool // its name was evaluated, and is empty if that failed
	name     string
}

func newResolver(t *Template, s Settings, found *finder) *resolver {
	r := &resolver{settings: s, found: found, conditions: map[string]*condition{}}
	r.parameters = parameterValues(t.sections["Parameters"], s.Parameters, found)
	e := &expander{found: found, parameters: r.parameters, allowed: slices.Contains(t.transforms, languageExtensions)}
	section := func(name string) *value {
		if v := t.sections[name]; v != nil {
			return e.expand(v, name)
		}
		return &value{kind: mapping, line: 1, path: name}
	}
	r.mappings, r.outputs = section("Mappings"), section("Outputs")
	for _, f := range section("Conditions").fields {
		r.conditions[f.key] = &condition{v: f.value}
	}
	globals := r.globals(section("Globals"))
	for _, f := range section("Resources").fields {
		r.declare(f, globals, slices.Contains(t.transforms, serverless))
	}
	return r
}

// declare notes a resource, so that references find it wherever it stands.
func (r *resolver) declare(f field, globals *value, transformed bool) {
	o := openPlain(f.value, r.found)
	o.require("Type")
	res := &resource{id: f.key, kind: o.text("Type", ""), line: f.line, v: o.v}
	if o.v.kind == mapping {
		r.resources = append(r.resources, res)
	}
	if alphanumeric(f.key) != f.key {
		r.found.add(f.line, f.value.path, "name of a resource may hold letters and digits only")
	}
	if strings.HasPrefix(res.kind, "AWS::Serverless::") && !transformed {
		r.found.add(f.line, f.value.path, "type %s needs the transform %s", res.kind, serverless)
	}
	if res.kind == functionType {
		res.v = withGlobals(res.v, globals)
	}
}

// globals returns the settings that every function shares.
func (r *resolver) globals(v *value) *value {
	o := openPlain(v, r.found)
	shared := o.object("Function").v
	o.done()
	for _, f := range shared.fields {
		if slices.Contains([]string{"FunctionName", "Events", "Policies", "Role"}, f.key) {
			r.found.add(f.line, join(shared.path, f.key), "cannot be set for all functions; set it at each")
		}
	}
	return shared
}

// withGlobals lays the shared settings under a function's own.
func withGlobals(v, globals *value) *value {
	out := *v
	own := v.field("Properties")
	if own == nil {
		own = &value{kind: mapping, line: v.line, path: join(v.path, "Properties")}
	}
	if own.kind != mapping || globals.kind != mapping {
		return v
	}
	out.fields = slices.DeleteFunc(slices.Clone(v.fields), func(f field) bool { return f.key == "Properties" })
	out.fields = append(out.fields, field{"Properties", own.line, merge(globals, own)})
	return &out
}

// merge lays own over shared as SAM does: mappings join, lists are appended,
// anything else of the function's own wins.
func merge(shared, own *value) *value {
	if shared.kind == list && own.kind == list {
		out := *own
		out.items = slices.Concat(shared.items, own.items)
		return &out
	}
	if shared.kind != mapping || own.kind != mapping {
		return own
	}
	out := *own
	out.fields = slices.Clone(own.fields)
	for _, f := range shared.fields {
		i := slices.IndexFunc(out.fields, func(g field) bool { return g.key == f.key })
		if i < 0 {
			out.fields = append(out.fields, f)
			continue
		}
		out.fields[i].value = merge(f.value, out.fields[i].value)
	}
	return &out
}

// eval replaces every function in v by what it gives. Nil means AWS::NoValue: the
// field or item is as if it were not there.
func (r *resolver) eval(v *value) *value {
	switch v.kind {
	case call:
		return r.apply(v)
	case list:
		out := v.like(list)
		for _, item := range v.items {
			if got := r.eval(item); got != nil {
				out.items = append(out.items, got)
			}
		}
		return out
	case mapping:
		out := v.like(mapping)
		for _, f := range v.fields {
			if got := r.eval(f.value); got != nil {
				out.fields = append(out.fields, field{f.key, f.line, got})
			}
		}
		return out
	}
	return v
}

// open evaluates a mapping and opens it for reading.
func (r *resolver) open(v *value) *object {
	got := r.eval(v)
	if got == nil {
		got = v.like(mapping)
	}
	return openPlain(got, r.found)
}

func (r *resolver) fail(v *value, format string, args ...any) *value {
	r.found.at(v, format, args...)
	return v.like(broken)
}

func (r *resolver) apply(v *value) *value {
	switch v.text {
	case "Ref":
		return r.ref(v)
	case "Fn::GetAtt":
		return r.getAtt(v)
	case "Fn::Sub":
		return r.sub(v)
	case "Fn::Join":
		return r.join(v)
	case "Fn::Split":
		return r.split(v)
	case "Fn::Select":
		return r.choose(v)
	case "Fn::If":
		return r.branch(v)
	case "Fn::FindInMap":
		return r.findInMap(v)
	}
	return r.fail(v, "%s is understood in Conditions only; elsewhere use Fn::If", v.text)
}
