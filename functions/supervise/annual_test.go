package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"steledesk/shared/digest"
	"steledesk/shared/meeting"
	paper "steledesk/shared/papers"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

const annualRoute = "GET /v1/annual/{year}/{file}"

func ofYear(who, year, file string) call {
	return call{who: who, route: annualRoute, params: map[string]string{"year": year, "file": file}}
}

// store stores an edition of a month with n complaints that were answered in time.
func (f *function) store(month digest.Month, number, n int) {
	f.t.Helper()
	d := digest.Digest{Month: month, Edition: number, Whole: true, CutOff: month.End(), Root: strings.Repeat("a", 64)}
	for i := range n {
		d.Tally.Add(digest.Case{Number: fmt.Sprint(month, i), Kind: ticket.Complaint, Section: "ticketing", FiledAt: month.Start(), Timing: digest.InTime})
	}
	e := meeting.Edition{Month: month, Number: number, Hash: strings.Repeat("a", 64), At: visitortest.Nine, Digest: d}
	if err := f.table.PutEdition(f.t.Context(), e); err != nil {
		f.t.Fatal(err)
	}
}

// annualText asks for a year's document and gives its text.
func (f *function) annualText(year string) string {
	f.t.Helper()
	out, err := f.Serve(f.t.Context(), f.request(ofYear("office", year, "annual.docx")))
	if err != nil || out.StatusCode != 200 || !out.IsBase64Encoded {
		f.t.Fatalf("%d %s, %v", out.StatusCode, out.Body, err)
	}
	body, err := base64.StdEncoding.DecodeString(out.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		f.t.Fatal(err)
	}
	file, err := z.Open("word/document.xml")
	if err != nil {
		f.t.Fatal(err)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(file); err != nil {
		f.t.Fatal(err)
	}
	return text.String()
}

// A year is what its months say now: a month that is corrected is in the next paper. Meetings count in the year they were
// held in, over whichever month.
func TestAnnual(t *testing.T) {
	f := newFunction(t)
	if status, body := f.do(ofYear("office", "2026", "annual.docx")); status != 404 || body["code"] != "no-annual" {
		t.Errorf("a year without papers: %d %v", status, body)
	}
	f.store("2026-03", 1, 10)
	f.store("2026-04", 1, 20)
	f.store("2025-12", 1, 500)
	if text := f.annualText("2026"); !strings.Contains(text, "共收到游客诉求30件") || !strings.Contains(text, "没有1月、2月、5月至12月的数据") {
		t.Errorf("the year's text is %s", text)
	}
	f.store("2026-03", 2, 11)
	for month, when := range map[digest.Month]digest.Month{"2025-12": "2026-01", "2026-03": "2026-04", "2026-12": "2027-01"} {
		m := meeting.Meeting{Month: month, Status: meeting.Held, When: when.Start().AddDate(0, 0, 9)}
		if err := f.table.PutMeeting(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	text := f.annualText("2026")
	for _, told := range []string{"共收到游客诉求31件", "召开政务公开监督员座谈会2次，议定事项0项"} {
		if !strings.Contains(text, told) {
			t.Errorf("the year's text lacks %q: %s", told, text)
		}
	}
	for _, file := range paper.AnnualNames() {
		status, _ := f.do(ofYear("leader", "2026", file))
		if status != 200 {
			t.Errorf("%s: %d", file, status)
		}
	}
}

// What is asked for wrongly is said, with what would be right.
func TestAnnualThatIsNone(t *testing.T) {
	f := newFunction(t)
	f.store("2026-03", 1, 10)
	for _, tt := range []struct {
		year, file string
		status     int
		pointer    string
	}{
		{"26", "annual.docx", 422, "/year"}, {"2026-03", "annual.docx", 422, "/year"}, {"１２３４", "annual.docx", 422, "/year"},
		{"2026", "annual.pdf", 422, "/file"}, {"2026", "digest.docx", 422, "/file"}, {"2031", "annual.docx", 404, ""},
	} {
		status, body := f.do(ofYear("office", tt.year, tt.file))
		pointer := ""
		if fields, _ := body["fields"].([]any); len(fields) == 1 {
			pointer = fields[0].(map[string]any)["pointer"].(string)
		}
		if status != tt.status || pointer != tt.pointer {
			t.Errorf("%s/%s: %d %v", tt.year, tt.file, status, body)
		}
	}
}
