package web

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// markup is every way by which a script makes a page of a text. The desk page's own test has the same, and more.
var markup = regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTML|srcdoc|javascript:|\beval\(|new Function|setTimeout\(['"]`)

// The scripts of visitors' and supervisors' pages write texts and elements, never markup: what a visitor or a supervisor
// wrote stays text on a page with a script, as it does on one without.
func TestScriptsWriteNoMarkup(t *testing.T) {
	read := 0
	for _, folder := range []string{"assets", "supervise"} {
		err := fs.WalkDir(os.DirFS(folder), ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".js") {
				return err
			}
			text, err := os.ReadFile(folder + "/" + path)
			if found := markup.Find(text); found != nil {
				t.Errorf("%s/%s has %s", folder, path, found)
			}
			read++
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read < 20 {
		t.Errorf("%d scripts: they are elsewhere now", read)
	}
}
