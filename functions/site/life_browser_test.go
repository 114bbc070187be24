package main

import (
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
)

var codeShown = regexp.MustCompile(`\b[0-9A-Z]{5}-[0-9A-Z]{5}\b`)

// In each language, on a phone: a complaint is filed, its page is lost and found again by number and code, what was
// asked is supplied, the answer is rated 1 of 5, and the matter is reopened.
func TestBrowserLifeInEveryLanguage(t *testing.T) {
	window := browser(t)
	for _, language := range phrase.Languages() {
		t.Run(language, func(t *testing.T) { playLife(t, open(t), window(t, phone), language) })
	}
}

func playLife(t *testing.T, d *desk, v *visit, language string) {
	says := func(key string) string { return phrase.In(language, key) }
	v.do(chromedp.Navigate(d.URL + "/?p=BL07&lang=" + language))
	v.reads(language+"-life-form", says("kind.complaint"), says("page.file"))
	v.fill("溪边护栏松动。The railing is loose.")
	v.send("/file")
	v.reads(language+"-life-receipt", says("page.receipt.filed"))
	number, code := v.number(), codeShown.FindString(ask[string](v, `document.querySelector('.receipt').innerText`))

	v.do(chromedp.Navigate(d.URL + "/follow?lang=" + language))
	v.do(chromedp.SendKeys(chromedp.CSS(`#find-number`), number), chromedp.SendKeys(chromedp.CSS(`#find-code`), code))
	v.send("/follow")
	v.reads(language+"-life-found", number, says("state.assigned"))

	security := ticket.Actor{Role: ticket.SectionStaff, Login: "guard", Section: "security"}
	office := ticket.Actor{Role: ticket.OfficeStaff, Login: "clerk", Section: "office"}
	d.act(t, number, ticket.Command{Name: ticket.Sign, By: security})
	d.act(t, number, ticket.Command{Name: ticket.Ask, By: security, Text: "靠江边的一侧吗？"})
	v.refresh()
	v.reads(language+"-life-waiting", says("state.waiting"), "靠江边的一侧吗？")
	v.do(chromedp.SendKeys(chromedp.CSS(`#supply-text`), "Yes. 是。"))
	v.send("/follow/supply")
	v.reads(language+"-life-supplied", "Yes. 是。", says("state.handling"))

	d.act(t, number, ticket.Command{Name: ticket.Answer, By: security, Outcome: ticket.OutcomeSolved, Text: "护栏已加固。"})
	d.act(t, number, ticket.Command{Name: ticket.Approve, By: office})
	v.refresh()
	v.reads(language+"-life-answered", says("state.answered"), "护栏已加固。")
	v.do(chromedp.Click(chromedp.CSS(`[name=solved][value=no]`)), chromedp.Click(chromedp.CSS(`[name=level][value="1"]`)))
	v.send("/follow/rating")
	v.reads(language+"-life-rated", says("level.1"))
	v.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#reopen-text').closest('details')?.setAttribute('open', '')`),
		chromedp.SendKeys(chromedp.CSS(`#reopen-text`), "Loose again. 又松了。"))
	v.send("/follow/reopen")
	v.reads(language+"-life-reopened", "Loose again. 又松了。", says("state.assigned"))
	if tongue := ask[string](v, `document.documentElement.lang`); tongue[:2] != language {
		t.Errorf("the page is in %s, want %s", tongue, language)
	}
	if wide := ask[bool](v, `document.documentElement.scrollWidth > innerWidth`); wide {
		t.Error("the page is wider than the phone")
	}
}
