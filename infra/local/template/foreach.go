package template

import (
	"fmt"
	"slices"
	"strings"
)

// expander writes out Fn::ForEach. Bindings are the loop variables in force.
type expander struct {
	found      *finder
	parameters map[string]*value
	allowed    bool // the template names the transform that loops need
	bindings   []binding
	turns      int // of all loops so far
}

type binding struct{ name, value string }

// most bounds the turns that loops may take together; CloudFormation itself takes
// 500 resources.
const most = 10_000

// expand copies v with loops written out and loop variables replaced.
func (e *expander) expand(v *value, path string) *value {
	out := *v
	out.path = path
	switch v.kind {
	case scalar:
		out.text = e.substitute(v.text)
	case call:
		return e.call(v, &out)
	case list:
		out.items = nil
		for i, item := range v.items {
			out.items = append(out.items, e.expand(item, fmt.Sprintf("%s[%d]", path, i)))
		}
	case mapping:
		out.fields = nil
		for _, f := range v.fields {
			e.field(&out, f)
		}
	}
	return &out
}

// call replaces !Ref of a loop variable; other functions are copied.
func (e *expander) call(v, out *value) *value {
	if v.text == "Ref" && v.arg.kind == scalar {
		for _, b := range slices.Backward(e.bindings) {
			if b.name == v.arg.text {
				return out.scalar(b.value)
			}
		}
	}
	out.arg = e.expand(v.arg, out.path)
	return out
}

// substitute replaces ${X}, and &{X} without whatever a logical name may not hold.
func (e *expander) substitute(text string) string {
	for _, b := range slices.Backward(e.bindings) {
		text = strings.ReplaceAll(text, "${"+b.name+"}", b.value)
		text = strings.ReplaceAll(text, "&{"+b.name+"}", alphanumeric(b.value))
	}
	return text
}

func alphanumeric(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' {
			return r
		}
		return -1
	}, s)
}

func (e *expander) field(out *value, f field) {
	if strings.HasPrefix(f.key, loop) {
		e.loop(out, f)
		return
	}
	key := e.substitute(f.key)
	if out.field(key) != nil {
		e.found.add(f.line, join(out.path, key), "is given twice after loops are written out")
		return
	}
	out.fields = append(out.fields, field{key, f.line, e.expand(f.value, join(out.path, key))})
}

// loop writes one Fn::ForEach out into the mapping that holds it.
func (e *expander) loop(out *value, f field) {
	at := join(out.path, f.key)
	if !e.allowed {
		e.found.add(f.line, at, "needs the transform %s; name it under Transform, before %s", languageExtensions, serverless)
		return
	}
	parts := f.value.items
	if f.value.kind != list || len(parts) != 3 || parts[0].kind != scalar || parts[2].kind != mapping {
		e.found.add(f.line, at, "must be a list of three: a variable's name, a collection, and a mapping to repeat")
		return
	}
	name := parts[0].text
	if slices.ContainsFunc(e.bindings, func(b binding) bool { return b.name == name }) || e.parameters[name] != nil {
		e.found.at(parts[0], "loop variable %q hides a parameter or an outer loop's variable; choose another name", name)
		return
	}
	for _, item := range e.collection(parts[1], at) {
		if e.turns++; e.turns > most {
			e.found.add(f.line, at, "loops take more than %d turns", most)
			return
		}
		e.bindings = append(e.bindings, binding{name, item})
		for _, body := range parts[2].fields {
			e.body(out, body, name, at)
		}
		e.bindings = e.bindings[:len(e.bindings)-1]
	}
}

func (e *expander) body(out *value, f field, name, at string) {
	named := strings.Contains(f.key, "${"+name+"}") || strings.Contains(f.key, "&{"+name+"}")
	if !named && !strings.HasPrefix(f.key, loop) {
		e.found.add(f.line, join(at, f.key), "does not contain ${%s}, so every turn would give the same key", name)
		return
	}
	e.field(out, f)
}

// collection returns what a loop runs over: a list of names or a list parameter.
func (e *expander) collection(v *value, at string) []string {
	if v.kind == call && v.text == "Ref" && v.arg.kind == scalar {
		if p := e.parameters[v.arg.text]; p != nil {
			v = p
		}
	}
	if v.kind == broken {
		return nil
	}
	if v.kind != list {
		e.found.add(v.line, at, "the collection must be a list of names or !Ref to a CommaDelimitedList parameter")
		return nil
	}
	var items []string
	for _, item := range v.items {
		if item.kind != scalar || item.null {
			e.found.add(item.line, at, "the collection holds %s; only plain names are understood", item.kind)
			return nil
		}
		items = append(items, e.substitute(item.text))
	}
	return items
}
