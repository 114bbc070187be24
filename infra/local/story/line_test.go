package story

import (
	"io"
	"net"
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
	open    map[net.Conn]bool
}

// tooMany is what API Gateway says beyond its limit.
const tooMany = "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nContent-Length: 31\r\nConnection: close\r\n\r\n" +
	`{"message":"Too Many Requests"}`

// layLine lays a line to the desk.
func layLine(t *testing.T, d *desk) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	l := &line{URL: "http://" + listener.Addr().String(), to: strings.TrimPrefix(d.URL(), "http://"), open: map[net.Conn]bool{}}
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
		_, _ = phone.Read(make([]byte, 64<<10))
		_, _ = io.WriteString(phone, tooMany)
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
