package bucket

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"path"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"steledesk/shared/meeting"
)

// Papers keeps the files of meetings in a bucket of their own:
//
//	digests/<month>/<hash>/<name>   what belongs to an edition of a digest
type Papers struct {
	client *s3.Client
	signer *s3.PresignClient
	bucket string
}

// OpenPapers gives the bucket called name. It calls nothing, and neither does Link.
func OpenPapers(cfg aws.Config, name string) *Papers {
	client := s3.NewFromConfig(cfg)
	return &Papers{client: client, signer: s3.NewPresignClient(client), bucket: name}
}

// Put implements meeting.Files.
func (p *Papers) Put(ctx context.Context, key, mediaType string, body io.ReadSeeker) error {
	_, err := p.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &p.bucket, Key: &key, ContentType: &mediaType, Body: body})
	if err != nil {
		return fmt.Errorf("store %s: %w", key, err)
	}
	return nil
}

// Get implements meeting.Files.
func (p *Papers) Get(ctx context.Context, key string) (io.ReadCloser, error) {
	out, err := p.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &p.bucket, Key: &key})
	var none *types.NoSuchKey
	switch {
	case errors.As(err, &none):
		return nil, fmt.Errorf("read %s: %w", key, meeting.ErrNoFile)
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return out.Body, nil
}

// Link gives an address that the file can be had from for LinkTime, as a download called name; pages are shown and not
// downloaded. name may be Chinese.
func (p *Papers) Link(ctx context.Context, key, name string) (string, error) {
	disposition := "attachment"
	if path.Ext(name) == ".html" {
		disposition = "inline"
	}
	signed, err := p.signer.PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket: &p.bucket, Key: &key,
		ResponseContentDisposition: aws.String(mime.FormatMediaType(disposition, map[string]string{"filename": name})),
	}, s3.WithPresignExpires(LinkTime))
	if err != nil {
		return "", fmt.Errorf("sign address of %s: %w", key, err)
	}
	return signed.URL, nil
}
