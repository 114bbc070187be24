package build

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// module writes a small module with two functions, the second with a mistake if
// broken.
func module(t *testing.T, broken bool) string {
	t.Helper()
	root := t.TempDir()
	files := map[string]string{
		"go.mod":                 "module example\n\ngo 1.26\n",
		"functions/good/main.go": "package main\n\nfunc main() { println(\"good\") }\n",
		"functions/bad/main.go":  "package main\n\nfunc main() {}\n",
	}
	if broken {
		files["functions/bad/main.go"] = "package main\n\nfunc main() { missing() }\n"
	}
	for name, text := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestFunctions(t *testing.T) {
	root, out := module(t, false), filepath.Join(t.TempDir(), "out")
	folders := []string{"functions/good", "functions/bad"}
	changed := map[string]int{}
	for range 2 {
		err := Functions(context.Background(), root, out, folders, func(b Built) {
			if b.Changed {
				changed[b.Folder]++
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	// Building again must leave the binaries alone, or every start would be slow.
	if changed["functions/good"] != 1 || changed["functions/bad"] != 1 {
		t.Errorf("functions were written %v times in two builds, want once each", changed)
	}
	said, err := exec.Command(Binary(out, "functions/good")).CombinedOutput()
	if err != nil || strings.TrimSpace(string(said)) != "good" {
		t.Errorf("built function said %q, error %v", said, err)
	}
}

// One function that does not compile must not hide another's mistakes or stop its
// build, and the compiler's line must reach the person.
func TestFunctionsBroken(t *testing.T) {
	root, out := module(t, true), t.TempDir()
	var done []string
	err := Functions(context.Background(), root, out, []string{"functions/bad", "functions/good", "functions/none"}, func(b Built) {
		done = append(done, b.Folder)
	})
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range []string{"build functions/bad", "main.go:3:15: undefined: missing", "build functions/none"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error\n%v\nwant it to contain %q", err, want)
		}
	}
	if len(done) != 1 || done[0] != "functions/good" {
		t.Errorf("built %v, want functions/good alone", done)
	}
}
