package story

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// line is the way from phones to the desk: it can be cut, for pages and for their workers alike, and mended; or it is
// crowded, and what stands before the desk refuses all, as API Gateway does.
type line struct {
	URL string

	to      string
	mu      sync.Mutex
	cut     bool
	crowded bool
	turned  int // calls that were refused
	open    map[net.Conn]bool
}

// tooMany is what API Gateway says beyond its limit.
const tooMany = "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nContent-Length: 31\r\nConnection: close\r\n\r\n" +
	`{"message":"Too Many Requests"}`

// layLine lays a line to the desk at url.
func layLine(t *testing.T, url string) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	l := &line{URL: "http://" + listener.Addr().String(), to: strings.TrimPrefix(url, "http://"), open: map[net.Conn]bool{}}
	go func() {
		for {
			phone, err := listener.Accept()
			if err != nil {
				return // the test is over
			}
			go l.carry(phone)
		}
	}()
	return l
}

func (l *line) carry(phone net.Conn) {
	defer func() { _ = phone.Close() }()
	if !l.hold(phone) {
		return
	}
	if l.full() {
		l.turnAway(phone)
		return
	}
	desk, err := net.Dial("tcp", l.to)
	if err != nil || !l.hold(desk) {
		return
	}
	defer func() { _ = desk.Close() }()
	go func() {
		_, _ = io.Copy(desk, phone) // one that ends, ends both
		_ = desk.Close()
	}()
	_, _ = io.Copy(phone, desk)
}

// turnAway refuses a call once it is read to its end: who closes a connection with bytes unread resets it, and the phone
// never sees the answer.
func (l *line) turnAway(phone net.Conn) {
	call, err := http.ReadRequest(bufio.NewReader(phone))
	if err == nil {
		_, err = io.Copy(io.Discard, call.Body)
	}
	if err == nil {
		_, err = io.WriteString(phone, tooMany)
	}
	if err != nil {
		return // the phone hung up, or the line changed
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.turned++
}

// refused is how many calls were answered that it is too much.
func (l *line) refused() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.turned
}

// hold notes a connection, unless the line is cut.
func (l *line) hold(c net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.cut {
		l.open[c] = true
	}
	return !l.cut
}

func (l *line) full() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.crowded
}

// sever cuts the line or mends it.
func (l *line) sever(cut bool) { l.becomes(cut, false) }

// crowd has everything refused, or ends that.
func (l *line) crowd(crowded bool) { l.becomes(false, crowded) }

func (l *line) becomes(cut, crowded bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut, l.crowded = cut, crowded
	for c := range l.open {
		_ = c.Close()
	}
	clear(l.open)
}

// A call of many bytes hears that it is too much. The line used to close with most of them unread, which resets the
// connection, so that a phone that met no answer at all passed for one that met a crowd.
func TestACrowdedLineAnswers(t *testing.T) {
	t.Parallel()
	l := layLine(t, "http://127.0.0.1:1")
	l.crowd(true)
	for n := range 10 {
		call, err := http.NewRequestWithContext(t.Context(), http.MethodPost, l.URL, bytes.NewReader(make([]byte, 4<<20)))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(call)
		if err != nil {
			t.Fatalf("call %d: %v", n, err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusTooManyRequests {
			t.Errorf("call %d: status %d", n, answer.StatusCode)
		}
	}
	if n := l.refused(); n == 0 {
		t.Error("none was counted")
	}
}
