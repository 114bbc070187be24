package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"steledesk/shared/office"
	"steledesk/shared/seal"
	"steledesk/shared/visitor/visitortest"
)

const groupURL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0123456789abcdef"

// withChannel stores office data with a group of ticketing's as version 1, and gives it as the API does.
func (f *function) withChannel() string {
	f.t.Helper()
	o := office.Default()
	o.Channels = []office.Channel{{ID: "group", Section: "ticketing", Kind: office.WeCom, URL: groupURL}}
	if _, err := f.table.PutOffice(f.t.Context(), o, 0, "test", visitortest.Nine, visitortest.Keys()); err != nil {
		f.t.Fatal(err)
	}
	status, body := f.do(call{who: "office", route: "GET /v1/office"})
	if status != 200 || body["version"] != 1.0 {
		f.t.Fatalf("read: %d %v", status, body)
	}
	text, err := json.Marshal(body["office"])
	if err != nil {
		f.t.Fatal(err)
	}
	return string(text)
}

func (f *function) put(text, version string) (int, map[string]any) {
	f.t.Helper()
	return f.do(call{who: "office", route: "PUT /v1/office", body: text, headers: map[string]string{"if-match": version}})
}

func TestOfficeIsEditedAndRestored(t *testing.T) {
	f := newFunction(t)
	text := f.withChannel()
	if strings.Contains(text, "0123456789") {
		t.Errorf("the group's key is shown: %s", text)
	}
	renamed := strings.Replace(text, "票务科", "票务与预约科", 1)
	status, body := f.do(call{who: "office", route: "POST /v1/office/preview", body: renamed})
	if changes := fmt.Sprint(body["changes"]); status != 200 || !strings.Contains(changes, "票务科 -> 票务与预约科") || strings.Contains(changes, "channels") {
		t.Errorf("preview: %d %v", status, body)
	}
	if status, body := f.put(renamed, `"1"`); status != 200 || body["version"] != 2.0 {
		t.Fatalf("put: %d %v", status, body)
	}
	o, _, err := f.server.inForce(t.Context())
	if err != nil || o.SectionName("ticketing", "zh") != "票务与预约科" || o.Channels[0].URL != groupURL {
		t.Errorf("in force: %+v, %v", o.Channels, err)
	}
	if status, body := f.put(renamed, `"1"`); status != 412 || body["code"] != "office-changed" {
		t.Errorf("somebody was faster: %d %v", status, body)
	}
	for _, version := range []string{"0", "-1"} {
		if status, _ := f.put(renamed, version); status != 412 {
			t.Errorf("version %s: %d", version, status)
		}
	}
	f.versionTells("1", "票务与预约科 -> 票务科")
	restore := call{who: "office", route: "POST /v1/office/versions/{version}/restore", version: "1", headers: map[string]string{"if-match": "2"}}
	if status, body := f.do(restore); status != 200 || body["version"] != 3.0 {
		t.Errorf("restore: %d %v", status, body)
	}
	for _, none := range []string{"99", "x", "-1"} {
		restore.version = none
		if status, body := f.do(restore); status != 404 || body["code"] != "no-version" {
			t.Errorf("restore %s: %d %v", none, status, body)
		}
	}
	if status, body := f.do(call{who: "office", route: "GET /v1/office/versions"}); status != 200 || len(body["versions"].([]any)) != 3 {
		t.Errorf("versions: %d %v", status, body)
	}
	f.record("office", 4)
}

// After a key was removed whoever opened an older version, or wanted it back, met a fault of the server: one channel of
// it does not open any more.
func TestAVersionWhoseKeyIsGone(t *testing.T) {
	f := newFunction(t)
	f.withChannel()
	lost, err := seal.ParseKeys([]byte(`{"current":"9","keys":{"9":"` + base64.StdEncoding.EncodeToString(make([]byte, 32)) + `"}}`))
	if err != nil {
		t.Fatal(err)
	}
	o := office.Default()
	o.Channels = []office.Channel{
		{ID: "mail", Section: "works", Kind: office.Mail, To: []string{"works@example.cn"}, From: "desk@example.cn", URL: "smtps://desk@example.cn:465", Secret: "x"},
		{ID: "bot", Section: "works", Kind: office.WeCom, URL: groupURL},
	}
	if _, err := f.table.PutOffice(t.Context(), o, 1, "test", visitortest.Nine, lost); err != nil {
		t.Fatal(err)
	}
	o.Channels = append(o.Channels[1:], office.Channel{ID: "group", Section: "ticketing", Kind: office.WeCom, URL: groupURL})
	if _, err := f.table.PutOffice(t.Context(), o, 2, "test", visitortest.Nine, visitortest.Keys()); err != nil {
		t.Fatal(err)
	}
	read := call{who: "office", route: "GET /v1/office/versions/{version}", version: "2"}
	status, body := f.do(read)
	said, channels := fmt.Sprint(body["problems"]), fmt.Sprint(body["office"].(map[string]any)["channels"])
	if status != 200 || len(body["problems"].([]any)) != 2 || strings.Count(said, "cannot be opened any more") != 2 || !strings.Contains(said, "/channels/0/url") || !strings.Contains(said, "/channels/1/url") {
		t.Errorf("read: %d %s", status, said)
	}
	if strings.Contains(channels, "url") || strings.Contains(channels, "secret") || !strings.Contains(channels, "works@example.cn") {
		t.Errorf("the channels are shown as %s", channels)
	}
	read.version = "3" // it is compared with the one before
	if status, body := f.do(read); status != 200 || len(body["problems"].([]any)) != 0 {
		t.Errorf("the version after it: %d %v", status, body["problems"])
	} else if said := fmt.Sprint(body["changes"]); strings.Contains(said, "bot") || !strings.Contains(said, "group") || !strings.Contains(said, "mail") {
		t.Errorf("what nobody can compare is said to have changed: %s", said)
	}
	restore := call{who: "office", route: "POST /v1/office/versions/{version}/restore", version: "2", headers: map[string]string{"if-match": "3"}}
	if status, body := f.do(restore); status != 422 || !strings.Contains(fmt.Sprint(body), "/channels/0/url") {
		t.Errorf("restore: %d %v", status, body)
	}
	restore.version = "1"
	if status, body := f.do(restore); status != 200 {
		t.Errorf("restore another: %d %v", status, body)
	}
}

// versionTells reads a version, masked, with what it changed and what restoring it would change.
func (f *function) versionTells(version, restoring string) {
	f.t.Helper()
	c := call{who: "office", route: "GET /v1/office/versions/{version}", version: version}
	status, body := f.do(c)
	if text := fmt.Sprint(body["restoring"]); status != 200 || !strings.Contains(text, restoring) || strings.Contains(text, "channels") {
		f.t.Errorf("version %s: %d, restoring changes %s, want %s", version, status, text, restoring)
	}
	if text := fmt.Sprint(body); strings.Contains(text, "0123456789") || !strings.Contains(fmt.Sprint(body["changes"]), "group") {
		f.t.Errorf("version %s shows a key, or not what it changed: %s", version, text)
	}
	for _, none := range []string{"99", "x", "-1"} {
		c.version = none
		if status, body := f.do(c); status != 404 || body["code"] != "no-version" {
			f.t.Errorf("read version %s: %d %v", none, status, body)
		}
	}
}

func TestBadOfficeDataIsRefusedWhole(t *testing.T) {
	f := newFunction(t)
	text := f.withChannel()
	for bad, want := range map[string]string{
		strings.Replace(text, `"zh":"票务科"`, `"zh":""`, 1):                           "/sections/",
		strings.Replace(text, `"id":"group"`, `"id":"other"`, 1):                    "/channels", // stars for nothing known
		strings.Replace(text, `"version":1`, `"version":1,"colour":"red"`, 1):       "colour",
		strings.Replace(text, `"section":"ticketing"`, `"section":"ticketting"`, 1): "did you mean",
		`{`: "", ``: "", `[]`: "", "\x00": "",
	} {
		status, body := f.put(bad, "1")
		if text := fmt.Sprint(body); status != 422 || body["code"] != "invalid" || !strings.Contains(text, want) {
			t.Errorf("%.60s: got %d %v, want %s", bad, status, body, want)
		}
	}
	status, body := f.do(call{who: "office", route: "POST /v1/office/preview", body: strings.Replace(text, `"answer":"5wd"`, `"answer":"soon"`, 1),
		headers: map[string]string{"accept-language": "zh-CN"}})
	if text := fmt.Sprint(body["problems"]); status != 200 || !strings.Contains(text, "/levels/complaint/answer") || !strings.Contains(text, "“soon”不是时长") {
		t.Errorf("in Chinese: %d %s", status, text)
	}
	if _, version, err := f.table.Office(t.Context()); version != 1 || err != nil {
		t.Errorf("version %d in force, %v", version, err)
	}
}

// Office data may be as large as an item of the table, and not a byte more: what does not fit is refused by name, and
// nothing of it is stored.
func TestOfficeDataFillsAnItemAndNoMore(t *testing.T) {
	f := newFunction(t)
	text := f.withChannel()
	o, err := office.Parse("office.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	list := func(n int) string {
		words := office.Words{}
		for i := range 200 {
			words.Any = append(words.Any, fmt.Sprintf("%s%d", strings.Repeat("长", 50), i))
		}
		next := *o
		next.Words = map[string]office.Words{}
		for name, w := range o.Words {
			next.Words[name] = w
		}
		for i := range n {
			next.Words[fmt.Sprintf("list-%d", i)] = words
		}
		body, err := json.Marshal(&next)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	if status, body := f.put(list(5), "1"); status != 200 {
		t.Errorf("%d bytes: %d %v", len(list(5)), status, body)
	}
	for _, n := range []int{13, 20} {
		if status, body := f.put(list(n), "2"); status != 413 || !strings.Contains(fmt.Sprint(body["detail"]), "400 KB") {
			t.Errorf("%d bytes: %d %v", len(list(n)), status, body)
		}
	}
}
