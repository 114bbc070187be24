package events

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"steledesk/events/golden"
)

// TestPayloads holds each file to what the code gives today, and finds files that nothing makes.
// go test ./events -run TestPayloads -update writes them.
func TestPayloads(t *testing.T) {
	want := map[string]any{}
	for _, group := range []map[string]any{
		submitPayloads(t), trackPayloads(t), sitePayloads(t), deskPayloads(t), supervisePayloads(t), dispatchPayloads(t), notifyPayloads(t), deadlinePayloads(), photoPayloads(t), pushPayloads(t), digestPayloads(t),
	} {
		maps.Copy(want, group)
	}
	for name, payload := range want {
		file := filepath.FromSlash(name) + ".json"
		text := encode(t, payload)
		if golden.Update() {
			write(t, file, text)
			continue
		}
		got, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s is not what the code gives (%v); go test ./events -run TestPayloads -update", file, err)
		}
	}
	if extra := slices.DeleteFunc(files(t), func(f string) bool { _, made := want[f]; return made }); len(extra) > 0 {
		t.Errorf("no test makes %v", extra)
	}
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func write(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// files lists the payloads there are, as "submit/catalog".
func files(t *testing.T) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".json") && filepath.Dir(path) != "." {
			found = append(found, strings.TrimSuffix(filepath.ToSlash(path), ".json"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The README names every payload, so that nobody has to open them all.
func TestReadmeNamesEveryPayload(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files(t) {
		if !strings.Contains(string(readme), "`"+f+".json`") {
			t.Errorf("README.md does not name %s.json", f)
		}
	}
}
