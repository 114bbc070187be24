package sources

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// Checkpoints remember how far each source has come, across restarts and crashes.
type Checkpoints interface {
	// Load returns a source's marks by their keys; empty if none were saved.
	Load(source string) (map[string]string, error)
	// Save replaces a source's marks. Once it returns they survive a crash of the process.
	Save(source string, marks map[string]string) error
}

// FileCheckpoints keep each source's marks in a small JSON file of their own.
type FileCheckpoints struct {
	dir string
	mu  sync.Mutex
}

// NewFileCheckpoints keeps marks in dir, which it makes.
func NewFileCheckpoints(dir string) (*FileCheckpoints, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make checkpoint folder: %w", err)
	}
	return &FileCheckpoints{dir: dir}, nil
}

// Load implements Checkpoints. A file that cannot be read is an error: guessing would skip or repeat a day.
func (c *FileCheckpoints) Load(source string) (map[string]string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	name := c.file(source)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]string{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load checkpoint: %w", err)
	}
	marks := map[string]string{}
	if err := json.Unmarshal(text, &marks); err != nil {
		return nil, fmt.Errorf("load checkpoint %s (delete it to start the source afresh): %w", name, err)
	}
	return marks, nil
}

// Save implements Checkpoints.
func (c *FileCheckpoints) Save(source string, marks map[string]string) error {
	text, err := json.MarshalIndent(marks, "", "  ")
	if err != nil {
		return fmt.Errorf("save checkpoint: %w", err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := writeFile(c.file(source), text); err != nil {
		return fmt.Errorf("save checkpoint: %w", err)
	}
	return nil
}

func (c *FileCheckpoints) file(source string) string {
	return filepath.Join(c.dir, url.PathEscape(source)+".json")
}

// writeFile replaces a file so that a crash leaves the old text or the new, and never half of one.
func writeFile(name string, text []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name()) // does nothing once it is renamed
	_, err = temporary.Write(text)
	if err == nil {
		err = temporary.Sync()
	}
	if closeErr := temporary.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	if err := os.Rename(temporary.Name(), name); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}

// syncDir makes a rename or removal in the folder durable. Windows cannot sync a folder, and needs not.
func syncDir(name string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(name)
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}
