// Package bucket keeps photos in the one bucket. A phone posts one photo straight to it, by a signed form that is bound
// in size, type and time; what was posted is cleaned and deleted, and only clean photos are ever given out. Its objects:
//
//	uploads/<id>           as it was posted: read by function photo alone
//	photos/<id>.jpg        clean
//	photos/<id>.thumb.jpg  and small
package bucket

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"steledesk/shared/photo"
)

// Bounds of an upload.
const (
	MaxPhoto = photo.MaxBytes
	SlotTime = 15 * time.Minute
)

// PhotoTypes are the media types a slot may be asked for.
func PhotoTypes() []string { return []string{"image/jpeg", "image/png", "image/webp", "image/heic"} }

// Slot is where and how to upload one photo: a multipart POST to URL with Fields, then the file.
type Slot struct {
	URL       string
	Fields    map[string]string
	ExpiresIn time.Duration
}

// Uploads is the folder of what was posted.
const Uploads = "uploads/"

// Photos is one bucket of them.
type Photos struct {
	client *s3.Client
	signer *s3.PresignClient
	bucket string
}

// Open gives the bucket called name. It calls nothing, and neither does anything that only signs.
func Open(cfg aws.Config, name string) *Photos {
	client := s3.NewFromConfig(cfg)
	return &Photos{client: client, signer: s3.NewPresignClient(client), bucket: name}
}

// Slot gives the form to upload the photo id of a media type. What is posted with another type, or
// with more than MaxPhoto bytes, or after SlotTime, is refused by S3.
func (p *Photos) Slot(ctx context.Context, id, mediaType string) (Slot, error) {
	key := Uploads + id
	signed, err := p.signer.PresignPostObject(ctx, &s3.PutObjectInput{Bucket: &p.bucket, Key: &key}, func(o *s3.PresignPostOptions) {
		o.Expires = SlotTime
		o.Conditions = []any{
			[]any{"content-length-range", 1, MaxPhoto},
			[]any{"eq", "$Content-Type", mediaType},
		}
	})
	if err != nil {
		return Slot{}, fmt.Errorf("sign photo slot: %w", err)
	}
	signed.Values["Content-Type"] = mediaType
	return Slot{URL: signed.URL, Fields: signed.Values, ExpiresIn: SlotTime}, nil
}
