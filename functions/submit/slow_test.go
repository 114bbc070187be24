package main

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"steledesk/shared/office"
	"steledesk/shared/suspicion"
)

// A program that meets the limit is told what to do, in its own terms, and does it.
func TestFloodIsAskedForWork(t *testing.T) {
	f := newFunction()
	f.counts.Set(map[string]int{"BL01": 40}, nil)
	r := request(filing(t, map[string]any{"spot": "BL01"}))
	status, body := f.answer(t, r)
	challenge, _ := body["challenge"].(map[string]any)
	if status != http.StatusTooManyRequests || body["code"] != "proof-needed" || challenge["bits"] != 16.0 {
		t.Fatalf("got %d %v", status, body)
	}
	out, err := f.Serve(t.Context(), r)
	if err != nil || out.Headers["retry-after"] != "30" {
		t.Errorf("got %v, %v", out.Headers, err)
	}
	if f.store.Writes() != 0 {
		t.Error("what was refused was stored")
	}
	proof := suspicion.Work(challenge["token"].(string), 16)
	other := request(filing(t, map[string]any{"spot": "BL01"}))
	other.Headers["idempotency-key"], other.Headers["x-proof"] = "fedcba9876543210", proof
	if status, body := f.answer(t, other); status != http.StatusTooManyRequests {
		t.Errorf("another key with this proof: %d %v", status, body)
	}
	r.Headers["x-proof"] = proof
	if status, body := f.answer(t, r); status != http.StatusCreated {
		t.Errorf("with the proof: %d %v", status, body)
	}
}

// An office may allow fewer photos than the six of the description.
func TestPhotosAreAsManyAsTheOfficeAllows(t *testing.T) {
	f := newFunction()
	o, _, err := f.desk.Offices.Current(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o.Limits.Photos = 1
	f.desk.Offices = fixed{o}
	photo := func(key string) string {
		r := request(`{"type":"image/jpeg"}`)
		r.RouteKey, r.Headers["idempotency-key"] = "POST /v1/photos", key
		status, body := f.answer(t, r)
		if status != http.StatusCreated {
			t.Fatalf("got %d %v", status, body)
		}
		return body["id"].(string)
	}
	two := []string{photo("0123456789abcdef"), photo("0123456789abcdef")}
	status, body := f.answer(t, request(filing(t, map[string]any{"photos": two})))
	if status != http.StatusUnprocessableEntity || faults(body) != "/photos max-items" {
		t.Errorf("two photos: %d %v", status, body)
	}
	if status, _ := f.answer(t, request(filing(t, map[string]any{"photos": two[:1]}))); status != http.StatusCreated {
		t.Errorf("one photo: %d", status)
	}
}

// One filing cannot fill the bucket.
func TestSlotsOfOneFiling(t *testing.T) {
	f := newFunction()
	r := request(`{"type":"image/jpeg"}`)
	r.RouteKey = "POST /v1/photos"
	for n := range 18 {
		if status, body := f.answer(t, r); status != http.StatusCreated {
			t.Fatalf("slot %d: %d %v", n, status, body)
		}
	}
	status, body := f.answer(t, r)
	if status != http.StatusTooManyRequests || body["code"] != "too-many-slots" || !strings.Contains(body["detail"].(string), "18") {
		t.Errorf("got %d %v", status, body)
	}
}

// fixed is office data that stays as it is.
type fixed struct{ office *office.Office }

func (f fixed) Current(context.Context) (*office.Office, int, error) { return f.office, 1, nil }
