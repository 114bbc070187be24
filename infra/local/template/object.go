package template

import (
	"slices"
	"strconv"
	"strings"
)

// object reads a mapping field by field and remembers which fields were asked for;
// done refuses the rest. So what is understood and what is told of it are one.
type object struct {
	found *finder
	v     *value
	asked []string
}

// openPlain opens a mapping that holds no functions, such as a parameter.
func openPlain(v *value, found *finder) *object {
	if v.kind != mapping && v.kind != broken {
		found.at(v, "is %s; a mapping was expected", v.kind)
		v = v.like(broken)
	}
	return &object{found: found, v: v}
}

func (o *object) ask(key string) *value {
	if !slices.Contains(o.asked, key) {
		o.asked = append(o.asked, key)
	}
	v := o.v.field(key)
	if v != nil && v.kind == broken {
		return nil
	}
	return v
}

func (o *object) has(key string) bool { return o.v.field(key) != nil }

// require tells of each key that is missing.
func (o *object) require(keys ...string) {
	for _, key := range keys {
		o.ask(key)
		if !o.has(key) && o.v.kind == mapping {
			o.found.at(o.v, "%s is missing", key)
		}
	}
}

// ignore names fields that are understood and mean nothing on one machine.
func (o *object) ignore(keys ...string) {
	for _, key := range keys {
		o.ask(key)
	}
}

func (o *object) text(key, fallback string) string {
	v := o.ask(key)
	if v == nil {
		return fallback
	}
	if v.kind != scalar || v.null {
		o.found.at(v, "is %s; text was expected", describe(v))
		return fallback
	}
	return v.text
}

func describe(v *value) string {
	if v.null {
		return "empty"
	}
	return v.kind.String()
}

// integer reads a whole number between the given bounds.
func (o *object) integer(key string, fallback, low, high int) int {
	text := o.text(key, "")
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		o.found.at(o.v.field(key), "%q is not a whole number from %d to %d", text, low, high)
		return fallback
	}
	return n
}

func (o *object) flag(key string, fallback bool) bool {
	switch text := o.text(key, ""); text {
	case "":
		return fallback
	case "true", "false":
		return text == "true"
	default:
		o.found.at(o.v.field(key), "%q is neither true nor false", text)
		return fallback
	}
}

func (o *object) choice(key, fallback string, allowed ...string) string {
	text := o.text(key, fallback)
	if text != fallback && !slices.Contains(allowed, text) {
		o.found.at(o.v.field(key), "%q is not understood; understood are %s", text, strings.Join(allowed, ", "))
		return fallback
	}
	return text
}

// items returns a list's values; a single value stands for a list of one.
func (o *object) items(key string) []*value {
	v := o.ask(key)
	switch {
	case v == nil:
		return nil
	case v.kind == list:
		return v.items
	}
	return []*value{v}
}

func (o *object) texts(key string) []string {
	var texts []string
	for _, item := range o.items(key) {
		switch {
		case item.kind == broken:
		case item.kind != scalar || item.null:
			o.found.at(item, "is %s; text was expected", describe(item))
		default:
			texts = append(texts, item.text)
		}
	}
	return texts
}

func (o *object) objects(key string) []*object {
	var objects []*object
	for _, item := range o.items(key) {
		objects = append(objects, openPlain(item, o.found))
	}
	return objects
}

// object opens a mapping inside this one; an absent one reads as empty.
func (o *object) object(key string) *object {
	v := o.ask(key)
	if v == nil {
		return &object{found: o.found, v: o.v.like(broken)}
	}
	return openPlain(v, o.found)
}

// fields returns the entries of a mapping whose keys are free, such as variables.
func (o *object) fields(key string) []field { return o.object(key).v.fields }

// done refuses every field that nobody asked for.
func (o *object) done() {
	for _, f := range o.v.fields {
		if !slices.Contains(o.asked, f.key) {
			o.found.add(f.line, f.value.path, "is not understood; understood are %s", strings.Join(o.asked, ", "))
		}
	}
}
