package s3

import (
	"io"
	"net/http"
	"strings"

	"github.com/johannesboyne/gofakes3"
)

// backend is the store as gofakes3 wants it.
type backend struct{ *store }

var _ gofakes3.Backend = backend{}

func (b backend) ListBuckets() ([]gofakes3.BucketInfo, error) {
	var all []gofakes3.BucketInfo
	for _, name := range b.names() {
		b.mu.RLock()
		if kept, ok := b.buckets[name]; ok {
			all = append(all, gofakes3.BucketInfo{Name: name, CreationDate: gofakes3.NewContentTime(kept.created)})
		}
		b.mu.RUnlock()
	}
	return all, nil
}

func (b backend) BucketExists(name string) (bool, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.buckets[name] != nil, nil
}

func (b backend) CreateBucket(name string) error {
	if exists, _ := b.BucketExists(name); exists {
		return gofakes3.ResourceError(gofakes3.ErrBucketAlreadyExists, name)
	}
	return b.createBucket(name)
}

func (b backend) DeleteBucket(name string) error      { return b.removeBucket(name, false) }
func (b backend) ForceDeleteBucket(name string) error { return b.removeBucket(name, true) }

// ListBucket gives one page of keys and common prefixes in order.
func (b backend) ListBucket(name string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	if prefix == nil {
		prefix = &gofakes3.Prefix{}
	}
	objects, err := b.list(name, prefix.Prefix)
	if err != nil {
		return nil, err
	}
	list, last := gofakes3.NewObjectList(), ""
	for _, o := range objects {
		var match gofakes3.PrefixMatch
		if !prefix.Match(o.Key, &match) {
			continue
		}
		entry := o.Key
		if match.CommonPrefix {
			entry = match.MatchedPart
		}
		if entry == last || page.HasMarker && entry <= page.Marker {
			continue
		}
		if page.MaxKeys > 0 && int64(len(list.Contents)+len(list.CommonPrefixes)) == page.MaxKeys {
			list.IsTruncated, list.NextMarker = true, last
			break
		}
		if last = entry; match.CommonPrefix {
			list.AddPrefix(entry)
			continue
		}
		list.Add(&gofakes3.Content{Key: o.Key, Size: o.Size, ETag: `"` + o.ETag() + `"`,
			LastModified: gofakes3.NewContentTime(o.Modified), StorageClass: "STANDARD"})
	}
	return list, nil
}

func (b backend) HeadObject(bucketName, key string) (*gofakes3.Object, error) {
	o, err := b.stat(bucketName, key)
	if err != nil {
		return nil, err
	}
	return presented(o, http.NoBody, nil), nil
}

func (b backend) GetObject(bucketName, key string, asked *gofakes3.ObjectRangeRequest) (*gofakes3.Object, error) {
	o, file, err := b.content(bucketName, key)
	if err != nil {
		return nil, err
	}
	part, err := asked.Range(o.Size)
	if err != nil {
		file.Close()
		return nil, err
	}
	start, length := int64(0), o.Size
	if part != nil {
		start, length = part.Start, part.Length
	}
	return presented(o, readCloser{io.NewSectionReader(file, start, length), file}, part), nil
}

func presented(o Object, content io.ReadCloser, part *gofakes3.ObjectRange) *gofakes3.Object {
	return &gofakes3.Object{Name: o.Key, Metadata: o.Headers, Size: o.Size, Hash: o.MD5, Contents: content, Range: part}
}

// PutObject stores an object; a content that is shorter or longer than announced is refused.
func (b backend) PutObject(bucketName, key string, headers map[string]string, content io.Reader, size int64,
	conditions *gofakes3.PutConditions) (gofakes3.PutObjectResult, error) {
	allowed := func(old Object, exists bool) error {
		if conditions == nil {
			return nil
		}
		return gofakes3.CheckPutConditions(conditions, &gofakes3.ConditionalObjectInfo{Exists: exists, Hash: old.MD5})
	}
	_, err := b.put(bucketName, newObject(key, headers), &measured{content, size}, allowed)
	return gofakes3.PutObjectResult{}, err
}

// newObject takes what belongs to the object from a request's headers and leaves what belongs to the request.
func newObject(key string, headers map[string]string) Object {
	o := Object{Key: key, Headers: map[string]string{}}
	for name, value := range headers {
		switch {
		case name == "Last-Modified":
			o.Modified, _ = http.ParseTime(value) // gofakes3 wrote it
			o.Headers[name] = value
		case strings.HasPrefix(name, "Content-"), strings.HasPrefix(name, "X-Amz-Meta-"), strings.HasPrefix(name, "X-Amz-Checksum-"):
			o.Headers[name] = value
		}
	}
	return o
}

// measured fails when the content is not as long as announced.
type measured struct {
	content io.Reader
	left    int64
}

func (m *measured) Read(p []byte) (int, error) {
	n, err := m.content.Read(p)
	m.left -= int64(n)
	if m.left < 0 || err == io.EOF && m.left > 0 || err == io.ErrUnexpectedEOF {
		return n, gofakes3.ErrorMessage(gofakes3.ErrIncompleteBody,
			"You did not provide the number of bytes specified by the Content-Length HTTP header")
	}
	return n, err
}

func (b backend) DeleteObject(bucketName, key string) (gofakes3.ObjectDeleteResult, error) {
	return gofakes3.ObjectDeleteResult{}, b.remove(bucketName, key)
}

func (b backend) DeleteMulti(bucketName string, keys ...string) (gofakes3.MultiDeleteResult, error) {
	var result gofakes3.MultiDeleteResult
	for _, key := range keys {
		if err := b.remove(bucketName, key); err != nil {
			result.Error = append(result.Error, gofakes3.ErrorResult{Key: key, Code: gofakes3.ErrInternal, Message: err.Error()})
			continue
		}
		result.Deleted = append(result.Deleted, gofakes3.ObjectID{Key: key})
	}
	return result, nil
}

func (b backend) CopyObject(fromBucket, fromKey, toBucket, toKey string, headers map[string]string) (gofakes3.CopyObjectResult, error) {
	from, file, err := b.content(fromBucket, fromKey)
	if err != nil {
		return gofakes3.CopyObjectResult{}, err
	}
	defer file.Close()
	stored, err := b.put(toBucket, newObject(toKey, headers), io.LimitReader(file, from.Size), nil)
	return gofakes3.CopyObjectResult{ETag: `"` + stored.ETag() + `"`, LastModified: gofakes3.NewContentTime(stored.Modified)}, err
}
