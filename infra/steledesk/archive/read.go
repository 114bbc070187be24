package archive

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
)

// maxLine is more than an item can be (DynamoDB: 400 KB), its binaries in base64 included.
const maxLine = 4 << 20

// Reader reads an archive.
type Reader struct {
	Manifest Manifest
	root     *os.Root
}

// Open reads an archive's manifest.
func Open(folder string) (*Reader, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	text, err := root.ReadFile(manifestFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("folder %s has no %s: it is no export, or one that did not come to its end", folder, manifestFile)
	}
	if err != nil {
		return nil, err
	}
	m, err := decodeManifest(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	return &Reader{Manifest: m, root: root}, nil
}

func decodeManifest(text []byte) (m Manifest, err error) {
	if err := json.Unmarshal(text, &m); err != nil {
		return m, err
	}
	if m.Format != Format {
		return m, fmt.Errorf("format %d, and this program reads %d", m.Format, Format)
	}
	return m, nil
}

// decodeObject reads the line of a file.
func decodeObject(line []byte) (o Object, err error) {
	if err := json.Unmarshal(line, &o); err != nil {
		return o, fmt.Errorf("no file's line: %w", err)
	}
	if o.Bucket != "photos" && o.Bucket != "papers" {
		return o, fmt.Errorf("bucket %q is none of a desk's", o.Bucket)
	}
	return o, o.checkPath()
}

// Items gives every item. It ends at the first error, which names the line.
func (r *Reader) Items() iter.Seq2[Item, error] {
	return each(r, tableFile, Decode)
}

// Objects gives every file.
func (r *Reader) Objects() iter.Seq2[Object, error] {
	return each(r, objectsFile, decodeObject)
}

// Body opens a file, which the caller closes. It cannot be outside the folder.
func (r *Reader) Body(o Object) (*os.File, error) { return r.root.Open(o.path()) }

func each[T any](r *Reader, name string, read func([]byte) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		f, err := r.root.Open(name)
		if err != nil {
			yield(none, err)
			return
		}
		defer func() { _ = f.Close() }()
		zip, err := gzip.NewReader(f)
		if err != nil {
			yield(none, fmt.Errorf("%s: %w", name, err))
			return
		}
		lines := bufio.NewScanner(zip)
		lines.Buffer(nil, maxLine)
		n := 0
		for lines.Scan() {
			n++
			one, err := read(lines.Bytes())
			if err != nil {
				err = fmt.Errorf("%s line %d: %w", name, n, err)
			}
			if !yield(one, err) || err != nil {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(none, fmt.Errorf("%s after line %d: %w", name, n, err))
		}
	}
}

// Check reads everything and holds it against the manifest: each file by its sum, all of it by the digest. The order of
// lines says nothing; a line that is there twice is an error.
func (r *Reader) Check() error {
	sums, err := r.itemSums()
	if err != nil {
		return err
	}
	items, seen := len(sums), map[string]bool{}
	for o, err := range r.Objects() {
		switch {
		case err != nil:
			return err
		case seen[o.path()]:
			return fmt.Errorf("%s: file %s is there twice", objectsFile, o.path())
		}
		seen[o.path()] = true
		if err := r.checkBody(o); err != nil {
			return err
		}
		line, err := json.Marshal(o)
		if err != nil {
			return err
		}
		sums = append(sums, sumOf("object", line))
	}
	if m := r.Manifest; items != m.Items || len(sums)-items != m.Objects {
		return fmt.Errorf("%d items and %d files, and the manifest says %d and %d: lines were taken away or added", items, len(sums)-items, m.Items, m.Objects)
	}
	if got := digest(sums); got != r.Manifest.Digest {
		return fmt.Errorf("the digest is %s, and the manifest says %s: something was changed", got, r.Manifest.Digest)
	}
	return nil
}

func (r *Reader) itemSums() ([]Sum, error) {
	var sums []Sum
	seen := map[string]bool{}
	for i, err := range r.Items() {
		switch {
		case err != nil:
			return nil, err
		case seen[Key(i)]:
			return nil, fmt.Errorf("%s line %d: item %s is there twice", tableFile, len(sums)+1, Key(i))
		}
		seen[Key(i)] = true
		s, err := SumOf(i)
		if err != nil {
			return nil, err
		}
		sums = append(sums, s)
	}
	return sums, nil
}

func (r *Reader) checkBody(o Object) error {
	f, err := r.Body(o)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	size, err := io.Copy(h, f)
	if err != nil {
		return fmt.Errorf("read %s: %w", o.path(), err)
	}
	if sum := hex.EncodeToString(h.Sum(nil)); size != o.Size || sum != o.Sum {
		return fmt.Errorf("%s was changed: %d bytes, SHA-256 %s; want %d, %s", o.path(), size, sum, o.Size, o.Sum)
	}
	return nil
}
