package minutes

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"steledesk/shared/digest"
	"steledesk/shared/meeting"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// What a meeting was and decided is in its minutes, in both languages; nobody is listed as having done what they did not.
func TestMinutes(t *testing.T) {
	when := time.Date(2026, 11, 10, 9, 0, 0, 0, ticket.Zone)
	in := Input{Office: office.Default(), Meeting: meeting.Meeting{
		Month: "2026-10", When: when, Place: "二楼会议室", Chair: "分管领导", Agenda: []string{"排队 <时间>"},
		Attendance: []meeting.Attendee{{Who: "监督员甲", Presence: meeting.Present}, {Who: "监督员乙", Presence: meeting.Excused}},
	}, Decisions: []meeting.Listed{{Resolved: meeting.Resolved{Number: 1, Ticket: "WX-K37G0A0H"},
		Decision: digest.Decision{Matter: digest.Matter{Section: "ticketing"}, Text: "节假日加开窗口", AnswerBy: when.AddDate(0, 0, 10)}}}}
	for language, want := range map[string][]string{
		"zh": {"监督员座谈会纪要", "2026年11月10日", "二楼会议室", "排队 &lt;时间&gt;", "节假日加开窗口", "票务科", "2026年11月20日", "WX-K37G0A0H", "出席：监督员甲", "请假：监督员乙"},
		"en": {"10 November 2026", "节假日加开窗口", "20 November 2026", "Present: 监督员甲", "Excused: 监督员乙"},
	} {
		in.Language = language
		body, err := Write(in)
		if err != nil {
			t.Fatal(err)
		}
		text := textOf(t, body)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: %q is missing", language, w)
			}
		}
		for _, bad := range []string{"列席", "Observing", "%!", "minutes."} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: has %q", language, bad)
			}
		}
	}
}

func textOf(t *testing.T, body []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("word/document.xml")
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
