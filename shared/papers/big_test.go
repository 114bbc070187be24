package papers

import (
	"io"
	"iter"
	"log"
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
	in.Lines = func() iter.Seq2[digest.Case, error] {
		return func(yield func(digest.Case, error) bool) {
			for i := range 100_000 {
				if i%20_000 == 19_999 {
					runtime.GC()
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					live = max(live, m.HeapAlloc)
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
	t.Logf("100,000 lines: %d KB in %v, at most %d MB live while lines were written", len(body)>>10, time.Since(begin).Round(time.Millisecond), live>>20)
	if live > 60<<20 {
		t.Errorf("%d MB were live while lines were written, want at most 60", live>>20)
	}
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
