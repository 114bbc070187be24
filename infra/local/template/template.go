// Package template reads the project's SAM template into a plain model of what it
// declares, so that one machine can run it. It understands the part of
// CloudFormation, SAM and the language extensions that a template of this kind
// needs; whatever else a template says is an error that names its line, never a
// silence.
package template

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The transforms a template may name, in the order AWS demands.
const (
	languageExtensions = "AWS::LanguageExtensions"
	serverless         = "AWS::Serverless-2016-10-31"
)

// Template is a template that was read and not yet resolved: its parameters have
// no values, its references no targets.
type Template struct {
	name       string
	sections   map[string]*value
	transforms []string
}

// Settings are what a deployment adds to a template.
type Settings struct {
	Stack   string // AWS::StackName
	Region  string // AWS::Region; cn-* regions give partition aws-cn
	Account string // AWS::AccountId, twelve digits

	// Parameters override the defaults; a list is written with commas.
	Parameters map[string]string

	// Known holds attributes that only the running resource can tell, such as a
	// table's StreamArn. What is missing here is predicted the way AWS names it.
	Known map[Attribute]string
}

// Attribute names what !Ref (Name "Ref") or !GetAtt gives of a resource.
type Attribute struct{ Resource, Name string }

// Parse reads the YAML text of a template; name stands before each problem. The
// error, if any, is Problems: everything that is wrong with the text's form.
func Parse(name string, text []byte) (*Template, error) {
	found := &finder{name: name}
	t := &Template{name: name, sections: map[string]*value{}}
	if root := read(text, found); root != nil {
		t.divide(root, found)
	}
	return t, found.err()
}

// read turns the text into a tree; nil when there is none.
func read(text []byte, found *finder) *value {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document yaml.Node
	if err := decoder.Decode(&document); err != nil {
		found.text("not YAML", err)
		return nil
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		found.add(1, "", "there is more than one YAML document; a template is one")
		return nil
	}
	root := (&builder{found: found}).build(document.Content[0], "")
	if root.kind != mapping {
		found.add(root.line, "", "a template is a mapping with at least a Resources section")
		return nil
	}
	return root
}

// divide sorts the top level into sections and refuses the ones nobody reads.
func (t *Template) divide(root *value, found *finder) {
	understood := []string{
		"AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Parameters", "Mappings",
		"Conditions", "Globals", "Resources", "Outputs",
	}
	for _, f := range root.fields {
		if !slices.Contains(understood, f.key) {
			found.add(f.line, f.key, "section is not understood; understood are %s", strings.Join(understood, ", "))
			continue
		}
		t.sections[f.key] = f.value
	}
	for _, name := range []string{"Parameters", "Mappings", "Conditions", "Globals", "Resources", "Outputs"} {
		if v := t.sections[name]; v != nil && v.kind != mapping {
			found.add(v.line, name, "is %s; a mapping was expected", v.kind)
			t.sections[name] = nil
		}
	}
	if t.sections["Resources"] == nil {
		found.add(root.line, "Resources", "section is missing; a template declares at least one resource")
	}
	t.readTransforms(found)
}

func (t *Template) readTransforms(found *finder) {
	v := t.sections["Transform"]
	if v == nil {
		return
	}
	items := v.items
	if v.kind == scalar {
		items = []*value{v}
	}
	for _, item := range items {
		if item.text != languageExtensions && item.text != serverless {
			found.add(item.line, item.path, "transform %q is not understood; understood are %s and %s", item.text, languageExtensions, serverless)
		}
		t.transforms = append(t.transforms, item.text)
	}
	if len(t.transforms) > 1 && t.transforms[0] == serverless {
		found.add(v.line, "Transform", "%s must come before %s", languageExtensions, serverless)
	}
}

// Resolve gives the parameters their values, expands loops, follows references
// and returns what the template declares. It changes nothing, so a caller resolves
// once to learn what to create and again when Known attributes are at hand. The
// error is Problems: everything that is wrong, in order of lines.
func (t *Template) Resolve(s Settings) (*Model, error) {
	found := &finder{name: t.name}
	r := newResolver(t, s, found)
	model := r.model()
	if err := found.err(); err != nil {
		return nil, err
	}
	return model, nil
}

// String names the template for messages.
func (t *Template) String() string { return fmt.Sprintf("template %s", t.name) }

// Declares tells whether the template has a parameter of that name.
func (t *Template) Declares(parameter string) bool {
	section := t.sections["Parameters"]
	return section != nil && section.field(parameter) != nil
}
