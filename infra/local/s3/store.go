package s3

import (
	"cmp"
	"crypto/md5"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/johannesboyne/gofakes3"
)

// store keeps objects in files: <folder>/<bucket>/<2 hex>/<sha-256 of the key>. A file is the content, then what is
// known of it as JSON, then the JSON's length in 4 bytes and a mark, so that one rename stores or replaces all of it. An index
// of the files is held in memory.
type store struct {
	folder  string
	removed func(bucket string, o Object) // told after an object was removed

	mu      sync.RWMutex
	buckets map[string]*bucket
}

type bucket struct {
	created time.Time
	objects map[string]Object
}

// Object is what is known of a stored object.
type Object struct {
	Key      string
	Size     int64 // bytes
	MD5      []byte
	Headers  map[string]string // Content-Type, x-amz-meta-… and the like, by canonical name
	Modified time.Time
}

// ETag is the object's entity tag, without quotation marks.
func (o Object) ETag() string { return hex.EncodeToString(o.MD5) }

const (
	mark       = "S3L1"
	temporary  = "incoming-"
	bucketFile = "bucket" // its time is when the bucket was made
)

// openStore reads the index of a folder, which it makes if missing, and clears away uploads that were cut off.
func openStore(folder string) (*store, error) {
	s := &store{folder: folder, buckets: map[string]*bucket{}, removed: func(string, Object) {}}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue // what file managers leave behind
		}
		if b, err := readBucket(filepath.Join(folder, entry.Name())); err == nil {
			s.buckets[entry.Name()] = b
		} else if !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read bucket %s: %w", entry.Name(), err)
		}
	}
	return s, nil
}

func readBucket(folder string) (*bucket, error) {
	made, err := os.Stat(filepath.Join(folder, bucketFile))
	if err != nil {
		return nil, err
	}
	b := &bucket{created: made.ModTime(), objects: map[string]Object{}}
	err = filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir() || entry.Name() == bucketFile || strings.HasPrefix(entry.Name(), "."):
			return err
		case strings.HasPrefix(entry.Name(), temporary):
			return os.Remove(path)
		}
		o, err := readObject(path)
		if err != nil {
			return fmt.Errorf("read object file %s: %w", path, err)
		}
		b.objects[o.Key] = o
		return nil
	})
	return b, err
}

// readObject reads the end of an object's file.
func readObject(path string) (o Object, err error) {
	file, err := os.Open(path)
	if err != nil {
		return o, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return o, err
	}
	end := make([]byte, 4+len(mark))
	if _, err := file.ReadAt(end, info.Size()-int64(len(end))); err != nil || string(end[4:]) != mark {
		return o, fmt.Errorf("not an object of this store: %w", cmp.Or(err, fs.ErrInvalid))
	}
	known := make([]byte, binary.BigEndian.Uint32(end))
	if _, err := file.ReadAt(known, info.Size()-int64(len(end)+len(known))); err != nil {
		return o, err
	}
	return o, json.Unmarshal(known, &o)
}

func (s *store) path(bucketName, key string) string {
	sum := sha256.Sum256([]byte(key))
	name := hex.EncodeToString(sum[:])
	return filepath.Join(s.folder, bucketName, name[:2], name)
}

// createBucket makes a bucket; one that is there stays as it is.
func (s *store) createBucket(name string) error {
	if err := gofakes3.ValidateBucketName(name); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.buckets[name] != nil {
		return nil
	}
	folder := filepath.Join(s.folder, name)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(filepath.Join(folder, bucketFile), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	b, err := readBucket(folder)
	if err != nil {
		return err
	}
	s.buckets[name] = b
	return errors.Join(syncFolder(folder), syncFolder(s.folder))
}

// stat finds an object; the error is a gofakes3 one when the bucket or the key is missing.
func (s *store) stat(bucketName, key string) (Object, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.buckets[bucketName]
	if !ok {
		return Object{}, gofakes3.BucketNotFound(bucketName)
	}
	o, ok := b.objects[key]
	if !ok {
		return Object{}, gofakes3.KeyNotFound(key)
	}
	return o, nil
}

// list returns a bucket's objects whose keys begin with prefix, by key.
func (s *store) list(bucketName, prefix string) ([]Object, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	b, ok := s.buckets[bucketName]
	if !ok {
		return nil, gofakes3.BucketNotFound(bucketName)
	}
	var all []Object
	for key, o := range b.objects {
		if strings.HasPrefix(key, prefix) {
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(a, b Object) int { return cmp.Compare(a.Key, b.Key) })
	return all, nil
}

func (s *store) names() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.buckets))
}

// put stores content under o's key; size and checksum it finds out itself. allowed, when not nil, is asked under the
// lock what was there before. What put returns as stored is on disk.
func (s *store) put(bucketName string, o Object, content io.Reader, allowed func(old Object, exists bool) error) (Object, error) {
	if _, err := s.stat(bucketName, ""); gofakes3.HasErrorCode(err, gofakes3.ErrNoSuchBucket) {
		return o, err
	}
	path := s.path(bucketName, o.Key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return o, err
	}
	file, err := os.CreateTemp(filepath.Dir(path), temporary)
	if err != nil {
		return o, err
	}
	defer os.Remove(file.Name()) // after the rename there is nothing of that name
	o, err = write(file, o, content)
	if err := errors.Join(err, file.Close()); err != nil {
		return o, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets[bucketName]
	if !ok {
		return o, gofakes3.BucketNotFound(bucketName)
	}
	if old, exists := b.objects[o.Key]; allowed != nil {
		if err := allowed(old, exists); err != nil {
			return o, err
		}
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return o, err
	}
	b.objects[o.Key] = o
	return o, syncFolder(filepath.Dir(path))
}

// write fills an object's file and returns the object with its size and checksum.
func write(file *os.File, o Object, content io.Reader) (Object, error) {
	sum := md5.New()
	size, err := io.Copy(io.MultiWriter(file, sum), content)
	if err != nil {
		return o, err
	}
	o.Size, o.MD5 = size, sum.Sum(nil)
	known, err := json.Marshal(o)
	if err != nil {
		return o, err
	}
	known = append(binary.BigEndian.AppendUint32(known, uint32(len(known))), mark...)
	if _, err := file.Write(known); err != nil {
		return o, err
	}
	return o, file.Sync()
}

// content opens an object's bytes; the caller closes them. An object that was replaced meanwhile keeps its bytes.
func (s *store) content(bucketName, key string) (Object, *os.File, error) {
	s.mu.RLock() // so that object and file belong together
	defer s.mu.RUnlock()
	b, ok := s.buckets[bucketName]
	if !ok {
		return Object{}, nil, gofakes3.BucketNotFound(bucketName)
	}
	o, ok := b.objects[key]
	if !ok {
		return o, nil, gofakes3.KeyNotFound(key)
	}
	file, err := os.Open(s.path(bucketName, key))
	return o, file, err
}

// remove deletes an object; one that is not there is no error.
func (s *store) remove(bucketName, key string) error {
	o, existed, err := s.unlink(bucketName, key)
	if err == nil && existed {
		s.removed(bucketName, o)
	}
	return err
}

func (s *store) unlink(bucketName, key string) (Object, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets[bucketName]
	if !ok {
		return Object{}, false, gofakes3.BucketNotFound(bucketName)
	}
	o, ok := b.objects[key]
	if !ok {
		return o, false, nil
	}
	path := s.path(bucketName, key)
	if err := os.Remove(path); err != nil {
		return o, false, err
	}
	delete(b.objects, key)
	return o, true, syncFolder(filepath.Dir(path))
}

// removeBucket deletes a bucket, with what it holds when all is set.
func (s *store) removeBucket(name string, all bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.buckets[name]
	if !ok {
		return gofakes3.BucketNotFound(name)
	}
	if len(b.objects) > 0 && !all {
		return gofakes3.ResourceError(gofakes3.ErrBucketNotEmpty, name)
	}
	delete(s.buckets, name)
	return os.RemoveAll(filepath.Join(s.folder, name))
}

// syncFolder makes the names in a folder last, too.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
