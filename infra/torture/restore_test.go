package main

import (
	"testing"
)

// The drill holds, and each of its checks can fail.
func TestRestore(t *testing.T) {
	var r report
	if err := (restore{seed: 3, lives: 30}).run(t.Context(), here, &r); err != nil {
		t.Fatal(err)
	}
	holds(t, &r)
	good := restored{
		exported: "d", again: "d", checked: "x\ndigest d\n", stored: "stored and read back: the same", verified: "every chain holds",
	}
	for what, spoil := range map[string]func(*restored){
		"another digest": func(e *restored) { e.again = "e" }, "no digest": func(e *restored) { e.exported, e.again = "", "" },
		"not the same": func(e *restored) { e.stored = "all there" }, "a broken chain": func(e *restored) { e.verified = "1 chain broken" },
		"somebody told": func(e *restored) { e.told = []string{"told"} }, "a code that opens nothing": func(e *restored) { e.bad = []string{"WX-1"} },
		"a photo lost": func(e *restored) { e.lost = []string{"the photo answers 404"} }, "a photo at work for ever": func(e *restored) { e.waits = []string{"the photo is waiting"} },
	} {
		bad, table := good, report{}
		if bad.judge(&table); len(table.broken()) != 0 {
			t.Fatalf("what is good is refused: %+v", table.broken())
		}
		spoil(&bad)
		table = report{}
		if bad.judge(&table); len(table.broken()) != 1 {
			t.Errorf("%s: %d rows are broken, want 1", what, len(table.broken()))
		}
	}
}
