package bucket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"steledesk/shared/photo"
)

// ErrNoUpload is the error of an upload that is not there: not posted, or dealt with and deleted.
var ErrNoUpload = errors.New("no upload of this id")

const jpegType = "image/jpeg"

func clean(id string) string     { return "photos/" + id + ".jpg" }
func thumbnail(id string) string { return "photos/" + id + ".thumb.jpg" }

// Upload reads what was posted for id. Errors: ErrNoUpload, a *photo.Refusal when it is larger than a photo may be,
// which no slot lets in.
func (p *Photos) Upload(ctx context.Context, id string) ([]byte, error) {
	out, err := p.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &p.bucket, Key: aws.String(Uploads + id)})
	var none *types.NoSuchKey
	switch {
	case errors.As(err, &none):
		return nil, ErrNoUpload
	case err != nil:
		return nil, fmt.Errorf("read upload %s: %w", id, err)
	}
	defer func() { _ = out.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(out.Body, photo.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read upload %s: %w", id, err)
	}
	if len(data) > photo.MaxBytes {
		return nil, &photo.Refusal{Reason: photo.TooBig}
	}
	return data, nil
}

// Post stores an upload itself, for a browser that cannot post to the bucket.
func (p *Photos) Post(ctx context.Context, id string, data []byte) error {
	return p.put(ctx, Uploads+id, "application/octet-stream", data)
}

// Keep stores a clean photo and its thumbnail; the photo last, so that where there is one there are both.
func (p *Photos) Keep(ctx context.Context, id string, c photo.Clean) error {
	if err := p.put(ctx, thumbnail(id), jpegType, c.Thumbnail); err != nil {
		return err
	}
	return p.put(ctx, clean(id), jpegType, c.JPEG)
}

func (p *Photos) put(ctx context.Context, key, mediaType string, data []byte) error {
	_, err := p.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &p.bucket, Key: &key, ContentType: &mediaType, Body: bytes.NewReader(data),
	})
	if err != nil {
		return fmt.Errorf("store %s: %w", key, err)
	}
	return nil
}

// DropUpload deletes an upload; one that is not there is no error.
func (p *Photos) DropUpload(ctx context.Context, id string) error { return p.drop(ctx, Uploads+id) }

// Drop deletes all there is of a photo.
func (p *Photos) Drop(ctx context.Context, id string) error {
	return p.drop(ctx, clean(id), thumbnail(id), Uploads+id)
}

func (p *Photos) drop(ctx context.Context, keys ...string) error {
	for _, key := range keys {
		if _, err := p.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &p.bucket, Key: &key}); err != nil {
			return fmt.Errorf("delete %s: %w", key, err)
		}
	}
	return nil
}
