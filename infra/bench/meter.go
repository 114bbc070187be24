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
	mu  sync.Mutex
	on  bool
	all bool // functions too, and every service
	reading
}

// reading is what a meter counted.
type reading struct {
	calls    map[string]int // by service and action
	capacity float64
	writes   float64 // of capacity
	sent     int     // bytes
	received int
}

func newMeter() *meter { return &meter{reading: reading{calls: map[string]int{}}} }

// start begins a measurement from nothing.
func (m *meter) start() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.on, m.all, m.reading = true, false, reading{calls: map[string]int{}}
}

// startAll begins a measurement of what functions call, of whichever service.
func (m *meter) startAll() {
	m.start()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = true
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
	all := m.all
	if !m.on || service != "dynamodb" && !all {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.UserAgent(), caller(all)) {
			next.ServeHTTP(w, r)
			return
		}
		if service != "dynamodb" {
			m.count(service+"."+action, 0, nil)
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

// caller is the mark of those whose calls are counted: of functions, which all begin with the stack's name, or the bench's own.
func caller(all bool) string {
	if all {
		return "app/steledesk-"
	}
	return "app/" + appID
}

// writing are the calls whose capacity is that of writes.
var writing = []string{"TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"}

func (m *meter) count(call string, sent int, answer []byte) {
	units := consumed(answer)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls[call]++
	m.capacity += units
	if _, action, _ := strings.Cut(call, "."); slices.Contains(writing, action) {
		m.writes += units
	}
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
