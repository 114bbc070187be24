package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/ticket"
)

// go test ./functions/site -run Browser -shots /tmp/shots keeps a picture of every page.
var shots = flag.String("shots", "", "folder for pictures of the pages the browser tests pass")

type screen = browsertest.Screen

var phone, desktop = browsertest.Phone, browsertest.Desktop

// A visit is a browser's window.
type visit struct {
	t      *testing.T
	ctx    context.Context
	screen screen
}

// browser starts Chromium once for a test; each call of the result opens a window in it.
func browser(t *testing.T) func(*testing.T, screen) *visit {
	t.Helper()
	open := browsertest.Start(t)
	return func(t *testing.T, s screen) *visit {
		t.Helper()
		return &visit{t: t, ctx: open(t, s), screen: s}
	}
}

func (v *visit) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	if err := chromedp.Do(v.ctx, steps...); err != nil {
		v.t.Fatalf("%v; the page says:\n%s", err, v.text())
	}
}

// ask runs a script of the test's in the page.
func ask[T any](v *visit, script string) T {
	v.t.Helper()
	result, err := chromedp.Run(v.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		v.t.Fatalf("%s: %v", script, err)
	}
	return result
}

// text is what a person reads on the page.
func (v *visit) text() string {
	text, _ := chromedp.Run(v.ctx, chromedp.Evaluate[string](`document.body.innerText`)) // empty explains itself
	return text
}

// press clicks on something that leads to another page, and waits for that.
func (v *visit) press(what string) {
	v.t.Helper()
	v.leave(chromedp.Click(chromedp.CSS(what)))
}

// leave does something that leads to another page, and waits for that.
func (v *visit) leave(step chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, browsertest.Patience)
	defer cancel()
	if _, err := chromedp.RunResponse(ctx, step); err != nil {
		v.t.Fatalf("%v; the page says:\n%s", err, v.text())
	}
}

// send presses a form's button.
func (v *visit) send(form string) {
	v.t.Helper()
	v.press(fmt.Sprintf(`form[action="%[1]s"] .send button:not([type=button]), form[action^="%[1]s?"] .send button:not([type=button])`, form))
}

// reads fails the test unless the page says all of wants, and fits the screen's width.
func (v *visit) reads(page string, wants ...string) {
	v.t.Helper()
	text := v.text()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			v.t.Errorf("%s lacks %q:\n%s", page, want, text)
		}
	}
	if width := ask[int64](v, `document.documentElement.scrollWidth`); width > v.screen.Width {
		v.t.Errorf("%s is %d pixels wide on a screen of %d", page, width, v.screen.Width)
	}
	v.fits(page)
	v.keep(page)
}

// fits fails the test when something to press is too small for a finger (44 pixels), or a field
// has no label.
func (v *visit) fits(page string) {
	v.t.Helper()
	bad := ask[[]string](v, `[
		...[...document.querySelectorAll('button,select,textarea,summary,nav a,.phones a,.danger a,label.choice,input:not([type=hidden]):not([type=radio]):not([type=checkbox])')]
			.filter(e => { const r = e.getBoundingClientRect(); return !e.closest('[aria-hidden=true]') && r.height > 0 && (r.height < 43.5 || r.width < 43.5) })
			.map(e => 'small: ' + e.outerHTML.slice(0, 80)),
		...[...document.querySelectorAll('input:not([type=hidden]),select,textarea')].filter(e => e.labels.length == 0 && !e.ariaLabel)
			.map(e => 'no label: ' + e.outerHTML.slice(0, 80)),
		...[...document.querySelectorAll('[aria-describedby]')].flatMap(e => e.getAttribute('aria-describedby').split(' '))
			.filter(id => !document.getElementById(id)).map(id => 'describes nothing: ' + id),
		...[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) != i)
			.map(id => 'id used twice: ' + id),
	]`)
	for _, b := range bad {
		v.t.Errorf("%s: %s", page, b)
	}
}

// keep takes a picture of the whole page, where -shots says.
func (v *visit) keep(page string) {
	v.t.Helper()
	if *shots == "" {
		return
	}
	picture, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		v.t.Fatal(err)
	}
	file := filepath.Join(*shots, fmt.Sprintf("%s-%s.png", page, v.screen.Name))
	if err := os.WriteFile(file, picture, 0o600); err != nil {
		v.t.Fatal(err)
	}
}

// fill types a complaint.
func (v *visit) fill(text string) {
	v.t.Helper()
	v.do(
		chromedp.Click(chromedp.CSS(`input[value=complaint]`)),
		chromedp.Click(chromedp.CSS(`input[value=safety]`)),
		chromedp.Click(chromedp.CSS(`input[value=railings]`)),
	)
	v.step("where")
	v.step("tell")
	v.do(chromedp.SendKeys(chromedp.CSS(`#form-text`), text))
}

// step goes on to a step of the form, where a script shows it step by step.
func (v *visit) step(id string) {
	v.t.Helper()
	v.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('.step:not([hidden]) .move:not([hidden]) [data-next]')?.click()`),
		chromedp.WaitVisible(chromedp.CSS(`#`+id)))
}

func TestBrowser(t *testing.T) {
	window := browser(t)
	for _, s := range []screen{phone, desktop} {
		t.Run("a visitor files and follows in Chinese/"+s.Name, func(t *testing.T) { playChinese(t, open(t), window(t, s)) })
		t.Run("a visitor files and follows in English/"+s.Name, func(t *testing.T) { playEnglish(t, open(t), window(t, s)) })
	}
	t.Run("two taps are one ticket", func(t *testing.T) {
		d, v := open(t), window(t, phone)
		v.do(chromedp.Navigate(d.URL + "/?lang=zh"))
		v.fill("护栏松了")
		v.leave(chromedp.Evaluate[chromedp.Void](`{ const b = document.querySelector('.send button:not([type=button])'); b.click(); b.click() }`))
		v.do(chromedp.WaitVisible(chromedp.CSS(`.receipt`)))
		v.leave(chromedp.Reload())
		v.reads("reloaded", "已收到")
		if n := d.store.count(); n != 1 {
			t.Errorf("%d tickets, want 1", n)
		}
	})
	t.Run("no script, nothing from elsewhere, no refused style", func(t *testing.T) {
		d, v := open(t), window(t, phone)
		v.scripts(false)
		v.do(chromedp.Navigate(d.URL + "/?lang=zh"))
		v.fill("护栏松了")
		v.send("/file")
		v.scripts(true)
		v.reads("no-script", "已收到")
		border := ask[string](v, `getComputedStyle(document.querySelector('header')).borderBottomColor`)
		if border != "rgb(155, 35, 24)" {
			t.Errorf("the style sheet is not in force (border %s): its hash must be in the policy", border)
		}
	})
}

func playChinese(t *testing.T, d *desk, v *visit) {
	v.do(chromedp.Navigate(d.URL + "/?p=BL07&lang=zh"))
	v.reads("zh-form", "有什么要告诉我们", "投诉", "只有纪检人员能看到", "可以匿名")
	v.fill("溪边护栏松动，孩子差点掉下去。")
	v.do(chromedp.SetValue(chromedp.CSS(`#form-happenedAt`), "2026-11-24T10:00"), chromedp.SetValue(chromedp.CSS(`#form-phone`), "不告诉"))
	v.send("/file")
	v.reads("zh-form-wrong", "还差一点", "不能是将来的时间", "5–20 位数字")
	text, spot := ask[string](v, `document.querySelector('#form-text').value`), ask[string](v, `document.querySelector('#form-spot').value`)
	kind := ask[string](v, `document.querySelector('[name=kind]:checked').value`)
	if text != "溪边护栏松动，孩子差点掉下去。" || spot != "BL07" || kind != "complaint" {
		t.Errorf("what was typed came back as %q, %q, %q", text, spot, kind)
	}
	v.do(chromedp.SetValue(chromedp.CSS(`#form-happenedAt`), "2026-11-23T09:00"), chromedp.SetValue(chromedp.CSS(`#form-phone`), "139 0000 0000"))
	v.send("/file")
	v.reads("zh-receipt", "已收到", "安全保卫科", "紧急", "2026年11月24日（周二）09:30前答复", "请截图")

	number := v.number()
	v.send("/follow")
	v.reads("zh-ticket", number, "待签收", "安全保卫科")
	v.send("/follow/message")
	v.reads("zh-message-empty", "还差一点")
	v.do(chromedp.SendKeys(chromedp.CSS(`#message-text`), "就在第三座桥旁边。"))
	v.send("/follow/message")
	v.reads("zh-messaged", "留言已送达", "就在第三座桥旁边。")

	security := ticket.Actor{Role: ticket.SectionStaff, Login: "guard", Section: "security"}
	d.act(t, number, ticket.Command{Name: ticket.Sign, By: security})
	d.act(t, number, ticket.Command{Name: ticket.Ask, By: security, Text: "请问是靠江边的一侧吗？"})
	v.refresh()
	v.reads("zh-waiting", "待补充", "请问是靠江边的一侧吗？", "期限暂停")
	v.do(chromedp.SendKeys(chromedp.CSS(`#supply-text`), "是。"))
	v.send("/follow/supply")
	v.reads("zh-supplied", "已收到您的补充", "办理中")

	d.act(t, number, ticket.Command{Name: ticket.Answer, By: security, Outcome: ticket.OutcomeSolved, Text: "护栏已加固。\n谢谢您的提醒。"})
	d.act(t, number, ticket.Command{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "clerk", Section: "office"}})
	v.refresh()
	v.reads("zh-answered", "已答复", "护栏已加固。", "解决了吗", "要求重办")
	v.lacks("/follow/rating", "rating-solved", "请选择一项")
	v.do(chromedp.Click(chromedp.CSS(`[name=solved][value=yes]`)))
	v.lacks("/follow/rating", "rating-level", "请选择一项")
	v.lacks("/follow/reopen", "reopen-text", "请写下内容")
	v.keep("zh-lacks")
	v.do(chromedp.Click(chromedp.CSS(`[name=level][value="5"]`)))
	v.send("/follow/rating")
	v.reads("zh-rated", "谢谢您的评价", "办结", "非常满意")
}

func playEnglish(t *testing.T, d *desk, v *visit) {
	v.do(chromedp.Navigate(d.URL + "/?p=BL07&lang=zh"))
	v.press(`.tongues [lang=en] a`)
	v.reads("en-form", "What would you like to tell us?", "Complaint", "Visitors' safety")
	v.fill("The railing by the brook is loose, and at weekends it is crowded.")
	v.send("/file")
	v.reads("en-receipt", "We have received it", "Safety and Security", "Urgent", "Tuesday 24 November 2026", "screenshot")
	number := v.number()
	v.send("/follow")
	v.reads("en-ticket", number, "not yet signed for")
	v.do(chromedp.Click(chromedp.CSS(`details:has(#withdraw-text) summary`)), chromedp.SendKeys(chromedp.CSS(`#withdraw-text`), "Mended before my eyes."))
	v.send("/follow/withdraw")
	v.reads("en-withdrawn", "It was withdrawn", "Mended before my eyes.")

	v.do(chromedp.Navigate(d.URL + "/verify?lang=en"))
	v.lacks("/verify", "verify-receipt", "Please write something")
	v.do(chromedp.Navigate(d.URL + "/follow?lang=en"))
	v.lacks("/follow", "find-number", "Please write something")
	v.do(chromedp.SendKeys(chromedp.CSS(`#find-number`), "WX-00000001"), chromedp.SendKeys(chromedp.CSS(`#find-code`), "no"))
	v.send("/follow")
	v.reads("en-find-wrong", "perhaps one character is wrong", "10 letters and digits")
}

// lacks sends a form that lacks something, and fails the test unless the page stays and says so at the field, to the eye and
// to a reader of the screen: the browser's own bubble spoke the browser's language, and some browsers have none.
func (v *visit) lacks(action, field, words string) {
	v.t.Helper()
	said := ask[string](v, fmt.Sprintf(`(() => {
		const place = document.getElementById(%q), form = document.querySelector('form[action^="%s"]:has(.send)')
		form.closest('details')?.setAttribute('open', '')
		form.querySelector('.send button').click()
		const note = document.getElementById(place.id + '-wrong')
		const told = place.getAttribute('aria-invalid') && place.getAttribute('aria-describedby')?.split(' ').includes(note?.id)
		return form.noValidate && told && place.contains(document.activeElement) ? note.innerText : 'nothing is said: ' + place.outerHTML.slice(0, 200)
	})()`, field, action))
	if !strings.Contains(said, words) {
		v.t.Errorf("%s without %s: got %q, want %q", action, field, said, words)
	}
}

// number is the number of the ticket the page shows.
func (v *visit) number() string {
	v.t.Helper()
	return ask[string](v, `document.querySelector('[name=number]').value`)
}

// scripts switches the page's scripts on or off; the pages have none.
func (v *visit) scripts(on bool) {
	v.t.Helper()
	_, err := chromedp.Call(v.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *visit) refresh() {
	v.t.Helper()
	v.press(`main .standing button.plain`)
}
