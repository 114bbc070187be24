package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/shared/bucket"
	"steledesk/shared/dynamo"
	"steledesk/shared/photo"
)

// wake is what woke the function: one record of any of its three sources.
type wake struct {
	Source string          `json:"eventSource"`
	At     time.Time       `json:"eventTime"` // of S3
	S3     events.S3Entity `json:"s3"`
	Body   string          `json:"body"` // of a message: an event that failed before
	Name   string          `json:"eventName"`

	Change struct {
		Keys map[string]events.DynamoDBAttributeValue
	} `json:"dynamodb"`
}

// job is a photo to clean, or to forget.
type job struct {
	id     string
	at     time.Time // when it was uploaded
	forget bool      // its item is gone, so what it stood for goes too
}

// jobs reads an event of S3, of the table's stream, or of the queue of events that failed.
func jobs(payload []byte) ([]job, error) {
	var event struct{ Records []wake }
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, fmt.Errorf("read event: %w", err)
	}
	var all []job
	for _, w := range event.Records {
		some, err := w.jobs()
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func (w wake) jobs() ([]job, error) {
	switch w.Source {
	case "aws:s3":
		id, is := strings.CutPrefix(w.S3.Object.URLDecodedKey, bucket.Uploads)
		if !is || !photo.IsID(id) { // nothing that a visitor can have made
			return nil, nil
		}
		return []job{{id: id, at: w.At}}, nil
	case "aws:sqs":
		var failed struct {
			Payload json.RawMessage `json:"requestPayload"`
		}
		if err := json.Unmarshal([]byte(w.Body), &failed); err != nil {
			return nil, fmt.Errorf("read failed event: %w", err)
		}
		return jobs(failed.Payload)
	case "aws:dynamodb":
		return w.forgotten(), nil
	}
	return nil, fmt.Errorf("read event: unknown source %q", w.Source)
}

// forgotten is the photo whose item was removed.
func (w wake) forgotten() []job {
	pk, there := w.Change.Keys["pk"]
	if w.Name != string(events.DynamoDBOperationTypeRemove) || !there || pk.DataType() != events.DataTypeString {
		return nil
	}
	id, is := dynamo.PhotoID(pk.String())
	if !is {
		return nil
	}
	return []job{{id: id, forget: true}}
}
