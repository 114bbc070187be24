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
	r := &Reader{root: root}
	if err := json.Unmarshal(text, &r.Manifest); err != nil {
		return nil, fmt.Errorf("%s: %w", manifestFile, err)
	}
	if r.Manifest.Format != Format {
		return nil, fmt.Errorf("%s: format %d, and this program reads %d", manifestFile, r.Manifest.Format, Format)
	}
	return r, nil
}

// Items gives every item. It ends at the first error, which names the line.
func (r *Reader) Items() iter.Seq2[Item, error] {
	return each(r, tableFile, func(line []byte) (Item, error) { return Decode(line) })
}

// Objects gives every file.
func (r *Reader) Objects() iter.Seq2[Object, error] {
	return each(r, objectsFile, func(line []byte) (o Object, err error) { return o, json.Unmarshal(line, &o) })
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

// Check reads everything and holds it against the manifest: each file by its sum, all of it by the digest.
func (r *Reader) Check() error {
	var sums []Sum
	for i, err := range r.Items() {
		if err != nil {
			return err
		}
		s, err := SumOf(i)
		if err != nil {
			return err
		}
		sums = append(sums, s)
	}
	items := len(sums)
	for o, err := range r.Objects() {
		if err != nil {
			return err
		}
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
