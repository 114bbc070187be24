package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var row = regexp.MustCompile("(?m)^\\| `([^`]+)` (Fuzz\\w+) \\|")

// A decoder that is fuzzed is written down with how far, and nothing is written down that is not fuzzed: a new target
// cannot be forgotten, nor an old one outlive its code.
func TestEveryTargetIsInTheTable(t *testing.T) {
	all, err := find("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../docs/hostile.md")
	if err != nil {
		t.Fatal(err)
	}
	var written []target
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		written = append(written, target{m[1], m[2]})
	}
	for _, one := range all {
		if !slices.Contains(written, one) {
			t.Errorf("infra/docs/hostile.md has no row for %s", one)
		}
	}
	for _, one := range written {
		if !slices.Contains(all, one) {
			t.Errorf("infra/docs/hostile.md has a row for %s, which is no target", one)
		}
	}
	if len(all) < 30 {
		t.Errorf("%d targets were found", len(all))
	}
}

func TestProgressIsRead(t *testing.T) {
	out := "fuzz: elapsed: 0s, gathering baseline coverage: 0/20 completed\n" +
		"fuzz: elapsed: 3s, execs: 4096 (1365/sec), new interesting: 9 (total: 29)\n" +
		"fuzz: elapsed: 9s, execs: 1000020 (999/sec), new interesting: 1229 (total: 1249)\nPASS\n"
	if executions, inputs := count([]byte(out)); executions != "1,000,020" || inputs != "1,229" {
		t.Errorf("got %s and %s", executions, inputs)
	}
	if executions, _ := count([]byte(strings.Repeat("x", 10))); executions != "0" {
		t.Errorf("nothing ran, and %s executions", executions)
	}
}
