package main

import (
	"bytes"
	"encoding/base64"
	"html"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

var (
	proofOnPage    = regexp.MustCompile(`(R1\.[A-Za-z0-9._-]+)`)
	pictureOnPage  = regexp.MustCompile(`src="data:image/png;base64,([^"]+)"`)
	calendarOnPage = regexp.MustCompile(`href="(/calendar/[^"]+)"`)
)

// What the QR code of the picture opens says that the receipt is good, and leads to the number without the code.
func TestThePictureOpensTheProof(t *testing.T) {
	d := open(t)
	filed := d.post(t, "/file?lang=zh", matter("wish", "请补纸"))
	number, code := onPage(t, numberOnPage, filed), onPage(t, codeOnPage, filed)
	file, err := base64.StdEncoding.DecodeString(html.UnescapeString(onPage(t, pictureOnPage, filed)))
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(sheet)
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	path, ours := strings.CutPrefix(read.GetText(), d.URL)
	if !ours {
		t.Fatalf("the code leads to %s", read.GetText())
	}
	page := d.get(t, path)
	if !strings.Contains(page.body, "是本处签发的回执") || !strings.Contains(page.body, number) || strings.Contains(page.body, code) {
		t.Errorf("the page says %s", page.body)
	}
	line := onPage(t, proofOnPage, filed)
	for want, form := range map[string]url.Values{
		"内容一致：":         {"receipt": {line}, "text": {"入口厕所没有纸。"}, "wish": {"请补纸"}},
		"内容不一致":         {"receipt": {read.GetText()}, "text": {"入口厕所没有水。"}, "wish": {"请补纸"}},
		"签名不符":          {"receipt": {strings.Replace(line, number, "WX-00000000", 1)}},
		"应是以 R1 开头的一整行": {"receipt": {"你好"}},
	} {
		if a := d.post(t, "/verify?lang=zh", form); a.status != http.StatusOK || !strings.Contains(a.body, want) {
			t.Errorf("want %q: status %d", want, a.status)
		}
	}
	if a := d.post(t, "/follow?lang=zh", url.Values{"number": {line}, "code": {code}}); !strings.Contains(a.body, "入口厕所没有纸。") {
		t.Errorf("the receipt pasted where the number goes: status %d", a.status)
	}
	if a := d.post(t, "/follow?lang=zh", url.Values{"number": {line}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("the receipt alone opens the ticket: status %d", a.status)
	}
}

// The calendar entry is that of RFC 5545: CRLF, lines of 75 bytes, a whole day; and it tells nobody anything.
func TestCalendar(t *testing.T) {
	d := open(t)
	filed := d.post(t, "/file?lang=zh", matter())
	number, code := onPage(t, numberOnPage, filed), onPage(t, codeOnPage, filed)
	path, _, _ := strings.Cut(html.UnescapeString(onPage(t, calendarOnPage, filed)), "?")
	for _, language := range []string{"zh", "en", "ja", "ko"} {
		a := d.get(t, path+"?lang="+language)
		if a.status != http.StatusOK || a.header.Get("Content-Type") != "text/calendar; charset=utf-8" {
			t.Fatalf("status %d, %v", a.status, a.header)
		}
		for _, want := range []string{"BEGIN:VCALENDAR\r\n", "DTSTART;VALUE=DATE:20261130\r\n", "DTEND;VALUE=DATE:20261201\r\n", "UID:" + number, "BEGIN:VALARM\r\n"} {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s: it lacks %q: %s", language, want, a.body)
			}
		}
		if strings.Contains(a.body, code) || strings.Contains(a.body, "厕所") || strings.Contains(strings.ReplaceAll(a.body, "\r\n", ""), "\n") {
			t.Errorf("%s: it tells too much, or breaks lines otherwise: %q", language, a.body)
		}
		for line := range strings.SplitSeq(a.body, "\r\n") {
			if len(line) > 75 {
				t.Errorf("%s: a line of %d bytes: %s", language, len(line), line)
			}
		}
	}
	for _, wrong := range []string{"/calendar/x.ics", path[:len(path)-6] + ".ics", strings.TrimSuffix(path, ".ics")} {
		if a := d.get(t, wrong); a.status != http.StatusNotFound {
			t.Errorf("%s: status %d", wrong, a.status)
		}
	}
}

func TestContactOnThePage(t *testing.T) {
	d := open(t)
	number, opener := opened(t, d, matter())
	kept := func() string { return d.store.tickets[number].contact }
	if a := d.post(t, "/follow/contact?lang=zh", with(opener)); a.status != http.StatusUnprocessableEntity || kept() != "" {
		t.Errorf("nothing typed: status %d", a.status)
	}
	if a := d.post(t, "/follow/contact?lang=zh", with(opener, "name", "李四", "phone", "13900001111")); !strings.Contains(a.body, "联系方式已更改") {
		t.Errorf("status %d", a.status)
	}
	if text, err := d.site.desk.Keys.(interface {
		Open(string, string) (string, error)
	}).Open(kept(), number); text != `{"name":"李四","phone":"13900001111"}` || err != nil {
		t.Errorf("kept %s, %v", text, err)
	}
	for range 2 {
		if a := d.post(t, "/follow/contact-delete?lang=zh", with(opener)); !strings.Contains(a.body, "联系方式已删除") || kept() != "" {
			t.Errorf("delete: status %d, kept %q", a.status, kept())
		}
	}
}
