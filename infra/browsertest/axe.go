package browsertest

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Axe gives the source of axe-core, which finds what shuts people out of a page. Where it is not
// installed the test fails and says how to.
func Axe(t *testing.T) string {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	source, err := os.ReadFile(filepath.Join(filepath.Dir(here), "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatalf("the browser tests need axe-core; install it with: make browser (%v)", err)
	}
	return string(source)
}
