package office

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"steledesk/shared/ticket"
	"steledesk/shared/workday"
)

func at(t testing.TB, text string) time.Time {
	t.Helper()
	if text == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.DateTime, "2006-01-02 15:04"} {
		if v, err := time.ParseInLocation(layout, text, workday.Zone()); err == nil {
			return v
		}
	}
	return workday.EndOfDay(day(t, text))
}

func day(t testing.TB, text string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation(time.DateOnly, text, workday.Zone())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The eve of National Day 2026: working days jump to the 8th, and the 10th is a make-up Saturday.
const eve = "2026-09-30 15:00"

func TestDue(t *testing.T) {
	o := Default()
	for _, tt := range []struct {
		name               string
		kind               ticket.Kind
		urgent             bool
		sign, back, answer string
	}{
		{"complaint", "complaint", false, "2026-10-08", "2026-10-08", "2026-10-13"},
		{"report: no sending back", "report", false, "2026-10-08", "", "2026-10-27"},
		{"suggestion", "suggestion", false, "2026-10-08", "2026-10-08", "2026-10-27"},
		{"enquiry", "enquiry", false, "2026-10-08", "2026-10-08", "2026-10-10"},
		{"praise: no sending back", "praise", false, "2026-10-08", "", "2026-10-13"},
		{"feedback", "feedback", false, "2026-10-08", "2026-10-08", "2026-10-20"},
		{"resolution: the meeting sets the date", "resolution", false, "2026-10-08", "", ""},
		{"urgent runs through the holiday", "complaint", true, "2026-09-30 15:30", "", "2026-10-01 15:00"},
		{"urgent praise is still urgent", "praise", true, "2026-09-30 15:30", "", "2026-10-01 15:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := o.Due(tt.kind, tt.urgent, at(t, eve))
			want := ticket.Due{SignBy: at(t, tt.sign), ReturnBy: at(t, tt.back), AnswerBy: at(t, tt.answer)}
			if err != nil || got != want {
				t.Errorf("got %v, %v\nwant %v", got, err, want)
			}
		})
	}
}

func TestExtended(t *testing.T) {
	o := Default()
	for _, tt := range []struct {
		kind   ticket.Kind
		urgent bool
		days   int
		want   string // empty: refused
		most   Span
	}{
		{"complaint", false, 1, "2026-10-14", Span{}},
		{"complaint", false, 5, "2026-10-20", Span{}},
		{"complaint", false, 6, "", Span{5, Workdays}},
		{"complaint", false, 0, "", Span{5, Workdays}},
		{"enquiry", false, 3, "", Span{2, Workdays}},
		{"praise", false, 1, "", Span{}},
		{"complaint", true, 1, "", Span{}},
	} {
		got, err := o.Extended(tt.kind, tt.urgent, at(t, "2026-10-13"), tt.days)
		var refused *ExtensionError
		switch {
		case tt.want != "" && (err != nil || !got.Equal(at(t, tt.want))):
			t.Errorf("%s +%d: got %v, %v; want %s", tt.kind, tt.days, got, err, tt.want)
		case tt.want == "" && (!errors.Is(err, ErrExtension) || !errors.As(err, &refused) || refused.Max != tt.most || refused.Days != tt.days):
			t.Errorf("%s +%d: got %v, want at most %v", tt.kind, tt.days, err, tt.most)
		}
	}
}

// The message reaches the clerk who asked: it must name the number allowed.
func TestExtensionErrorSays(t *testing.T) {
	for want, err := range map[string]error{
		"extend ticket: 6 is not between 1 and the 5wd its service level allows": &ExtensionError{6, Span{5, Workdays}},
		"extend ticket: its service level allows no extension":                   &ExtensionError{1, Span{}},
	} {
		if err.Error() != want {
			t.Errorf("got %q, want %q", err, want)
		}
	}
}

func TestUrgentLevelLeavesTheRestToTheKind(t *testing.T) {
	o := Default()
	o.Urgent = Level{Answer: Span{24, Hours}}
	got := o.Level(ticket.Complaint, true)
	want := o.Levels[ticket.Complaint]
	want.Answer, want.Return, want.Extend = Span{24, Hours}, Span{}, Span{}
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// A section must neither lose time by asking nor win any.
func TestResumed(t *testing.T) {
	o := Default()
	o.Levels["praise"] = Level{Answer: Span{15, Days}}
	for _, tt := range []struct {
		name                string
		kind                ticket.Kind
		urgent              bool
		by, asked, supplied string
		want                string
	}{
		{"the same day", "complaint", false, "2026-03-13", "2026-03-10 09:00", "2026-03-10 17:00", "2026-03-13"},
		{"a working day", "complaint", false, "2026-03-13", "2026-03-10 09:00", "2026-03-11 08:00", "2026-03-16"},
		{"a weekend costs nobody anything", "complaint", false, "2026-03-17", "2026-03-13 17:00", "2026-03-15 09:00", "2026-03-17"},
		{"over National Day", "complaint", false, "2026-10-13", eve, "2026-10-09 09:00", "2026-10-15"},
		{"urgent: to the second", "complaint", true, "2026-03-11 09:00", "2026-03-10 10:00", "2026-03-10 10:30:30", "2026-03-11 09:30:30"},
		{"natural days roll to a working day", "praise", false, "2026-03-13", "2026-03-10 09:00", "2026-03-11 08:00", "2026-03-16"},
		{"natural days, the same day", "praise", false, "2026-03-13", "2026-03-10 09:00", "2026-03-10 10:00", "2026-03-13"},
		{"no deadline", "resolution", false, "", "2026-03-10 09:00", "2026-03-20 09:00", ""},
		{"a date of the meeting's own", "resolution", false, "2026-03-13", "2026-03-10 09:00", "2026-03-11 08:00", "2026-03-16"},
		{"clocks that disagree", "complaint", false, "2026-03-13", "2026-03-11 09:00", "2026-03-10 09:00", "2026-03-13"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := o.Resumed(tt.kind, tt.urgent, at(t, tt.by), at(t, tt.asked), at(t, tt.supplied))
			if err != nil || !got.Equal(at(t, tt.want)) {
				t.Errorf("got %v, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestAfterTheAnswer(t *testing.T) {
	o := Default()
	answered := at(t, "2026-03-02 10:00")
	if got, err := o.ReopenBy("complaint", answered); err != nil || !got.Equal(at(t, "2026-03-17")) {
		t.Errorf("reopen by: got %v, %v", got, err)
	}
	if got, err := o.ReopenBy("praise", answered); err != nil || !got.IsZero() {
		t.Errorf("praise is never reopened: got %v, %v", got, err)
	}
	if got, err := o.SilentBy("enquiry", answered); err != nil || !got.Equal(at(t, "2026-03-09")) {
		t.Errorf("silent by: got %v, %v", got, err)
	}
	if !o.Reviewed("complaint") || o.Reviewed("enquiry") {
		t.Error("complaints are reviewed, enquiries are not")
	}
}

// Near the end of the last year known the desk must say so rather than guess, and go on as soon
// as the office adds the year.
func TestYearWithoutData(t *testing.T) {
	o := Default()
	filed := at(t, "2026-12-30 09:00")
	var missing *workday.NoDataError
	if _, err := o.Due("complaint", false, filed); !errors.As(err, &missing) || missing.Year != 2027 {
		t.Errorf("got %v, want no data for 2027", err)
	}
	if _, err := o.Due("complaint", true, filed); err != nil {
		t.Errorf("hours need no calendar: %v", err)
	}
	o.Holidays = []Holidays{{Year: 2027, Off: []string{"2027-01-01..2027-01-03"}}}
	if got, err := o.Due("complaint", false, filed); err != nil || !got.AnswerBy.Equal(at(t, "2027-01-07")) {
		t.Errorf("got %v, %v", got, err)
	}
}

// Parse promises that urgency never makes a matter slower; the built-in levels must keep to it.
func TestUrgentIsNeverSlower(t *testing.T) {
	o := Default()
	first := day(t, "2024-01-01")
	rapid.Check(t, func(t *rapid.T) {
		from := first.Add(time.Duration(rapid.Int64Range(0, 1000*24*3600).Draw(t, "seconds")) * time.Second)
		kind := rapid.SampledFrom(ticket.Kinds()).Draw(t, "kind")
		fast, err1 := o.Due(kind, true, from)
		slow, err2 := o.Due(kind, false, from)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if fast.SignBy.After(slow.SignBy) || !slow.AnswerBy.IsZero() && fast.AnswerBy.After(slow.AnswerBy) {
			t.Fatalf("%s filed %v: urgent %v, else %v", kind, from, fast, slow)
		}
	})
}

func TestSpanText(t *testing.T) {
	for _, good := range []string{"5wd", "15d", "24h", "30m", "999d", ""} {
		var s Span
		if err := s.UnmarshalText([]byte(good)); err != nil || s.String() != good {
			t.Errorf("%q: got %v, %v", good, s, err)
		}
	}
	for _, bad := range []string{"5", "wd", "0d", "-1d", "+1d", "05d", "1.5h", "1000d", "5 wd", "5w", "5WD", "1h30m", "99999999999999999999d"} {
		var s Span
		if err := s.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q: got %v, want an error", bad, s)
		}
	}
}

func TestRemindAt(t *testing.T) {
	o := Default()
	for _, tt := range []struct {
		name     string
		r        Reminder
		from, by string
		want     string // empty: never
	}{
		{"half, in office hours", Reminder{Half: true}, "2026-03-02 10:00", "2026-03-06 10:00", "2026-03-04 10:00"},
		{"half, at night: next morning", Reminder{Half: true}, "2026-03-02 10:00", "2026-03-09", "2026-03-06 08:30"},
		{"half, early in the morning", Reminder{Half: true}, "2026-03-02 10:00", "2026-03-04 00:00", "2026-03-03 08:30"},
		{"half, on a Sunday: Monday", Reminder{Half: true}, "2026-03-04 10:00", "2026-03-12 10:00", "2026-03-09 08:30"},
		{"half, when the morning is too late", Reminder{Half: true}, "2026-03-02 20:00", "2026-03-03 01:00", ""},
		{"half, urgent: at night too", Reminder{Half: true, Urgent: true}, "2026-03-02 20:00", "2026-03-03 20:00", "2026-03-03 08:00"},
		{"the last working day", Reminder{Left: Span{1, Workdays}}, "2026-10-08 10:00", "2026-10-13", "2026-10-13 08:30"},
		{"two left, over a Sunday", Reminder{Left: Span{3, Workdays}}, "2026-10-08 09:00", "2026-10-13", "2026-10-10 08:30"},
		{"filed after that morning", Reminder{Left: Span{1, Workdays}}, "2026-10-13 09:00", "2026-10-13", ""},
		{"two days left", Reminder{Left: Span{2, Days}}, "2026-10-08 09:00", "2026-10-13", "2026-10-12 08:30"},
		{"two hours left", Reminder{Left: Span{2, Hours}}, "2026-10-01 10:00", "2026-10-02 10:00", "2026-10-02 08:00"},
		{"overdue, the first day", Reminder{Overdue: Span{1, Workdays}}, "2026-09-18 10:00", "2026-09-30", "2026-10-08 08:30"},
		{"overdue, the third", Reminder{Overdue: Span{3, Workdays}}, "2026-09-18 10:00", "2026-09-30", "2026-10-10 08:30"},
		{"overdue by days", Reminder{Overdue: Span{1, Days}}, "2026-09-18 10:00", "2026-09-30", "2026-10-08 08:30"},
		{"overdue by a minute", Reminder{Overdue: Span{1, Minutes}}, "2026-10-01 10:00", "2026-10-02 10:00", "2026-10-02 10:01"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := o.RemindAt(tt.r, at(t, tt.from), at(t, tt.by))
			if err != nil || !got.Equal(at(t, tt.want)) {
				t.Errorf("got %v, %v; want %s", got, err, tt.want)
			}
		})
	}
	if _, err := o.RemindAt(Reminder{Overdue: Span{1, Workdays}}, at(t, "2026-12-01"), at(t, "2026-12-31")); !errors.Is(err, workday.ErrNoData) {
		t.Errorf("got %v, want no data", err)
	}
}

func TestTold(t *testing.T) {
	r := Reminder{Tell: []string{SectionItself, ticket.OfficeSection}}
	for _, tt := range []struct {
		kind    ticket.Kind
		section string
		want    []string
	}{
		{"complaint", "gardens", []string{"gardens", "office"}},
		{"complaint", "office", []string{"office"}},
		{"report", "discipline", []string{"discipline"}},
	} {
		got := r.Told(tt.kind, tt.section)
		if len(got) != len(tt.want) || got[0] != tt.want[0] {
			t.Errorf("%s of %s: got %v, want %v", tt.kind, tt.section, got, tt.want)
		}
	}
}

func BenchmarkDue(b *testing.B) {
	o, from := Default(), at(b, eve)
	for b.Loop() {
		if _, err := o.Due(ticket.Complaint, false, from); err != nil {
			b.Fatal(err)
		}
	}
}
