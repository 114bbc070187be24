package office

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// MaxFile is the most bytes an office file may have. Its JSON must also fit an item of the table, with what is beside it.
const MaxFile = 400 << 10

// Parse reads an office file, YAML or JSON. The error is an *InvalidError that lists all that is
// wrong with it; name is what it calls the file.
func Parse(name string, data []byte) (*Office, error) {
	p := newProblems()
	o := &Office{}
	if root := p.document(data); root != nil {
		p.read("", root, reflect.ValueOf(o).Elem())
		(&checker{problems: p, Office: o}).check()
	}
	if err := p.err(name); err != nil {
		return nil, err
	}
	return o, nil
}

// document gives the file's one document, nil when there is a problem.
func (p *problems) document(data []byte) *yaml.Node {
	if len(data) > MaxFile {
		p.add("", fmt.Sprintf("the file has %d bytes", len(data)), fmt.Sprintf("the most is %d", MaxFile))
		return nil
	}
	if !utf8.Valid(data) {
		p.add("", "the file is not UTF-8 text", "save it with the encoding UTF-8")
		return nil
	}
	var doc, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(data))
	err := d.Decode(&doc)
	if errors.Is(err, io.EOF) || err == nil && (len(doc.Content) == 0 || doc.Content[0].Tag == "!!null") {
		p.add("", "the file is empty", "begin from the built-in one")
		return nil
	}
	if err == nil {
		err = d.Decode(&more)
	}
	switch {
	case err == nil:
		p.addAt(place{more.Line, more.Column}, "", "the file has a second document (a line ---)", "keep one")
		return nil
	case !errors.Is(err, io.EOF):
		p.syntax(err)
		return nil
	}
	return doc.Content[0]
}

var syntaxError = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// syntax notes what the YAML parser says, which names the line in its text only.
func (p *problems) syntax(err error) {
	at, why := place{1, 1}, err.Error()
	if m := syntaxError.FindStringSubmatch(why); m != nil {
		why = m[2]
		if line, err := strconv.Atoi(m[1]); err == nil {
			at.line = max(1, line)
		}
	}
	p.addAt(at, "", "not YAML: "+why, "check colons, quotes and indentation here and in the line above; indent with spaces")
}
