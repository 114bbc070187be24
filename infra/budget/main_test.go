package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func measured(t *testing.T, source string) ([]function, []string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte("package a\n"+source), 0o600); err != nil {
		t.Fatal(err)
	}
	functions, broken, err := measure(dir)
	if err != nil {
		t.Fatal(err)
	}
	return functions, broken
}

func TestDepthCountsBlocksInsideBlocks(t *testing.T) {
	for source, want := range map[string]int{
		`func f() {}`:               0,
		`func f() { if a { b() } }`: 1,
		`func f() { if a { b() } else if c { d() } else { e() } }`:       1,
		`func f() { for { if a { switch { case b: if c { d() } } } } }`:  4,
		`func f() { for { g(func() { for { if a { b() } } }) } }`:        1,
		`func f() { switch { case a: b(); case c: if d { e() } } }`:      2,
		`func f() { for range x { for range y { if a { continue } } } }`: 3,
	} {
		functions, _ := measured(t, source)
		if got := functions[0].depth; got != want {
			t.Errorf("%s: depth %d, want %d", source, got, want)
		}
	}
}

func TestBrokenBudgetsAreNamed(t *testing.T) {
	long := "func long(a, b, c, d, e, f, g int) {\n" + strings.Repeat("\tx()\n", maxLines) + "}\n"
	functions, _ := measured(t, long)
	got := strings.Join(judge(functions), "\n")
	for _, want := range []string{"a.go:2 long: 62 lines", "7 parameters", "as a whole"} {
		if !strings.Contains(got, want) {
			t.Errorf("got %q, want %q in it", got, want)
		}
	}
	_, broken := measured(t, strings.Repeat("var _ = 1\n", maxFile))
	if len(broken) != 1 {
		t.Errorf("a file of %d lines: got %v", maxFile+1, broken)
	}
}
