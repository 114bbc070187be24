package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The chart is a picture with every work in it, over sizes that are written out.
func TestChart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "scale.svg")
	var points []point
	for _, c := range curves() {
		for _, size := range openTickets(1_000_000) {
			points = append(points, point{c.work, size, 4.5, 3 * time.Millisecond})
		}
	}
	if err := drawChart(file, points); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for reader := xml.NewDecoder(strings.NewReader(string(text))); ; {
		if _, err := reader.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"1,000,000", "Capacity units", "p50 in milliseconds", "dispatch", "a sweep, nothing due"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the chart does not say %q", want)
		}
	}
}
