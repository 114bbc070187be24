package bucket

import (
	"context"
	"fmt"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"steledesk/shared/photo"
)

// LinkTime is how long the address of a clean photo works.
const LinkTime = 15 * time.Minute

// Records knows what became of photos: *dynamo.Table.
type Records interface {
	Photos(ctx context.Context, ids []string) (map[string]photo.Photo, error)
}

// Gallery gives photos to those who may see the ticket that names them.
type Gallery struct {
	Records Records
	Photos  *Photos
}

// Show gives what is known of photos, by their ids, with addresses of those that are clean.
func (g *Gallery) Show(ctx context.Context, ids []string) (map[string]photo.Photo, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := g.Records.Photos(ctx, ids)
	if err != nil {
		return nil, err
	}
	for id, p := range found {
		if p.State != photo.Ready {
			continue
		}
		if p.URL, err = g.Photos.link(ctx, clean(id)); err != nil {
			return nil, err
		}
		if p.Thumbnail, err = g.Photos.link(ctx, thumbnail(id)); err != nil {
			return nil, err
		}
		found[id] = p
	}
	return found, nil
}

// link signs the address of an object. It calls nothing.
func (p *Photos) link(ctx context.Context, key string) (string, error) {
	signed, err := p.signer.PresignGetObject(ctx, &s3.GetObjectInput{Bucket: &p.bucket, Key: &key}, s3.WithPresignExpires(LinkTime))
	if err != nil {
		return "", fmt.Errorf("sign address of %s: %w", key, err)
	}
	return signed.URL, nil
}

// Origin is where the bucket's objects are had from, for the policies of pages that show them: such as
// https://desk-photos.s3.cn-north-1.amazonaws.com.cn.
func (p *Photos) Origin(ctx context.Context) (string, error) {
	address, err := p.link(ctx, "photos/")
	if err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("find origin of bucket: %w", err)
	}
	return u.Scheme + "://" + u.Host, nil
}
