package template

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// parameterValues gives each parameter its value: the override, or the default.
func parameterValues(section *value, overrides map[string]string, found *finder) map[string]*value {
	values := map[string]*value{}
	if section == nil {
		section = &value{kind: mapping, line: 1, path: "Parameters"}
	}
	for _, f := range section.fields {
		p := parameter{name: f.key, object: openPlain(f.value, found)}
		override, given := overrides[f.key]
		values[f.key] = p.value(override, given)
	}
	for _, name := range slices.Sorted(maps.Keys(overrides)) {
		if values[name] == nil {
			found.at(section, "a value is given for parameter %q, which is not declared; declared are %s", name, keys(section))
		}
	}
	return values
}

type parameter struct {
	name string
	*object
}

func (p parameter) value(text string, given bool) *value {
	p.ignore("Description", "ConstraintDescription", "NoEcho")
	kind := p.choice("Type", "", "String", "Number", "CommaDelimitedList")
	p.require("Type")
	fallback, declared := p.text("Default", ""), p.has("Default")
	if !given {
		text = fallback
	}
	if !given && !declared {
		p.found.at(p.v, "has no Default and no value is given")
	}
	v := p.v.scalar(text)
	items := []string{text}
	if kind == "CommaDelimitedList" {
		v.kind = list
		items = splitList(text)
		for _, item := range items {
			v.items = append(v.items, p.v.scalar(item))
		}
	}
	p.check(kind, items)
	p.done()
	return v
}

// splitList reads a CommaDelimitedList: spaces around the commas do not count.
func splitList(text string) []string {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	items := strings.Split(text, ",")
	for i := range items {
		items[i] = strings.TrimSpace(items[i])
	}
	return items
}

func (p parameter) check(kind string, items []string) {
	allowed := p.texts("AllowedValues")
	pattern := p.pattern()
	shortest, longest := p.integer("MinLength", 0, 0, 1<<20), p.integer("MaxLength", 1<<20, 0, 1<<20)
	least, greatest := p.number("MinValue"), p.number("MaxValue")
	for _, item := range items {
		n, err := strconv.ParseFloat(item, 64)
		switch {
		case kind == "Number" && err != nil:
			p.found.at(p.v, "value %q is not a number", item)
		case p.has("AllowedValues") && !slices.Contains(allowed, item):
			p.found.at(p.v, "value %q is not allowed; allowed are %s", item, strings.Join(allowed, ", "))
		case pattern != nil && !pattern.MatchString(item):
			p.found.at(p.v, "value %q does not match AllowedPattern %s", item, p.text("AllowedPattern", ""))
		case len(item) < shortest || len(item) > longest:
			p.found.at(p.v, "value %q is not %d to %d characters long", item, shortest, longest)
		case least != nil && n < *least || greatest != nil && n > *greatest:
			p.found.at(p.v, "value %s is outside MinValue and MaxValue", item)
		}
	}
}

// pattern compiles AllowedPattern, which CloudFormation matches against the whole
// value.
func (p parameter) pattern() *regexp.Regexp {
	text := p.text("AllowedPattern", "")
	if text == "" {
		return nil
	}
	re, err := regexp.Compile(`^(?:` + text + `)$`)
	if err != nil {
		p.found.at(p.v.field("AllowedPattern"), "is not a regular expression that is understood: %v", err)
	}
	return re
}

func (p parameter) number(key string) *float64 {
	text := p.text(key, "")
	if text == "" {
		return nil
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		p.found.at(p.v.field(key), "%q is not a number", text)
		return nil
	}
	return &n
}

func keys(v *value) string {
	names := make([]string, 0, len(v.fields))
	for _, f := range v.fields {
		names = append(names, f.key)
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
