package main

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"steledesk/shared/seal"
)

// handset is a browser with a jar of one cookie, which it sends as SameSite=Lax says.
type handset struct {
	t    *testing.T
	desk *desk
	mine string
}

func (p *handset) do(method, path, from string, form url.Values) answer {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.desk.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", from)
	if p.mine != "" && (from != "cross-site" || method == http.MethodGet) {
		r.AddCookie(&http.Cookie{Name: mineCookie, Value: p.mine})
	}
	client := *p.desk.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Do(r)
	if err == nil {
		for _, c := range response.Cookies() {
			if c.Name == mineCookie {
				p.mine = c.Value
			}
		}
	}
	return readAnswer(p.t, response, err)
}

func (p *handset) post(path string, form url.Values) answer {
	p.t.Helper()
	return p.do(http.MethodPost, path, "same-origin", form)
}

func (p *handset) get(path string) answer {
	p.t.Helper()
	return p.do(http.MethodGet, path, "none", nil)
}

// Somebody who filed, kept nothing and closed the page finds the way back on the same phone, without any script,
// and is asked to keep number and code until they say that they did.
func TestTheWayBack(t *testing.T) {
	d := open(t)
	p := &handset{t: t, desk: d}
	filed := p.post("/file?lang=zh", matter())
	number, code := onPage(t, numberOnPage, filed), onPage(t, codeOnPage, filed)
	if home := p.get("/?lang=zh"); !strings.Contains(home.body, number+"：编号和查询码还没有确认保存") {
		t.Error("the visitor is not asked again to keep number and code")
	}
	list := p.get("/follow?lang=zh")
	if !strings.Contains(list.body, number) || strings.Contains(list.body, code) {
		t.Errorf("the phone's list: number %t, code %t", strings.Contains(list.body, number), strings.Contains(list.body, code))
	}
	alone := url.Values{"number": {number}}
	if a := p.post("/follow", alone); a.status != http.StatusOK || !strings.Contains(a.body, "入口厕所没有纸。") {
		t.Errorf("opening from the list: status %d", a.status)
	}
	again := p.post("/receipt?lang=zh", alone)
	if again.status != http.StatusOK || onPage(t, codeOnPage, again) != code || !strings.Contains(again.body, "R1.") {
		t.Errorf("the receipt again: status %d", again.status)
	}
	if a := p.post("/mine/saved?lang=zh", alone); !strings.Contains(a.body, "已记下") {
		t.Errorf("saved: status %d", a.status)
	}
	for path, ask := range map[string]string{"/?lang=zh": "还没有确认保存", "/follow?lang=zh": "还没有确认保存"} {
		if strings.Contains(p.get(path).body, ask) {
			t.Errorf("%s asks again what was confirmed", path)
		}
	}
	if a := p.post("/mine/forget", nil); a.status != http.StatusSeeOther || p.mine != "" {
		t.Errorf("forget: status %d, still %q", a.status, p.mine)
	}
	if a := p.post("/follow", alone); a.status != http.StatusUnprocessableEntity {
		t.Errorf("after forgetting: status %d", a.status)
	}
}

// Nothing opens to a stranger: a cookie that was changed, cut, made up, made by another desk or meant for another
// purpose is as good as none, and the visitor meets the form for number and code.
func TestForgedCookiesOpenNothing(t *testing.T) {
	d := open(t)
	p := &handset{t: t, desk: d}
	number := onPage(t, numberOnPage, p.post("/file", matter()))
	other, err := seal.ParseKeys(seal.New())
	if err != nil {
		t.Fatal(err)
	}
	list := `[{"n":"` + number + `","k":"complaint","t":1763863800}]`
	other40 := "A"
	if p.mine[40] == 'A' {
		other40 = "B"
	}
	for name, cookie := range map[string]string{
		"none": "", "cut": p.mine[:len(p.mine)-8], "changed": p.mine[:40] + other40 + p.mine[41:], "plain": base64.RawURLEncoding.EncodeToString([]byte("1:" + list)),
		"another desk's":    other.SealToken(list, mineCookie),
		"another purpose's": d.site.desk.Keys.SealToken(list, "calendar"),
		"no list":           d.site.desk.Keys.SealToken("{}", mineCookie),
	} {
		stranger := &handset{t: t, desk: d, mine: cookie}
		if a := stranger.post("/follow", url.Values{"number": {number}}); a.status != http.StatusUnprocessableEntity || strings.Contains(a.body, "入口厕所没有纸。") {
			t.Errorf("%s: status %d", name, a.status)
		}
		stranger.mine = cookie
		if a := stranger.get("/follow"); a.status != http.StatusOK || strings.Contains(a.body, number) {
			t.Errorf("%s: status %d, or the list shows the number", name, a.status)
		}
	}
	if a := p.post("/follow", url.Values{"number": {"WX-00000000"}}); a.status != http.StatusUnprocessableEntity {
		t.Errorf("a number that is not in the cookie: status %d", a.status)
	}
}

// Another site's form carries no cookie; what it is answered must not take the place of the phone's list.
func TestOtherSitesLeaveTheListAlone(t *testing.T) {
	d := open(t)
	p := &handset{t: t, desk: d}
	p.post("/file", matter())
	kept := p.mine
	attacker := d.post(t, "/file", matter("text", "别人的"))
	theirs := url.Values{"number": {onPage(t, numberOnPage, attacker)}, "code": {onPage(t, codeOnPage, attacker)}}
	for _, path := range []string{"/follow", "/receipt", "/mine/saved", "/mine/keep", "/mine/forget"} {
		p.do(http.MethodPost, path, "cross-site", theirs)
		if p.mine != kept {
			t.Errorf("%s changed what the phone keeps", path)
			p.mine = kept
		}
	}
}

// A phone is handed around: that somebody filed a 举报 must not be found on it, unless they asked for it.
func TestAReportIsKeptOnlyWhenAskedFor(t *testing.T) {
	d := open(t)
	p := &handset{t: t, desk: d}
	filed := p.post("/file?lang=zh", matter("kind", "report", "category", "corruption"))
	number := onPage(t, numberOnPage, filed)
	opener := url.Values{"number": {number}, "code": {onPage(t, codeOnPage, filed)}}
	p.post("/follow", opener)
	p.post("/mine/saved", opener)
	if p.mine != "" {
		t.Error("the phone keeps a report without being asked")
	}
	if a := p.post("/mine/keep?lang=zh", opener); p.mine == "" || !strings.Contains(a.body, "已在这部手机上记住") {
		t.Errorf("asked for it: status %d, cookie %q", a.status, p.mine)
	}
	if !strings.Contains(p.get("/follow").body, number) {
		t.Error("it is not in the list")
	}
}

func TestThePhoneKeepsTenTheNewestFirst(t *testing.T) {
	d := open(t)
	p := &handset{t: t, desk: d}
	var numbers []string
	for range mineMost + 2 {
		d.now = d.now.Add(24 * time.Hour) // nobody files twelve matters at once, and the desk would slow them
		numbers = append(numbers, onPage(t, numberOnPage, p.post("/file", matter())))
	}
	list := p.get("/follow").body
	for i, n := range numbers {
		if got, want := strings.Contains(list, n), i >= 2; got != want {
			t.Errorf("filing %d: listed %t, want %t", i+1, got, want)
		}
	}
	if len(p.mine) > 2000 {
		t.Errorf("the cookie has %d characters", len(p.mine))
	}
}

// A cookie whose key this process had not heard of was written over while the store of the keys failed, and the phone
// lost its tickets.
func TestAListThatMayYetOpenIsLeftAlone(t *testing.T) {
	d := open(t)
	first := seal.New()
	newer, err := seal.ReadSecret(first)
	if err != nil {
		t.Fatal(err)
	}
	newer, id := newer.Add(d.now)
	if newer, err = newer.Use(id, d.now); err != nil {
		t.Fatal(err)
	}
	text, err := newer.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := seal.ParseKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	failing := error(nil)
	keys, err := seal.Open(t.Context(), seal.Source{
		Read: func(context.Context) ([]byte, error) { return first, failing }, Clock: func() time.Time { return d.now }, Told: func(error) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	d.site.desk.Keys, failing = keys, errors.New("throttled")
	kept := elsewhere.SealToken(`[{"n":"WX-7K3FQ2MK","k":"complaint","t":1763863800}]`, mineCookie)
	p := &handset{t: t, desk: d, mine: kept}
	if a := p.post("/file", matter()); a.status != http.StatusOK && a.status != http.StatusCreated || p.mine != kept {
		t.Errorf("while the keys cannot be read: status %d, the list is kept: %v", a.status, p.mine == kept)
	}
	report := p.post("/file", matter("kind", "report", "category", "corruption"))
	opener := url.Values{"number": {onPage(t, numberOnPage, report)}, "code": {onPage(t, codeOnPage, report)}}
	for path, form := range map[string]url.Values{"/mine/keep": opener, "/mine/forget": {"number": {"WX-7K3FQ2MK"}}} {
		if a := p.post(path, form); a.status != http.StatusServiceUnavailable || p.mine != kept {
			t.Errorf("%s says that it was done: status %d, the list is kept: %v", path, a.status, p.mine == kept)
		}
	}
	if p.post("/mine/forget", nil); p.mine != "" {
		t.Error("a phone that is handed on cannot be made to forget all")
	}
	p.mine = kept
	failing, d.now = nil, d.now.Add(time.Minute)
	if p.post("/file", matter("text", "另一件事。")); p.mine == kept {
		t.Error("a list whose key is gone is never written over")
	}
}
