package main

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/ticket"
)

// WCAG 2.1 AA, and what axe's authors hold to be good besides.
const axeRun = `window.axeFound = null
axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
	.then(r => { window.axeFound = (r.passes.length < 10 ? ['axe tried next to nothing'] : []).concat(r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target + ' ' + n.failureSummary))) })`

// TestBrowserFindsNobodyShutOut: every page, in normal and in elder mode, in every language.
func TestBrowserFindsNobodyShutOut(t *testing.T) {
	axe, window := browsertest.Axe(t), browser(t)
	d := open(t)
	filed := d.post(t, "/file", matter())
	number, code := onPage(t, numberOnPage, filed), onPage(t, codeOnPage, filed)
	gardens := ticket.Actor{Role: ticket.SectionStaff, Login: "rake", Section: "gardens"}
	d.act(t, number, ticket.Command{Name: ticket.Sign, By: gardens})
	d.act(t, number, ticket.Command{Name: ticket.Answer, By: gardens, Outcome: ticket.OutcomeSolved, Text: "已补纸。"})
	d.act(t, number, ticket.Command{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "clerk", Section: "office"}})
	for _, elder := range []string{"0", "1"} {
		for _, language := range []string{"zh", "en", "ja", "ko"} {
			t.Run(language+elder, func(t *testing.T) {
				v := window(t, phone)
				choice := "lang=" + language + "&elder=" + elder
				for _, page := range []string{"/?p=BL01&", "/follow?", "/about?", "/verify?"} {
					v.do(chromedp.Navigate(d.URL + page + choice))
					v.shutsNobodyOut(page, axe)
				}
				opener := url.Values{"number": {number}, "code": {code}}
				for _, form := range []struct {
					path   string
					fields url.Values
				}{{"/follow?", opener}, {"/receipt?", opener}, {"/file?", url.Values{"key": {newKey()}}}} {
					v.sendForm(form.path+choice, form.fields)
					v.shutsNobodyOut("answer to "+form.path, axe)
				}
			})
		}
	}
}

// sendForm sends a form that the test makes on the page.
func (v *visit) sendForm(path string, fields url.Values) {
	v.t.Helper()
	v.leave(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{
		const f = Object.assign(document.createElement('form'), { method: 'post', action: %q })
		for (const [name, value] of new URLSearchParams(%q)) f.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
		document.body.append(f)
		f.submit()
	}`, path, fields.Encode())))
}

// shutsNobodyOut fails the test for everything axe-core finds on the page.
func (v *visit) shutsNobodyOut(page, axe string) {
	v.t.Helper()
	v.do(chromedp.Evaluate[chromedp.Void](axe+";"+axeRun), chromedp.Poll[chromedp.Void](`window.axeFound !== null`))
	for _, found := range ask[[]string](v, `window.axeFound`) {
		v.t.Errorf("%s: %s", page, found)
	}
	if width := ask[int64](v, `document.documentElement.scrollWidth`); width > v.screen.Width {
		v.t.Errorf("%s is %d pixels wide on a screen of %d", page, width, v.screen.Width)
	}
	v.keep(url.PathEscape(page + v.t.Name()))
}
