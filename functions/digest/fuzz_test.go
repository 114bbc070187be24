package main

import (
	"testing"

	"steledesk/shared/digest"
)

// FuzzJobs: no event that may wake the function brings it down, and none asks for a month that is none.
func FuzzJobs(f *testing.F) {
	for _, seed := range []string{
		`{"time":"2026-11-01T00:00:00Z"}`, `{"time":"0000-01-01T00:00:00Z"}`, `{"time":"9999-12-31T23:59:59+00:00"}`,
		`{"Records":[{"body":"{\"v\":1,\"month\":\"2026-10\"}","attributes":{"SentTimestamp":"1793491200000"}}]}`,
		`{"Records":[{"body":"{\"v\":1,\"month\":\"2026-10\"}","attributes":{"SentTimestamp":"x"}}]}`,
		`{"Records":[{"body":"{\"requestPayload\":{\"time\":\"2026-11-01T00:00:00Z\"}}"}]}`, `{"Records":[{}]}`, `[]`, `null`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		all, err := jobs(payload)
		if err != nil {
			return
		}
		for _, j := range all {
			if _, err := digest.ParseMonth(string(j.Month)); err != nil {
				t.Errorf("%q is no month: %v", j.Month, err)
			}
		}
	})
}
