package template

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

type kind int

const (
	scalar kind = iota
	list
	mapping
	call   // an intrinsic function that waits to be resolved
	broken // stands where a problem was found, so that it is told once
)

func (k kind) String() string {
	return [...]string{"a single value", "a list", "a mapping", "a function", "broken"}[k]
}

// value is one node of a template: YAML with its place, and with the short and the
// long form of intrinsic functions made one.
type value struct {
	kind   kind
	line   int
	path   string
	text   string // of a scalar as written; of a call the function's name
	null   bool
	items  []*value
	fields []field
	arg    *value // of a call
}

type field struct {
	key   string
	line  int
	value *value
}

// field returns the value under a key, nil when there is none.
func (v *value) field(key string) *value {
	for _, f := range v.fields {
		if f.key == key {
			return f.value
		}
	}
	return nil
}

// like makes a value of the given kind at the place of v.
func (v *value) like(k kind) *value { return &value{kind: k, line: v.line, path: v.path} }

func (v *value) scalar(text string) *value {
	s := v.like(scalar)
	s.text = text
	return s
}

// functions are the intrinsic functions understood, by their long names.
var functions = []string{
	"Ref", "Condition", "Fn::Sub", "Fn::GetAtt", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::If", "Fn::Equals",
	"Fn::Not", "Fn::And", "Fn::Or", "Fn::FindInMap",
}

const loop = "Fn::ForEach::"

// builder turns YAML nodes into values.
type builder struct{ found *finder }

func (b *builder) build(n *yaml.Node, path string) *value {
	v := &value{line: n.Line, path: path}
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		b.found.at(v, "anchors and aliases are not understood; write the value out")
		return v.like(broken)
	}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		return b.tagged(n, v)
	}
	b.fill(n, v)
	if v.kind == mapping {
		return b.longForm(v)
	}
	return v
}

// fill copies a node's content and leaves its tag aside.
func (b *builder) fill(n *yaml.Node, v *value) {
	switch n.Kind {
	case yaml.SequenceNode:
		v.kind = list
		for i, item := range n.Content {
			v.items = append(v.items, b.build(item, fmt.Sprintf("%s[%d]", v.path, i)))
		}
	case yaml.MappingNode:
		v.kind = mapping
		for i := 0; i+1 < len(n.Content); i += 2 {
			b.addField(v, n.Content[i], n.Content[i+1])
		}
	default:
		v.text = n.Value
		v.null = n.Tag == "!!null"
	}
}

func (b *builder) addField(v *value, key, content *yaml.Node) {
	if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
		b.found.add(key.Line, v.path, "a key must be a plain name; merge keys and composed keys are not understood")
		return
	}
	for _, f := range v.fields {
		if f.key == key.Value {
			b.found.add(key.Line, join(v.path, key.Value), "is given twice; the first is in line %d", f.line)
			return
		}
	}
	v.fields = append(v.fields, field{key.Value, key.Line, b.build(content, join(v.path, key.Value))})
}

// tagged reads the short form: !Sub text.
func (b *builder) tagged(n *yaml.Node, v *value) *value {
	name := strings.TrimPrefix(n.Tag, "!")
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	if !slices.Contains(functions, name) {
		b.found.at(v, "function %s is not understood; understood are %s", n.Tag, strings.Join(functions, ", "))
		return v.like(broken)
	}
	arg := v.like(scalar)
	b.fill(n, arg)
	if arg.kind == mapping {
		arg = b.longForm(arg)
	}
	return b.call(v, name, arg)
}

// longForm recognises {"Fn::Sub": text}. A loop's key stays a field.
func (b *builder) longForm(v *value) *value {
	for _, f := range v.fields {
		isFunction := f.key == "Ref" || strings.HasPrefix(f.key, "Fn::") && !strings.HasPrefix(f.key, loop)
		// IAM statements have a Condition too; theirs is a mapping.
		isFunction = isFunction || f.key == "Condition" && len(v.fields) == 1 && f.value.kind == scalar
		switch {
		case !isFunction:
			continue
		case !slices.Contains(functions, f.key):
			b.found.add(f.line, v.path, "function %s is not understood; understood are %s", f.key, strings.Join(functions, ", "))
			return v.like(broken)
		case len(v.fields) > 1:
			b.found.add(f.line, v.path, "%s stands beside other keys; a function must be alone in its mapping", f.key)
			return v.like(broken)
		}
		return b.call(v, f.key, f.value)
	}
	return v
}

func (b *builder) call(at *value, name string, arg *value) *value {
	c := at.like(call)
	c.text = name
	c.arg = arg
	return c
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
