// Package pattern matches JSON documents against event filter patterns, with the operators that Lambda's event
// filtering documents.
//
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
package pattern

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Pattern is a compiled filter pattern. The zero value matches everything.
type Pattern struct {
	fields       []field
	alternatives []Pattern // $or: one of them must match
}

// A field is a condition on one member of an object: either a pattern for the object it holds, or rules of
// which one must accept the value.
type field struct {
	name   string
	nested *Pattern
	rules  []rule
}

// A rule decides about a value; present is false when the document has no such member.
type rule func(value any, present bool) bool

// Any is a list of patterns that accepts what one of them matches. The empty list accepts everything.
type Any []Pattern

// Match reports whether a document, decoded from JSON, is accepted.
func (a Any) Match(document any) bool {
	return len(a) == 0 || slices.ContainsFunc(a, func(p Pattern) bool { return p.Match(document) })
}

// Compile parses a pattern. The error names the place, such as dynamodb.Keys.sk.S[0], and what is wrong there.
func Compile(text string) (Pattern, error) {
	var document any
	if err := json.Unmarshal([]byte(text), &document); err != nil {
		return Pattern{}, fmt.Errorf("pattern is not JSON: %w", err)
	}
	object, ok := document.(map[string]any)
	if !ok {
		return Pattern{}, fmt.Errorf("pattern is %s, want an object", text)
	}
	return compileObject(object, "")
}

func compileObject(object map[string]any, at string) (Pattern, error) {
	if len(object) == 0 {
		return Pattern{}, fmt.Errorf("%s: empty object, want at least one field", place(at))
	}
	var p Pattern
	var problems []error
	for _, name := range sortedKeys(object) {
		where := strings.TrimPrefix(at+"."+name, ".")
		var err error
		if list, isList := object[name].([]any); isList && name == "$or" {
			p.alternatives, err = compileAlternatives(list, where)
		} else {
			var f field
			f, err = compileField(name, object[name], where)
			p.fields = append(p.fields, f)
		}
		if err != nil {
			problems = append(problems, err)
		}
	}
	return p, errors.Join(problems...)
}

func compileAlternatives(list []any, at string) ([]Pattern, error) {
	if len(list) < 2 {
		return nil, fmt.Errorf("%s: want at least two patterns", at)
	}
	var patterns []Pattern
	for i, item := range list {
		where := fmt.Sprintf("%s[%d]", at, i)
		object, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("%s: want an object", where)
		}
		p, err := compileObject(object, where)
		if err != nil {
			return nil, err
		}
		patterns = append(patterns, p)
	}
	return patterns, nil
}

func compileField(name string, value any, at string) (field, error) {
	switch v := value.(type) {
	case map[string]any:
		nested, err := compileObject(v, at)
		return field{name: name, nested: &nested}, err
	case []any:
		rules, err := compileRules(v, at)
		return field{name: name, rules: rules}, err
	}
	return field{}, fmt.Errorf("%s: %s must stand in a list, as in [%s]", at, show(value), show(value))
}

func compileRules(list []any, at string) ([]rule, error) {
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: empty list matches nothing", at)
	}
	var rules []rule
	for i, item := range list {
		r, err := compileRule(item, fmt.Sprintf("%s[%d]", at, i))
		if err != nil {
			return nil, err
		}
		rules = append(rules, r)
	}
	return rules, nil
}

func compileRule(item any, at string) (rule, error) {
	switch v := item.(type) {
	case map[string]any:
		if len(v) != 1 {
			return nil, fmt.Errorf("%s: an operator object has exactly one key, this one has %d", at, len(v))
		}
		for operator, operand := range v {
			r, err := compileOperator(operator, operand)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", at, err)
			}
			return r, nil
		}
	case []any:
		return nil, fmt.Errorf("%s: a list inside a list matches nothing", at)
	}
	return whenPresent(func(value any) bool { return value == item }), nil
}

func place(at string) string {
	if at == "" {
		return "pattern"
	}
	return at
}

func show(value any) string {
	text, err := json.Marshal(value)
	if err != nil { // cannot happen: value came out of JSON
		return strconv.Quote(fmt.Sprint(value))
	}
	return string(text)
}

func sortedKeys(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Match reports whether a document, decoded from JSON into maps, slices, strings, float64s, bools and nil, has
// everything that the pattern asks for.
func (p Pattern) Match(document any) bool {
	object, _ := document.(map[string]any)
	for _, f := range p.fields {
		value, present := object[f.name]
		if !f.match(value, present) {
			return false
		}
	}
	return len(p.alternatives) == 0 || slices.ContainsFunc(p.alternatives, func(a Pattern) bool { return a.Match(document) })
}

// match applies the condition to a value or, when that is a list, to its elements: one must do.
func (f field) match(value any, present bool) bool {
	if list, isList := value.([]any); isList {
		return slices.ContainsFunc(list, func(element any) bool { return f.match(element, true) })
	}
	if f.nested != nil {
		return f.nested.Match(value)
	}
	return slices.ContainsFunc(f.rules, func(r rule) bool { return r(value, present) })
}
