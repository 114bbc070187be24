// Package papers renders a month's digest for the meeting of the supervisors: a page, a document for a word processor
// in the layout of GB/T 9704-2012, a workbook that counts again, each in Chinese and English, and the meeting's calendar
// entry. It is pure: the same digest gives the same papers. It reads no clock and no storage, and what it says holds no
// name, phone or word of a visitor.
package papers

import (
	"fmt"
	"iter"
	"time"

	"steledesk/shared/digest"
	"steledesk/shared/office"
)

// Paper is one file of a digest.
type Paper struct {
	Name string // such as digest.html; digest.en.html is the English one
	Type string // its media type
	Body []byte
}

// Input is what papers are made of.
type Input struct {
	Digest digest.Digest
	Office *office.Office
	// Lines gives the month's cases, for the workbook. It is called once for each language and read one case at a time;
	// its errors end Make. 举报 and decisions are left out, should they be among them. Nil: the workbook has no lines.
	Lines     func() iter.Seq2[digest.Case, error]
	Meeting   *Meeting // nil: not called yet
	PublicURL string   // where the desk is, without a slash at its end; empty: papers have no links
}

// Meeting is what the calendar entry says.
type Meeting struct {
	Start, End time.Time
	Place      string
	Version    int // grows with each change of the meeting, so that calendars take the newer one
}

// Media types of papers.
const (
	typeHTML     = "text/html; charset=utf-8"
	typeWord     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	typeWorkbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	typeCalendar = "text/calendar; charset=utf-8"
)

// CalendarName is the name of the meeting's calendar entry, which is there when the meeting is called.
const CalendarName = "meeting.ics"

// Languages are those that papers are written in. The first has the plain names.
func Languages() []string { return []string{"zh", "en"} }

// Name gives the name of the digest's paper in a language, by its extension: digest.docx, digest.en.docx.
func Name(language, extension string) string {
	if language == Languages()[0] {
		return "digest." + extension
	}
	return "digest." + language + "." + extension
}

// Make renders every paper.
func Make(in Input) ([]Paper, error) {
	var all []Paper
	for _, language := range Languages() {
		for _, kind := range []struct {
			extension, media string
			render           func(Input, string) ([]byte, error)
		}{
			{"html", typeHTML, webPage}, {"docx", typeWord, wordDocument}, {"xlsx", typeWorkbook, workbook},
		} {
			body, err := kind.render(in, language)
			name := Name(language, kind.extension)
			if err != nil {
				return nil, fmt.Errorf("make %s: %w", name, err)
			}
			all = append(all, Paper{name, kind.media, body})
		}
	}
	if in.Meeting != nil {
		all = append(all, Paper{CalendarName, typeCalendar, calendarEntry(in)})
	}
	return all, nil
}
