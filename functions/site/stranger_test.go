package main

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/shared/ticket"
)

// Who mistyped one character of ten saw an empty field, and a page that asked for "提交" where the button says 查看.
func TestAWrongCodeStaysToBeCompared(t *testing.T) {
	d := open(t)
	a := d.post(t, "/follow?lang=zh", url.Values{"number": {"WX-7K3FQ2MK"}, "code": {"4T9XQ-20KM"}})
	if !strings.Contains(a.body, `name="code" value="4T9XQ-20KM"`) || strings.Contains(a.body, "再按一次提交") {
		t.Errorf("the typed code is gone, or the page asks for another button:\n%s", a.body)
	}
}

// A calendar link that was cut spoke of wrong codes and of locking.
func TestACutCalendarLinkSpeaksOfNoCode(t *testing.T) {
	a := open(t).get(t, "/calendar/cut.ics?lang=zh")
	if a.status != http.StatusNotFound || !strings.Contains(a.body, "没有这个页面") || strings.Contains(a.body, "锁定") {
		t.Errorf("got %d:\n%s", a.status, a.body)
	}
}

// A mistyped address answered {"message":"Not Found"}: no word a visitor reads, and no way on. Programs get a problem.
func TestAnUnknownAddressLeadsOn(t *testing.T) {
	d := open(t)
	for path, says := range map[string]string{
		"/folow?lang=zh": "没有这个页面", "/follow/a/b?lang=en": "no such page", "/v1x?lang=ja": "このページはありません", "/desk.html?lang=ko": "없는 페이지입니다",
	} {
		a := d.get(t, path)
		for _, want := range []string{says, `href="/?lang=`, `href="/follow?lang=`} {
			if !strings.Contains(a.body, want) {
				t.Errorf("%s lacks %q:\n%s", path, want, a.body)
			}
		}
		if a.status != http.StatusNotFound || !strings.HasPrefix(a.header.Get("content-type"), "text/html") {
			t.Errorf("%s: %d %s", path, a.status, a.header.Get("content-type"))
		}
	}
	sent := d.post(t, "/fille?lang=en", url.Values{"text": {"queues"}})
	if sent.status != http.StatusNotFound || !strings.Contains(sent.body, "no such page") {
		t.Errorf("a form sent nowhere: %d\n%s", sent.status, sent.body)
	}
	for _, a := range []answer{d.get(t, "/v1/nothing?lang=en"), d.get(t, "/v1"), d.post(t, "/v1/tickets/a/b/c", url.Values{})} {
		if a.status != http.StatusNotFound || !strings.HasPrefix(a.header.Get("content-type"), "application/problem+json") || !strings.Contains(a.body, `"code":"not-found"`) {
			t.Errorf("a program got %d %s: %s", a.status, a.header.Get("content-type"), a.body)
		}
	}
}

// What the section asks, its answer and the way to have it done again stand before offers to be told of news; after an
// answer that did not do, the page leads on, and when nothing more can come it offers no news.
func TestATicketsPageBeginsWithWhatMatters(t *testing.T) {
	d := open(t)
	filed := d.post(t, "/file", matter())
	number, code := onPage(t, numberOnPage, filed), onPage(t, codeOnPage, filed)
	opener := url.Values{"number": {number}, "code": {code}, "key": {newKey()}}
	gardens := ticket.Actor{Role: ticket.SectionStaff, Login: "rake", Section: "gardens"}
	d.act(t, number, ticket.Command{Name: ticket.Sign, By: gardens})
	d.act(t, number, ticket.Command{Name: ticket.Ask, By: gardens, Text: "哪一间？"})
	before(t, d.post(t, "/follow", opener).body, `id="question"`, `data-push`)
	d.post(t, "/follow/supply", url.Values{"number": {number}, "code": {code}, "key": {newKey()}, "text": {"入口那间"}})
	answered(t, d, number, gardens)
	before(t, d.post(t, "/follow", opener).body, `id="answer"`, `data-push`)

	rated := d.post(t, "/follow/rating?lang=zh", url.Values{"number": {number}, "code": {code}, "key": {newKey()}, "solved": {"no"}, "level": {"1"}}).body
	if !strings.Contains(rated, "要重新办理，请在下面说明") || !strings.Contains(rated, "<details open>\n<summary>不满意？要求重办") {
		t.Errorf("rated 1 of 5, and no way on:\n%s", rated)
	}
	d.post(t, "/follow/reopen", url.Values{"number": {number}, "code": {code}, "key": {newKey()}, "text": {"还是没有纸"}})
	gone := d.post(t, "/follow/withdraw", url.Values{"number": {number}, "code": {code}, "key": {newKey()}}).body
	if strings.Contains(gone, "data-push") {
		t.Error("a withdrawn ticket's page offers news")
	}
}

func answered(t *testing.T, d *desk, number string, by ticket.Actor) {
	t.Helper()
	d.act(t, number, ticket.Command{Name: ticket.Answer, By: by, Outcome: ticket.OutcomeSolved, Text: "已补纸。"})
	d.act(t, number, ticket.Command{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "clerk", Section: "office"}})
}

func before(t *testing.T, page, first, then string) {
	t.Helper()
	i, j := strings.Index(page, first), strings.Index(page, then)
	if i < 0 || j < i {
		t.Errorf("%s at %d, %s at %d of\n%s", first, i, then, j, html.UnescapeString(page))
	}
}

// A browser's own bubble said it in the browser's language, and was gone after some seconds.
func TestBrowserSaysWhatAStepLacks(t *testing.T) {
	d, v := open(t), browser(t)(t, phone)
	v.do(chromedp.Navigate(d.URL + "/?lang=ko"))
	v.do(chromedp.Click(chromedp.CSS(`#what [data-next]`)))
	v.reads("step-lacks", "하나를 선택해 주십시오")
	if described := ask[string](v, `document.querySelector('#form-kind').getAttribute('aria-describedby')`); described != "form-kind-wrong" {
		t.Errorf("the fieldset is described by %q", described)
	}
	if focused := ask[bool](v, `document.activeElement.name === 'kind' && document.activeElement.closest('fieldset').getBoundingClientRect().top >= 0`); !focused {
		t.Error("what is lacking is not in sight and focused")
	}
	v.do(chromedp.Click(chromedp.CSS(`input[value=complaint]`)), chromedp.Click(chromedp.CSS(`input[value=safety]`)))
	if left := ask[bool](v, `!!document.querySelector('#form-kind-wrong')`); left {
		t.Error("it is still said after it was mended")
	}
	v.step("where")
	v.step("tell")
	v.do(chromedp.Click(chromedp.CSS(`#tell .send button:not([type=button])`)))
	v.reads("step-lacks-text", "내용을 적어 주십시오")
}
