package papers

import (
	"io"
	"iter"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"steledesk/shared/digest"
)

// A month of 100,000 lines is never held at once: what is live while the workbook is written does not follow the month.
func TestMemoryDoesNotFollowTheMonth(t *testing.T) {
	in := sample(t, 2000)
	var few []digest.Case
	for c := range in.Lines() {
		few = append(few, c)
	}
	var live uint64
	var files int64
	in.Lines = func() iter.Seq2[digest.Case, error] {
		return func(yield func(digest.Case, error) bool) {
			for i := range 100_000 {
				if i%20_000 == 19_999 {
					runtime.GC()
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					live, files = max(live, m.HeapAlloc), max(files, temporary())
				}
				if !yield(few[i%len(few)], nil) {
					return
				}
			}
		}
	}
	begin := time.Now()
	body, err := workbook(in, "zh")
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("100,000 lines: %d KB in %v, at most %d MB live and %d MB in temporary files while lines were written", len(body)>>10, time.Since(begin).Round(time.Millisecond), live>>20, files/1e6)
	if files > 100_000_000 { // with the cases that wait for it, a month of 700,000 fits what the template gives
		t.Errorf("%d bytes were in temporary files, want at most 1,000 a line", files)
	}
	if live > 60<<20 {
		t.Errorf("%d MB were live while lines were written, want at most 60", live>>20)
	}
}

// temporary is what this process has in temporary files it holds open, where the system says so.
func temporary() (bytes int64) {
	open, _ := filepath.Glob("/proc/self/fd/*") // the pattern is good
	for _, file := range open {
		name, err := os.Readlink(file)
		if err != nil || !strings.HasPrefix(name, os.TempDir()) {
			continue
		}
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
			bytes += info.Size()
		}
	}
	return bytes
}

// Calendars find the meeting's time, place and version; the same meeting has the same name in them when it is moved.
func TestCalendarEntry(t *testing.T) {
	log.SetOutput(io.Discard)
	in := sample(t, 4)
	read := func() *ics.VEvent {
		c, err := ics.ParseCalendar(strings.NewReader(string(made(t, in, CalendarName))))
		if err != nil || len(c.Events()) != 1 {
			t.Fatalf("got %v events, %v", c, err)
		}
		return c.Events()[0]
	}
	before := read()
	in.Meeting.Start, in.Meeting.End, in.Meeting.Version = in.Meeting.Start.AddDate(0, 0, 1), in.Meeting.End.AddDate(0, 0, 1), 3
	after := read()
	if start, err := after.GetStartAt(); err != nil || !start.Equal(in.Meeting.Start) {
		t.Errorf("it begins at %v, %v, want %v", start, err, in.Meeting.Start)
	}
	if before.Id() != after.Id() || after.GetProperty(ics.ComponentPropertySequence).Value != "3" || after.GetProperty(ics.ComponentPropertyLocation).Value != in.Meeting.Place {
		t.Errorf("got %s, %s", before.Serialize(&ics.SerializationConfiguration{}), after.Serialize(&ics.SerializationConfiguration{}))
	}
	in.Meeting = nil
	all, err := Make(in)
	if err != nil || len(all) != 6 {
		t.Errorf("a meeting that is not called yet: %d papers, %v, want 6 without an entry", len(all), err)
	}
}
