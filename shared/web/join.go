package web

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
)

// A module that imports others is served with them in one file: a phone with one bar pays for every round trip.
// The modules are written so that this is all it takes: an import or an export stands on one line of its own.
var (
	importing = regexp.MustCompile(`(?m)^import (?:(\{[^}\n]*\}) from )?'\./(?:phone/)?([a-z]+)\.js'\n`)
	exporting = regexp.MustCompile(`(?m)^export ((?:(?:async )?function|const|let|class) (\w+))`)
	renaming  = regexp.MustCompile(`(\w+) as (\w+)`)
)

// join gives a module with all it imports, each once and before those that need it; one that imports nothing as it is. It panics for a module that is
// not there, which a test walks into before anybody else.
func join(name string, source []byte) []byte {
	if !importing.Match(source) {
		return source
	}
	var out bytes.Buffer
	seen := map[string]bool{}
	var need func(source []byte) []byte
	need = func(source []byte) []byte {
		for _, found := range importing.FindAllSubmatch(source, -1) {
			stem := string(found[2])
			if seen[stem] {
				continue
			}
			seen[stem] = true
			body, err := embedded.ReadFile("assets/phone/" + stem + ".js")
			if err != nil {
				panic(fmt.Sprintf("%s needs %s: %v", name, stem, err))
			}
			fmt.Fprintf(&out, "const $%s = (() => {\n%s\n})()\n", stem, need(body))
		}
		return within(source)
	}
	body := need(source)
	return append(out.Bytes(), body...)
}

// within is a module's code as the body of a function that gives what it exports.
func within(source []byte) []byte {
	var names []string
	for _, found := range exporting.FindAllSubmatch(source, -1) {
		names = append(names, string(found[2]))
	}
	code := importing.ReplaceAllFunc(source, func(line []byte) []byte {
		found := importing.FindSubmatch(line)
		if len(found[1]) == 0 {
			return nil
		}
		return fmt.Appendf(nil, "const %s = $%s\n", renaming.ReplaceAll(found[1], []byte("$1: $2")), found[2])
	})
	code = exporting.ReplaceAll(code, []byte("$1"))
	if len(names) > 0 {
		code = fmt.Appendf(code, "return { %s }", strings.Join(names, ", "))
	}
	return code
}
