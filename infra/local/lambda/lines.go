package lambda

import (
	"bytes"
	"slices"
	"time"
)

const (
	keptLines = 200     // per function and per process
	maxLine   = 8 << 10 // bytes; longer ones are broken, so that binary noise cannot fill the memory
)

// A Line is one line that a function's process printed.
type Line struct {
	Time time.Time `json:"time"`
	PID  int       `json:"pid"`
	Text string    `json:"text"`
}

// A ring keeps the last lines.
type ring struct {
	lines []Line
	next  int // where the next line goes once lines is full
}

func (r *ring) add(line Line) {
	if len(r.lines) < keptLines {
		r.lines = append(r.lines, line)
		return
	}
	r.lines[r.next] = line
	r.next = (r.next + 1) % keptLines
}

// last returns a copy of the kept lines, oldest first.
func (r *ring) last() []Line {
	return slices.Concat(r.lines[r.next:], r.lines[:r.next])
}

// texts returns the last ten lines' text.
func (r *ring) texts() []string {
	lines := r.last()
	var texts []string
	for _, line := range lines[max(0, len(lines)-10):] {
		texts = append(texts, line.Text)
	}
	return texts
}

// A lineWriter cuts what is written to it into lines. os/exec writes from one goroutine per stream.
type lineWriter struct {
	emit func(text string)
	rest []byte
}

func (w *lineWriter) Write(b []byte) (int, error) {
	w.rest = append(w.rest, b...)
	for {
		end := bytes.IndexByte(w.rest, '\n')
		switch {
		case end >= 0 && end <= maxLine:
			w.take(end, end+1)
		case len(w.rest) > maxLine:
			w.take(maxLine, maxLine)
		default:
			return len(b), nil
		}
	}
}

func (w *lineWriter) take(end, next int) {
	if text := string(bytes.ToValidUTF8(w.rest[:end], []byte("\uFFFD"))); text != "" {
		w.emit(text)
	}
	w.rest = w.rest[next:]
}
