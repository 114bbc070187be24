package sources

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
)

// A BucketMapping is a bucket's notification of a function.
type BucketMapping struct {
	Function string
	Bucket   string
	Events   []string // such as s3:ObjectCreated:* or s3:ObjectRemoved:Delete
	Prefix   string   // of keys; empty: all
	Suffix   string
}

// An ObjectEvent is something that happened to an object.
type ObjectEvent struct {
	Bucket string
	Key    string // not encoded
	Name   string // such as ObjectCreated:Put, ObjectCreated:Post, ObjectRemoved:Delete
	Size   int64  // bytes; of removals 0
	ETag   string // without quotes
	At     time.Time
	Source string // the caller's address
}

// A Bucket tells a function of what happens to a bucket's objects.
type Bucket struct {
	Setup
	mapping BucketMapping
	async   *Async
}

// NewBucket checks the mapping.
func NewBucket(setup Setup, mapping BucketMapping, async *Async) (*Bucket, error) {
	if len(mapping.Events) == 0 {
		return nil, fmt.Errorf("notify %s of bucket %s: no Events, want at least one such as s3:ObjectCreated:*", mapping.Function, mapping.Bucket)
	}
	for _, name := range mapping.Events {
		if !strings.HasPrefix(name, "s3:ObjectCreated:") && !strings.HasPrefix(name, "s3:ObjectRemoved:") {
			return nil, fmt.Errorf("notify %s of bucket %s: event %q is not understood here, want one of s3:ObjectCreated or s3:ObjectRemoved", mapping.Function, mapping.Bucket, name)
		}
	}
	return &Bucket{Setup: setup.withDefaults(), mapping: mapping, async: async}, nil
}

// Notify takes an event, if it is one that the function wants to hear of. Once it returns nil the notification
// survives a crash.
func (b *Bucket) Notify(event ObjectEvent) error {
	if !b.wants(event) {
		return nil
	}
	payload, err := json.Marshal(b.event(event))
	if err != nil {
		return fmt.Errorf("notify %s: %w", b.mapping.Function, err)
	}
	return b.async.Invoke(b.mapping.Function, payload)
}

func (b *Bucket) wants(event ObjectEvent) bool {
	m := b.mapping
	if event.Bucket != m.Bucket || !strings.HasPrefix(event.Key, m.Prefix) || !strings.HasSuffix(event.Key, m.Suffix) {
		return false
	}
	for _, name := range m.Events {
		family, all := strings.CutSuffix(strings.TrimPrefix(name, "s3:"), "*")
		if event.Name == family || all && strings.HasPrefix(event.Name, family) {
			return true
		}
	}
	return false
}

func (b *Bucket) event(event ObjectEvent) any {
	record := bucketRecord{
		EventVersion:      "2.1",
		EventSource:       "aws:s3",
		AWSRegion:         b.Region,
		EventTime:         event.At.UTC().Format("2006-01-02T15:04:05.000Z"),
		EventName:         event.Name,
		UserIdentity:      principal{"AWS:" + b.AccountID},
		RequestParameters: map[string]string{"sourceIPAddress": event.Source},
		ResponseElements:  map[string]string{"x-amz-request-id": uuid.NewString(), "x-amz-id-2": ""},
	}
	record.S3.SchemaVersion = "1.0"
	record.S3.ConfigurationID = b.mapping.Function
	record.S3.Bucket.Name = event.Bucket
	record.S3.Bucket.OwnerIdentity = principal{b.AccountID}
	record.S3.Bucket.ARN = "arn:" + b.Partition + ":s3:::" + event.Bucket
	record.S3.Object.Key = strings.ReplaceAll(url.QueryEscape(event.Key), "%2F", "/")
	record.S3.Object.Size = event.Size
	record.S3.Object.ETag = event.ETag
	record.S3.Object.Sequencer = fmt.Sprintf("%016X", event.At.UnixNano())
	return map[string][]bucketRecord{"Records": {record}}
}

// bucketRecord is the record of an S3 event, as
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html has it. The library's
// type is for reading: it writes fields that S3 does not.
type bucketRecord struct {
	EventVersion      string            `json:"eventVersion"`
	EventSource       string            `json:"eventSource"`
	AWSRegion         string            `json:"awsRegion"`
	EventTime         string            `json:"eventTime"`
	EventName         string            `json:"eventName"`
	UserIdentity      principal         `json:"userIdentity"`
	RequestParameters map[string]string `json:"requestParameters"`
	ResponseElements  map[string]string `json:"responseElements"`
	S3                struct {
		SchemaVersion   string `json:"s3SchemaVersion"`
		ConfigurationID string `json:"configurationId"`
		Bucket          struct {
			Name          string    `json:"name"`
			OwnerIdentity principal `json:"ownerIdentity"`
			ARN           string    `json:"arn"`
		} `json:"bucket"`
		Object struct {
			Key       string `json:"key"`
			Size      int64  `json:"size,omitempty"`
			ETag      string `json:"eTag,omitempty"`
			Sequencer string `json:"sequencer"`
		} `json:"object"`
	} `json:"s3"`
}

type principal struct {
	PrincipalID string `json:"principalId"`
}
