package sources_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"steledesk/infra/local/sources"
)

func TestFileCheckpointsLast(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "checkpoints")
	open := func() *sources.FileCheckpoints {
		c, err := sources.NewFileCheckpoints(dir)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	c := open()
	marks, err := c.Load("stream-a/b")
	if err != nil || len(marks) != 0 {
		t.Fatalf("fresh: got %v, %v", marks, err)
	}
	for _, mark := range []string{"1", "2"} {
		if err := c.Save("stream-a/b", map[string]string{"shard-1": mark}); err != nil {
			t.Fatal(err)
		}
	}
	marks, err = open().Load("stream-a/b")
	if err != nil {
		t.Fatal(err)
	}
	want(t, "after a restart", marks, map[string]string{"shard-1": "2"})
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("got %d files, %v, want 1", len(entries), err)
	}
}

func TestBrokenCheckpointIsAnErrorThatNamesTheFile(t *testing.T) {
	dir := t.TempDir()
	c, err := sources.NewFileCheckpoints(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "s.json"), []byte(`{"shard-1":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Load("s"); err == nil || !strings.Contains(err.Error(), filepath.Join(dir, "s.json")) {
		t.Errorf("got %v, want the file named", err)
	}
}
