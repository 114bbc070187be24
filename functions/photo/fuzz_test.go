package main

import (
	"testing"

	"steledesk/shared/photo"
)

// FuzzJobs: no event that may wake the function brings it down, and none names a photo that is not one's id.
func FuzzJobs(f *testing.F) {
	for _, seed := range []string{
		`{"Records":[{"eventSource":"aws:s3","eventTime":"2026-11-23T09:00:00Z","s3":{"object":{"key":"uploads/0123456789ABCDEFGHJKMNPQRS"}}}]}`,
		`{"Records":[{"eventSource":"aws:s3","s3":{"object":{"key":"uploads/..%2F..%2Fclean%2Fx"}}}]}`,
		`{"Records":[{"eventSource":"aws:dynamodb","eventName":"REMOVE","dynamodb":{"Keys":{"pk":{"S":"P#x"}}}}]}`,
		`{"Records":[{"eventSource":"aws:dynamodb","eventName":"REMOVE","dynamodb":{"Keys":{"pk":{"N":"1"}}}}]}`,
		`{"Records":[{"eventSource":"aws:sqs","body":"{\"requestPayload\":{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"{}\"}]}}"}]}`,
		`{"Records":[{"eventSource":"aws:sqs","body":"{\"requestPayload\":null}"}]}`, `{"Records":null}`, `[]`, `{`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		all, err := jobs(payload)
		if err != nil {
			return
		}
		for _, j := range all {
			if !photo.IsID(j.id) {
				t.Errorf("%q is no photo's id", j.id)
			}
		}
	})
}
