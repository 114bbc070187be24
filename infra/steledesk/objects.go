package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"steledesk/infra/steledesk/archive"
)

// buckets are those of a desk, by what an archive calls them; a bucket is called stack-photos-account.
var buckets = []string{photosBucket, "papers"}

const photosBucket = "photos"

// objects are the files of a desk's buckets.
type objects struct {
	client *s3.Client
	prefix string // of the buckets' names
	suffix string
}

// objects finds the buckets. Their names end with the account's number, which the address of a queue tells.
func (s *stack) objects(ctx context.Context) (*objects, error) {
	address, err := s.queueURL(ctx, s.deadLetters())
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read queue address %s: %w", address, err)
	}
	account, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	return &objects{client: s3.NewFromConfig(s.config), prefix: s.name + "-", suffix: "-" + account}, nil
}

func (o *objects) bucket(name string) *string { return aws.String(o.prefix + name + o.suffix) }

// list gives the keys of a bucket and ends at the first error.
func (o *objects) list(ctx context.Context, bucket string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		pages := s3.NewListObjectsV2Paginator(o.client, &s3.ListObjectsV2Input{Bucket: o.bucket(bucket)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield("", fmt.Errorf("list bucket %s: %w", *o.bucket(bucket), err))
				return
			}
			for _, one := range page.Contents {
				if !yield(aws.ToString(one.Key), nil) {
					return
				}
			}
		}
	}
}

// get reads a file, which the caller closes. It is nil when there is none: what was listed may be deleted since.
func (o *objects) get(ctx context.Context, bucket, key string) (*s3.GetObjectOutput, error) {
	out, err := o.client.GetObject(ctx, &s3.GetObjectInput{Bucket: o.bucket(bucket), Key: &key})
	var gone *types.NoSuchKey
	switch {
	case errors.As(err, &gone):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read %s of bucket %s: %w", key, *o.bucket(bucket), err)
	}
	return out, nil
}

// save writes a file into an archive, and reports whether there is one.
func (o *objects) save(ctx context.Context, w *archive.Writer, bucket, key string) (bool, error) {
	out, err := o.get(ctx, bucket, key)
	if err != nil || out == nil {
		return false, err
	}
	defer func() { _ = out.Body.Close() }()
	return true, w.Object(archive.Object{Bucket: bucket, Key: key, Type: aws.ToString(out.ContentType)}, out.Body)
}

// same holds a file against what an archive says of it. there is false when there is no such file.
func (o *objects) same(ctx context.Context, one archive.Object) (same, there bool, err error) {
	out, err := o.get(ctx, one.Bucket, one.Key)
	if err != nil || out == nil {
		return false, false, err
	}
	defer func() { _ = out.Body.Close() }()
	h := sha256.New()
	size, err := io.Copy(h, out.Body)
	if err != nil {
		return false, true, fmt.Errorf("read %s of bucket %s: %w", one.Key, *o.bucket(one.Bucket), err)
	}
	return size == one.Size && hex.EncodeToString(h.Sum(nil)) == one.Sum && aws.ToString(out.ContentType) == one.Type, true, nil
}

// restore stores a file of an archive.
func (o *objects) restore(ctx context.Context, r *archive.Reader, one archive.Object) error {
	body, err := r.Body(one)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }()
	_, err = o.client.PutObject(ctx, &s3.PutObjectInput{Bucket: o.bucket(one.Bucket), Key: &one.Key, ContentType: &one.Type, Body: body})
	if err != nil {
		return fmt.Errorf("store %s in bucket %s: %w", one.Key, *o.bucket(one.Bucket), err)
	}
	return nil
}
