package archive

import (
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"sync"
)

// Writer fills an archive. Its methods may be called at once.
type Writer struct {
	root *os.Root

	mu             sync.Mutex
	table, objects *lines
	sums           []Sum
	size           int64
	items, files   int
}

// Create begins an archive in a folder that does not exist or is empty; nobody else may read what is in it.
func Create(folder string) (*Writer, error) {
	there, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if len(there) > 0 {
		return nil, fmt.Errorf("folder %s is not empty: an export never writes over another; name a new one", folder)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	w := &Writer{}
	if w.root, err = os.OpenRoot(folder); err != nil {
		return nil, err
	}
	if w.table, err = newLines(w.root, tableFile); err != nil {
		return nil, err
	}
	w.objects, err = newLines(w.root, objectsFile)
	return w, err
}

// Item adds an item.
func (w *Writer) Item(i Item) error {
	line, err := Encode(i)
	if err != nil {
		return fmt.Errorf("item %s: %w", Key(i), err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.items++
	w.sums = append(w.sums, sumOf("item", line))
	return w.table.write(line)
}

// Object adds a file; o says what it is, its size and sum are found out.
func (w *Writer) Object(o Object, body io.Reader) (err error) {
	if err := o.checkPath(); err != nil {
		return err
	}
	if err := w.root.MkdirAll(path.Dir(o.path()), 0o700); err != nil {
		return err
	}
	f, err := w.root.OpenFile(o.path(), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	h := sha256.New()
	o.Size, err = io.Copy(io.MultiWriter(f, h), body)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", o.path(), err)
	}
	o.Sum = hex.EncodeToString(h.Sum(nil))
	line, err := json.Marshal(o)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.files++
	w.size += o.Size
	w.sums = append(w.sums, sumOf("object", line))
	return w.objects.write(line)
}

// Finish makes the archive whole and gives m with what was counted.
func (w *Writer) Finish(m Manifest) (Manifest, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := errors.Join(w.table.close(), w.objects.close()); err != nil {
		return m, err
	}
	m.Format, m.Items, m.Objects, m.Bytes, m.Digest = Format, w.items, w.files, w.size, digest(w.sums)
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return m, err
	}
	f, err := w.root.OpenFile(manifestFile, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return m, err
	}
	_, err = f.Write(append(text, '\n'))
	return m, errors.Join(err, f.Sync(), f.Close(), w.root.Close())
}

// lines is a compressed file of lines.
type lines struct {
	file *os.File
	zip  *gzip.Writer
}

func newLines(root *os.Root, name string) (*lines, error) {
	f, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return &lines{f, gzip.NewWriter(f)}, nil
}

func (l *lines) write(line []byte) error {
	_, err := l.zip.Write(append(line, '\n'))
	return err
}

func (l *lines) close() error { return errors.Join(l.zip.Close(), l.file.Sync(), l.file.Close()) }
