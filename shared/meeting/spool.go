package meeting

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// spool is a file that what does not fit into memory waits in: values of one type, a line of JSON each, read as often
// as one likes after they were all written. Where the system allows it the file has no name, so that a program that is
// killed leaves nothing behind.
type spool[T any] struct {
	file   *os.File
	buffer *bufio.Writer
	json   *json.Encoder
	size   int64
}

func newSpool[T any]() (*spool[T], error) {
	file, err := os.CreateTemp("", "steledesk-digest-")
	if err != nil {
		return nil, fmt.Errorf("open spool: %w", err)
	}
	_ = os.Remove(file.Name()) // Windows does not let go of it before it is closed
	buffer := bufio.NewWriter(file)
	return &spool[T]{file: file, buffer: buffer, json: json.NewEncoder(buffer)}, nil
}

func (s *spool[T]) add(v T) error {
	if err := s.json.Encode(v); err != nil {
		return fmt.Errorf("write spool: %w", err)
	}
	return nil
}

// flush ends the writing.
func (s *spool[T]) flush() error {
	err := s.buffer.Flush()
	if err == nil {
		s.size, err = s.file.Seek(0, io.SeekCurrent)
	}
	if err != nil {
		return fmt.Errorf("write spool: %w", err)
	}
	return nil
}

// close frees what the spool holds.
func (s *spool[T]) close() {
	_ = s.file.Close()
	_ = os.Remove(s.file.Name())
}

// all gives what was written. It ends at the first error.
func (s *spool[T]) all() iter.Seq2[T, error] {
	return read[T](io.NewSectionReader(s.file, 0, s.size))
}

// read gives the values of lines of JSON. It ends at the first error.
func read[T any](from io.Reader) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		d := json.NewDecoder(bufio.NewReader(from))
		for {
			var v T
			err := d.Decode(&v)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(v, fmt.Errorf("read spool: %w", err))
				return
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}

// joined gives what several spools hold, one after the other.
func joined[T any](spools []*spool[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, s := range spools {
			for v, err := range s.all() {
				if !yield(v, err) || err != nil {
					return
				}
			}
		}
	}
}
