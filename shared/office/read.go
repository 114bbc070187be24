package office

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// read fills v from a node, strictly: fields that do not exist, values of another type and keys
// given twice are problems. Fields go by their JSON names, so the file and the stored JSON are
// the same document. Text may be written without quotes even where it looks like a number.
func (p *problems) read(path string, n *yaml.Node, v reflect.Value) {
	at := place{n.Line, n.Column}
	if _, known := p.places[path]; !known {
		p.places[path] = at
	}
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		p.addAt(at, path, "anchors and aliases (& and *) are not taken", "write the value out")
		return
	case n.Kind == yaml.ScalarNode && n.Style&yaml.TaggedStyle != 0:
		p.addAt(at, path, fmt.Sprintf("the tag %s is not taken", n.Tag), "write the plain value")
		return
	case n.Tag == "!!null":
		return // left empty: as if it were not there
	}
	if text, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		p.readText(path, n, text)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		p.readStruct(path, n, v)
	case reflect.Map:
		p.readMap(path, n, v)
	case reflect.Slice:
		p.readList(path, n, v)
	default:
		p.readScalar(path, n, v)
	}
}

func (p *problems) readText(path string, n *yaml.Node, text encoding.TextUnmarshaler) {
	if !p.want(path, n, yaml.ScalarNode) {
		return
	}
	if err := text.UnmarshalText([]byte(n.Value)); err != nil {
		p.add(path, err.Error(), "")
	}
}

func (p *problems) readStruct(path string, n *yaml.Node, v reflect.Value) {
	p.eachKey(path, n, func(name string, key, value *yaml.Node) {
		field, ok := fieldNamed(v, name)
		if !ok {
			p.addAt(place{key.Line, key.Column}, join(path, name), "unknown field", didYouMean(name, fieldNames(v)))
			return
		}
		p.read(join(path, name), value, field)
	})
}

func (p *problems) readMap(path string, n *yaml.Node, v reflect.Value) {
	p.eachKey(path, n, func(name string, _, value *yaml.Node) {
		if v.IsNil() { // an empty map stays nil, as it does in JSON
			v.Set(reflect.MakeMap(v.Type()))
		}
		item := reflect.New(v.Type().Elem()).Elem()
		p.read(join(path, name), value, item)
		v.SetMapIndex(reflect.ValueOf(name).Convert(v.Type().Key()), item)
	})
}

// eachKey walks a mapping and notes each key's place.
func (p *problems) eachKey(path string, n *yaml.Node, visit func(name string, key, value *yaml.Node)) {
	if !p.want(path, n, yaml.MappingNode) {
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at := place{key.Line, key.Column}
		if key.Kind != yaml.ScalarNode || key.Anchor != "" || strings.ContainsAny(key.Value, ".[") {
			p.addAt(at, path, "a field's name must be plain text", "")
			continue
		}
		if line, twice := lines[key.Value]; twice {
			p.addAt(at, join(path, key.Value), fmt.Sprintf("given twice, first in line %d", line), "keep one of them")
			continue
		}
		lines[key.Value] = key.Line
		p.places[join(path, key.Value)] = at
		visit(key.Value, key, value)
	}
}

func (p *problems) readList(path string, n *yaml.Node, v reflect.Value) {
	if !p.want(path, n, yaml.SequenceNode) || len(n.Content) == 0 {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		p.read(index(path, i), item, v.Index(i))
	}
}

func (p *problems) readScalar(path string, n *yaml.Node, v reflect.Value) {
	if !p.want(path, n, yaml.ScalarNode) {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(n.Value)
	case reflect.Bool:
		if n.Tag != "!!bool" {
			p.add(path, fmt.Sprintf("%q is neither true nor false", n.Value), "write true or false")
			return
		}
		v.SetBool(strings.EqualFold(n.Value, "true"))
	case reflect.Int:
		i, err := strconv.Atoi(n.Value)
		if err != nil {
			p.add(path, fmt.Sprintf("%q is no whole number", n.Value), "write digits only")
			return
		}
		v.SetInt(int64(i))
	default:
		panic("office: no reader for " + v.Type().String())
	}
}

// want notes a problem when a node is of another shape.
func (p *problems) want(path string, n *yaml.Node, kind yaml.Kind) bool {
	if n.Kind == kind {
		return true
	}
	name := map[yaml.Kind]string{
		yaml.ScalarNode:   "a single value",
		yaml.SequenceNode: "a list (lines that begin with \"- \")",
		yaml.MappingNode:  "fields (lines of the form \"name: value\")",
	}
	p.add(path, "is "+name[n.Kind], "must be "+name[kind])
	return false
}

func fieldNamed(v reflect.Value, name string) (reflect.Value, bool) {
	for i := range v.NumField() {
		if jsonName(v.Type().Field(i)) == name {
			return v.Field(i), true
		}
	}
	return reflect.Value{}, false
}

func fieldNames(v reflect.Value) []string {
	names := make([]string, v.NumField())
	for i := range names {
		names[i] = jsonName(v.Type().Field(i))
	}
	return names
}

func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func index(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
