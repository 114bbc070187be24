package office

import (
	"bytes"
	_ "embed"
	"encoding/json"
)

//go:embed default.yaml
var defaultFile []byte

// What Parse makes of default.yaml, so that a function that starts on a table without office data
// need not parse YAML, nor carry a parser. TestDefaultIsCurrent holds it to the file and writes it anew:
// go test ./shared/office -run TestDefaultIsCurrent -update
//
//go:embed default.json
var defaultJSON []byte

// DefaultFile is the text of the built-in office file, to begin an own one from.
func DefaultFile() []byte { return bytes.Clone(defaultFile) }

// Default is the built-in office, a new one each time.
func Default() *Office {
	o := &Office{}
	if err := json.Unmarshal(defaultJSON, o); err != nil {
		panic("office: built-in file: " + err.Error()) // a broken build: no input reaches this
	}
	return o
}
