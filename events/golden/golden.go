// Package golden feeds the payloads of events/ to handlers as Lambda does, and holds what they
// answer to files in testdata. go test ./functions/submit -update writes those anew.
package golden

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
)

var update = flag.Bool("update", false, "write golden files anew")

// Update reports whether golden files are to be written instead of read.
func Update() bool { return *update }

// Payload reads events/<name>.json from the folder of a function.
func Payload(t testing.TB, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "events", filepath.FromSlash(name)+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// Invoke calls a handler with a payload, through the library's own decoding and encoding.
func Invoke(t *testing.T, handler any, payload []byte) []byte {
	t.Helper()
	answer, err := lambda.NewHandler(handler).Invoke(t.Context(), payload)
	if err != nil {
		t.Fatalf("the function failed: %v", err)
	}
	return answer
}

// Check holds got to the golden file testdata/<name>.json, both indented. A text field that is JSON itself, such
// as the body of an HTTP answer, is written as what it is.
func Check(t *testing.T, name string, got []byte) {
	t.Helper()
	file, text := filepath.Join("testdata", name+".json"), pretty(t, got)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, want) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, text, want)
	}
}

func pretty(t *testing.T, text []byte) []byte {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if answer, ok := v.(map[string]any); ok {
		if body, ok := answer["body"].(string); ok {
			var decoded any
			if json.Unmarshal([]byte(body), &decoded) == nil {
				answer["body"] = decoded
			}
		}
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
