package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"steledesk/infra/torture/raw"
)

// A file that goes while a folder is read used to end the search.
func TestAFileThatGoesHoldsNothing(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "a")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if found, err := fileIn(folder, path, entries[0], nil); err != nil || len(found) != 1 {
		t.Fatalf("%d texts, %v", len(found), err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for _, walked := range []error{nil, fs.ErrNotExist} {
		if found, err := fileIn(folder, path, entries[0], walked); err != nil || len(found) != 0 {
			t.Errorf("gone, and walked with %v: %d texts, %v", walked, len(found), err)
		}
	}
	if _, err := filesUnder(path); err == nil {
		t.Error("a folder that is not there reads as an empty one")
	}
}

// A ticket that has lost its events is a broken row; it used to end the whole run.
func TestALostTicketIsARow(t *testing.T) {
	table := &raw.Table{Tickets: map[string]*raw.Ticket{"WX-1": {Number: "WX-1"}}}
	if bad := new(turn).twice(table, 1); len(bad) != 1 {
		t.Errorf("got %v", bad)
	}
}
