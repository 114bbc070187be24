package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
)

// meter counts the calls to the AWS endpoint, their bytes, and the capacity units that DynamoDB
// says they consumed: it asks for them in each request, which the program does not.
type meter struct {
	mu sync.Mutex
	on bool
	reading
}

// reading is what a meter counted.
type reading struct {
	calls    map[string]int // by service and action
	capacity float64
	sent     int // bytes
	received int
}

func newMeter() *meter { return &meter{reading: reading{calls: map[string]int{}}} }

// start begins a measurement from nothing.
func (m *meter) start() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.on, m.reading = true, reading{calls: map[string]int{}}
}

func (m *meter) stop() reading {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.on = false
	return m.reading
}

// appID marks the bench's own calls in their user agent: what functions do at the same time is not
// counted.
const appID = "steledesk-bench"

// middleware counts the bench's own calls to the table.
func (m *meter) middleware(service, action string, next http.Handler) http.Handler {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.on || service != "dynamodb" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.UserAgent(), "app/"+appID) {
			next.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		asked := bytes.Replace(body, []byte("{"), []byte(`{"ReturnConsumedCapacity":"TOTAL",`), 1)
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(asked)), int64(len(asked))
		r.Header.Set("Content-Length", fmt.Sprint(len(asked)))
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		m.count(service+"."+action, len(body), answer.Body.Bytes())
		maps.Copy(w.Header(), answer.Header())
		w.Header().Del("Content-Length")
		w.Header().Del("X-Amz-Crc32")
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

func (m *meter) count(call string, sent int, answer []byte) {
	units := consumed(answer)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls[call]++
	m.capacity += units
	m.sent += sent
	m.received += len(answer)
}

// consumed adds up the capacity of an answer: one table's, or a list of them.
func consumed(answer []byte) float64 {
	type units struct{ CapacityUnits float64 }
	var one struct{ ConsumedCapacity units }
	if json.Unmarshal(answer, &one) == nil {
		return one.ConsumedCapacity.CapacityUnits
	}
	var many struct{ ConsumedCapacity []units }
	if json.Unmarshal(answer, &many) != nil {
		return 0
	}
	total := 0.0
	for _, u := range many.ConsumedCapacity {
		total += u.CapacityUnits
	}
	return total
}

// per writes the calls of one of n requests: "1 TransactWriteItems".
func (r reading) per(n int) string {
	var parts []string
	for _, call := range slices.Sorted(maps.Keys(r.calls)) {
		parts = append(parts, fmt.Sprintf("%.4g %s", float64(r.calls[call])/float64(n), strings.TrimPrefix(call, "dynamodb.")))
	}
	return strings.Join(parts, ", ")
}
