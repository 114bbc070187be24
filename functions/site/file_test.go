package main

import (
	"errors"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// matter is a form filled in well, changed by pairs of field and value.
func matter(changes ...string) url.Values {
	form := url.Values{
		"key": {newKey()}, "kind": {"complaint"}, "category": {"toilets"}, "spot": {"RK04"},
		"text": {"入口厕所没有纸。"},
	}
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return form
}

var (
	numberOnPage = regexp.MustCompile(`name="number" value="([^"]+)"`)
	codeOnPage   = regexp.MustCompile(`name="code" value="([^"]+)"`)
	keyOnPage    = regexp.MustCompile(`name="key" value="([^"]+)"`)
)

func onPage(t *testing.T, what *regexp.Regexp, a answer) string {
	t.Helper()
	found := what.FindStringSubmatch(a.body)
	if found == nil {
		t.Fatalf("status %d: no %s in the page:\n%s", a.status, what, a.body)
	}
	return html.UnescapeString(found[1])
}

func TestFilingGivesAReceipt(t *testing.T) {
	d := open(t)
	a := d.post(t, "/file?lang=zh", matter())
	if a.status != http.StatusOK {
		t.Fatalf("status %d:\n%s", a.status, a.body)
	}
	for _, want := range []string{"已收到", "园林环卫科", "2026年11月30日（周一）前答复", onPage(t, numberOnPage, a), onPage(t, codeOnPage, a)} {
		if !strings.Contains(a.body, want) {
			t.Errorf("the receipt lacks %q", want)
		}
	}
	if got := a.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q, want no-store: the receipt holds the code", got)
	}
}

func TestTheSameFormTwiceIsOneTicket(t *testing.T) {
	d := open(t)
	form := matter()
	first, second := d.post(t, "/file", form), d.post(t, "/file", form)
	if d.store.count() != 1 {
		t.Errorf("%d tickets, want 1", d.store.count())
	}
	if onPage(t, codeOnPage, first) != onPage(t, codeOnPage, second) {
		t.Error("the receipts differ")
	}
}

func TestAWrongFormComesBackAsTyped(t *testing.T) {
	long := strings.Repeat("碑", 2001)
	tests := []struct {
		name, field, value string
		want               string
	}{
		{"no kind", "kind", "", "请选择一种"},
		{"unknown kind", "kind", "feedback", "请选择一种"},
		{"no category", "category", "", "请选择一项"},
		{"unknown category", "category", "nothing", "请选择一项"},
		{"unknown spot", "spot", "ZZ99", "请从列表里选择"},
		{"no text", "text", "", "请写下内容"},
		{"blank text", "text", " \n\u3000", "请写下内容"},
		{"too long", "text", long, "现在 2001 字"},
		{"too long wish", "wish", strings.Repeat("w", 501), "现在 501 字"},
		{"direction override", "text", "abc\u202Edef", "看不见的控制字符"},
		{"broken characters", "text", "abc\xff", "看不见的控制字符"},
		{"future", "happenedAt", "2026-11-24T09:30", "不能是将来的时间"},
		{"no time", "happenedAt", "yesterday", "请写成 2026-11-23 09:30"},
		{"phone", "phone", "call me", "5–20 位数字"},
	}
	d := open(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			form := matter("wish", "请补纸", "name", "张三")
			form.Set(tt.field, tt.value)
			a := d.post(t, "/file?lang=zh", form)
			if a.status != http.StatusUnprocessableEntity || !strings.Contains(a.body, tt.want) {
				t.Fatalf("status %d, want 422 and %q", a.status, tt.want)
			}
			if id := `id="form-` + tt.field + `-wrong"`; !strings.Contains(a.body, id) {
				t.Errorf("the message is not beside its field: no %s", id)
			}
			if tt.field != "wish" && !strings.Contains(a.body, "请补纸") || !strings.Contains(a.body, `value="张三"`) {
				t.Error("what was typed is gone")
			}
			if tt.value == long && !strings.Contains(a.body, long) {
				t.Error("the text that is too long is gone")
			}
			if got := onPage(t, keyOnPage, a); got != form.Get("key") {
				t.Errorf("key %s, want %s: nothing was stored under it", got, form.Get("key"))
			}
		})
	}
	if d.store.count() != 0 {
		t.Errorf("%d tickets were stored, want none", d.store.count())
	}
}

func TestAllOfAFormsFieldsAreNamedAtOnceInOrder(t *testing.T) {
	d := open(t)
	a := d.post(t, "/file", url.Values{"key": {newKey()}, "happenedAt": {"soon"}, "phone": {"no"}})
	at := 0
	for _, field := range []string{"kind", "category", "text", "happenedAt", "phone"} {
		link := strings.Index(a.body, `<li><a href="#form-`+field+`">`)
		if link < at {
			t.Errorf("%s is named at %d, after what follows it (%d)", field, link, at)
		}
		at = link
	}
}

func TestALongTextIsTaken(t *testing.T) {
	d := open(t)
	line := "碑😀\r\n" // a line break counts as one character, however a browser sends it
	a := d.post(t, "/file", matter("text", strings.Repeat(line, 666)+"终"))
	if a.status != http.StatusOK {
		t.Fatalf("status %d", a.status)
	}
	a = d.post(t, "/file", matter("text", strings.Repeat("😀", 2000), "wish", strings.Repeat("碑", 500)))
	if a.status != http.StatusOK {
		t.Errorf("2,000 emoji: status %d", a.status)
	}
}

func TestABodyTooLargeIsAPlainPage(t *testing.T) {
	d := open(t)
	a := d.post(t, "/file?lang=en", matter("text", strings.Repeat("碑", 30_000)))
	if a.status != http.StatusRequestEntityTooLarge || !strings.Contains(a.body, "shorten it") {
		t.Errorf("status %d:\n%s", a.status, a.body)
	}
}

func TestAKeyUsedForAnotherMatterGetsANewOne(t *testing.T) {
	d := open(t)
	form := matter()
	d.post(t, "/file", form)
	form.Set("text", "另外，灯也坏了。")
	a := d.post(t, "/file?lang=zh", form)
	if a.status != http.StatusConflict || !strings.Contains(a.body, "另外，灯也坏了。") {
		t.Fatalf("status %d", a.status)
	}
	form.Set("key", onPage(t, keyOnPage, a))
	if a = d.post(t, "/file", form); a.status != http.StatusOK || d.store.count() != 2 {
		t.Errorf("status %d with %d tickets, want 200 with 2", a.status, d.store.count())
	}
}

func TestWhatWasTypedSurvivesAFailureOfTheTable(t *testing.T) {
	d := open(t)
	d.store.fail = errors.New("the table is away")
	form := matter("text", "很长的一段话")
	a := d.post(t, "/file?lang=zh", form)
	if a.status != http.StatusInternalServerError || !strings.Contains(a.body, "很长的一段话") || a.header.Get("Retry-After") == "" {
		t.Fatalf("status %d, %v", a.status, a.header)
	}
	if strings.Contains(a.body, "the table is away") {
		t.Error("the page tells of the desk's insides")
	}
	d.store.fail = nil
	form.Set("key", onPage(t, keyOnPage, a))
	if a = d.post(t, "/file", form); a.status != http.StatusOK {
		t.Errorf("sent again: status %d", a.status)
	}
}

func TestHostileTextStaysText(t *testing.T) {
	d := open(t)
	evil := `"><script>alert(1)</script></textarea><img src=x onerror='x'>`
	a := d.post(t, "/file?lang=zh", matter("text", evil, "name", evil, "wish", evil, "phone", evil, "key", evil))
	number, code := "", ""
	pages := []answer{a, d.get(t, "/?p="+url.QueryEscape(evil)), d.get(t, "/follow?n="+url.QueryEscape(evil)),
		d.get(t, "/?lang="+url.QueryEscape(evil))}
	filed := d.post(t, "/file", matter("text", evil, "wish", evil))
	number, code = onPage(t, numberOnPage, filed), onPage(t, codeOnPage, filed)
	pages = append(pages, d.post(t, "/follow", url.Values{"number": {number}, "code": {code}}))
	for i, p := range pages {
		if foreignScript(p.body) || strings.Contains(p.body, "<img") {
			t.Errorf("page %d carries what was typed as HTML", i)
		}
	}
}

func TestTheQRCodesSpotIsChosen(t *testing.T) {
	d := open(t)
	if a := d.get(t, "/?p=BL03"); !strings.Contains(a.body, `<option value="BL03" selected>`) {
		t.Error("the spot of the code is not chosen")
	}
	a := d.get(t, "/?p=OLD1&lang=zh")
	if a.status != http.StatusOK || !strings.Contains(a.body, "没有找到二维码里的地点") {
		t.Errorf("an unknown spot: status %d, and not told of it", a.status)
	}
}
