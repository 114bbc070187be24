package sink

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// entry is one line of the file.
type entry struct {
	Message *Message `json:"message,omitempty"`
	Mail    *Letter  `json:"mail,omitempty"`
}

// journal appends entries to a file; with no name it keeps nothing.
type journal struct {
	mu   sync.Mutex
	file *os.File
}

// openJournal tells each entry of the file, oldest first. A line that a kill cut off is passed over.
func openJournal(path string, tell func(entry)) (*journal, error) {
	if path == "" {
		return &journal{}, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := readJournal(path, tell); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = file.WriteString("\n") // ends a line that was cut off; an empty line is no entry
	return &journal{file: file}, err
}

func readJournal(path string, tell func(entry)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 32<<20)
	for lines.Scan() {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) == nil {
			tell(e)
		}
	}
	return lines.Err()
}

func (j *journal) add(e entry) error {
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	_, err = j.file.Write(append(line, '\n'))
	return err
}

func (j *journal) close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.file == nil {
		return nil
	}
	err := j.file.Close()
	j.file = nil
	return err
}
