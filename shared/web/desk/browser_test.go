package desk

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"steledesk/infra/browsertest"
)

func TestBrowser(t *testing.T) {
	start := browsertest.Start(t)
	for _, s := range []browsertest.Screen{browsertest.Phone, browsertest.Desktop} {
		t.Run("a clerk signs and answers/"+s.Name, func(t *testing.T) { playAnswer(t, open(t, start, s)) })
		t.Run("in English/"+s.Name, func(t *testing.T) { playEnglish(t, open(t, start, s)) })
		t.Run("the record/"+s.Name, func(t *testing.T) { playRecord(t, open(t, start, s)) })
		t.Run("the office's board/"+s.Name, func(t *testing.T) { playBoard(t, open(t, start, s)) })
	}
	t.Run("a draft outlives everything", func(t *testing.T) { playDraft(t, open(t, start, browsertest.Phone)) })
	t.Run("somebody was faster", func(t *testing.T) { playFaster(t, open(t, start, browsertest.Desktop)) })
	t.Run("an answer whose receipt was lost", func(t *testing.T) { playLost(t, open(t, start, browsertest.Phone)) })
	t.Run("keyboard", func(t *testing.T) { playKeyboard(t, open(t, start, browsertest.Desktop)) })
	t.Run("live", func(t *testing.T) { playLive(t, open(t, start, browsertest.Desktop)) })
	t.Run("password and sign-out", func(t *testing.T) { playPassword(t, open(t, start, browsertest.Phone)) })
	t.Run("hostile words", func(t *testing.T) { playHostile(t, open(t, start, browsertest.Desktop)) })
}

func playAnswer(t *testing.T, w *window) {
	w.says("浯溪碑林风景名胜区")
	w.fits("zh-signin")
	w.write(`[name=login]`, "guard")
	w.write(`[name=password]`, "wrong")
	w.click(`form .main`)
	w.says("账号或密码不对")
	w.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('form').reset()`))
	w.signIn()
	w.fits("zh-queue")
	for _, want := range []string{"已逾期", "今日到期", "计时暂停", "紧急", "WX-00000000", "护栏松动"} {
		w.says(want)
	}
	if got := ask[string](w, `document.title`); got != "(59) 办理台" {
		t.Errorf("title %q", got)
	}
	w.click(`#filters summary`)
	w.fits("zh-filters")
	w.click(`#filters summary`)
	w.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#more button').click()`))
	w.until(`document.querySelectorAll('#rows .row').length == 60`)
	w.click(`#counts .overdue`)
	w.until(`document.querySelectorAll('#rows .row').length == 2`)

	w.click(`#rows .row`)
	w.until(`document.querySelector('#steps li')`)
	w.says("138****1234")
	w.fits("zh-ticket")
	w.click(`.contact button`)
	w.write(`[name=reason]`, "回访核实")
	w.fits("zh-reason")
	w.click(`#contact form .main`)
	w.says("13800001234")
	w.click(`[data-command=sign]`)
	w.says("已签收。")
	w.says("13800001234") // a call is not cut short by a command
	w.click(`[data-command=answer]`)
	if kinds := ask[string](w, `[...document.querySelector('[name=template]').options].map(o => o.value).join()`); kinds != ",solved" {
		t.Errorf("a complaint's answer is offered the templates %s", kinds)
	}
	w.do(chromedp.Evaluate[chromedp.Void](`{ const s = document.querySelector('[name=template]'); s.value = 'solved'; s.dispatchEvent(new Event('change')) }`))
	w.until(`document.querySelector('[name=text]').value.includes('处理结果：') && document.querySelector('[name=outcome]').value == 'solved'`)
	w.fits("zh-answer")
	w.do(chromedp.SetValue(chromedp.CSS(`[name=text]`), "护栏已加固。"))
	w.click(`form.panel .main`)
	w.says("答复已提交")
	w.says("已答复")
	if strings.Contains(w.text(), "现在不能") {
		t.Errorf("what was sent is told as impossible:\n%s", w.text())
	}
	if left := ask[int64](w, `Object.keys(localStorage).filter(k => k.includes('draft')).length`); left != 0 {
		t.Errorf("%d drafts are left of what was sent", left)
	}
	w.fits("zh-answered")
	w.quiet()
}

func playEnglish(_ *testing.T, w *window) {
	w.click(`nav .language`)
	w.says("Sign in")
	w.signIn()
	w.says("Overdue")
	// a deadline within a day is told with its hour
	w.until(`[...document.querySelectorAll('#rows .row')].some(r => /Sign by.*24 Nov.*09:30/.test(r.innerText)) && ![...document.querySelectorAll('#rows .row')].some(r => r.innerText.includes('23:59'))`)
	w.fits("en-queue")
	w.read("WX-00000004")
	w.says("Safety and Security")
	w.click(`[data-command=return]`)
	w.fits("en-ticket")
	w.click(`.menu summary`)
	w.fits("en-menu")
	w.quiet()
}

// The record is read by the desk's day, not the browser's, searched further back, and taken along by the address that a browser saves from.
func playRecord(t *testing.T, w *window) {
	w.desk.with(func() { w.desk.roles = []string{"discipline"} })
	w.signIn()
	w.click(`nav a[href="#/audit"]`)
	w.says("查看联系方式")
	w.says("=1+1")
	w.fits("zh-record")
	w.until(`document.querySelector('#asked [name=day]').value == '2026-09-29' && document.querySelector('[data-by="1"]').disabled`)
	w.write(`#asked [name=who]`, "guard-2")
	w.click(`#asked .main`)
	w.says("这一天没有符合条件的记录")
	w.do(chromedp.Evaluate[chromedp.Void](`document.querySelector('#further button').click()`))
	w.says("票务科签收")
	if got := ask[string](w, `document.getElementById('export').getAttribute('href')`); !strings.HasPrefix(got, "/v1/desk/audit/export?day=") || !strings.HasSuffix(got, "&who=guard-2") {
		t.Errorf("exported from %s", got)
	}
	if ask[string](w, `document.querySelector('#asked [name=day]').value`) != "2026-09-26" {
		t.Error("what was found further back stands under another day")
	}
	w.click(`nav .language`)
	w.says("Look further back")
	w.fits("en-record")
	w.quiet()
}

func playBoard(_ *testing.T, w *window) {
	w.desk.with(func() {
		w.desk.roles = []string{"office"}
		w.desk.tickets[6]["state"], w.desk.tickets[8]["state"] = "triage", "review"
	})
	w.signIn()
	w.click(`nav a[href="#/board"]`)
	w.says("各科室")
	for _, want := range []string{"93%（58 件）", "件数太少（3 件）", "还没有", "200+", "没有逾期、今日到期或待签收的"} {
		w.says(want)
	}
	w.fits("zh-board")
	w.whole("zh-board-whole")
	w.click(`nav .language`)
	w.says("To assign")
	w.fits("en-board")
	w.click(`.standings .chip.overdue`)
	w.until(`document.querySelectorAll('#rows .row').length == 2 && document.querySelector('#filters [name=due]').value == 'overdue'`)
	w.do(chromedp.Evaluate[chromedp.Void](`location.hash = '#/board'`))
	w.click(`nav .language`)
	w.says("各科室")
	w.read("WX-00000006")
	w.click(`[data-command=assign]`)
	w.until(`[...document.querySelector('[name=section]').options].some(o => o.value == 'gardens')`)
	w.fits("zh-assign")
	w.quiet()
}

// What was written is lost by no reload, no dead connection and no end of the session.
func playDraft(t *testing.T, w *window) {
	w.signIn()
	w.read("WX-00000005")
	w.click(`[data-command=note]`)
	w.write(`[name=text]`, "现场已拍照。")
	w.do(chromedp.Reload())
	w.until(`document.querySelector('[name=text]') && document.querySelector('[name=text]').value == '现场已拍照。'`)
	w.desk.with(func() { w.desk.fail = 1 })
	w.click(`form.panel .main`)
	w.says("网络不通")
	w.says("不会重复办理")
	w.fits("zh-offline")
	w.desk.with(func() { w.desk.ended = true })
	w.click(`form.panel .main`)
	w.says("登录已过期")
	w.write(`[name=login]`, "guard")
	w.write(`[name=password]`, "right password")
	w.click(`form .main`)
	w.until(`document.querySelector('[name=text]') && document.querySelector('[name=text]').value == '现场已拍照。'`)
	w.click(`form.panel .main`)
	w.says("备注已保存")
	if n := len(w.desk.tickets[5]["events"].([]object)); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
	w.quiet()
}

func playFaster(t *testing.T, w *window) {
	w.signIn()
	w.read("WX-00000005")
	w.click(`[data-command=note]`)
	w.write(`[name=text]`, "我来写。")
	w.desk.with(func() { w.desk.apply(w.desk.tickets[5], "signed", "handling", "", "other") })
	if got := ask[string](w, `document.title`); got != "(59) 办理台" {
		t.Errorf("title with a ticket open: %q", got)
	}
	w.click(`form.panel .main`)
	w.says("有人先一步办理")
	w.until(`document.querySelector('[name=text]').value == '我来写。'`)
	w.says("办理中")
	w.fits("zh-faster")
	w.click(`form.panel .main`)
	w.says("备注已保存")
	w.quiet()
}

// The desk did it and the phone did not hear so: pressing again does it once.
func playLost(t *testing.T, w *window) {
	w.signIn()
	w.read("WX-00000005")
	w.click(`[data-command=note]`)
	w.write(`[name=text]`, "写一次。")
	w.desk.with(func() { w.desk.lose = 1 })
	w.click(`form.panel .main`)
	w.says("不会重复办理")
	w.click(`form.panel .main`)
	w.says("备注已保存")
	if n := len(w.desk.tickets[5]["events"].([]object)); n != 2 {
		t.Errorf("%d events, want 2", n)
	}
	w.quiet()
}

func playKeyboard(t *testing.T, w *window) {
	w.signIn()
	focused := func() string {
		return ask[string](w, `document.activeElement.getAttribute('href') || document.activeElement.id`)
	}
	press := func(keys string) { w.do(chromedp.KeyEvent(keys)) }
	press("j")
	press("j")
	press(kb.ArrowDown)
	press("k")
	if got, want := focused(), "#/t/WX-00000001"; got != want {
		t.Errorf("j j ↓ k lead to %s, want %s", got, want)
	}
	press(kb.Enter)
	w.until(`document.querySelector('#steps li') && document.activeElement.id == 'number'`)
	press("/")
	if got := focused(); got != "search" {
		t.Errorf("/ leads to %s", got)
	}
	press("j")
	if got := ask[string](w, `document.getElementById('search').value`); !strings.HasSuffix(got, "j") { // the driver may type / too
		t.Errorf("typing in the search field moves about: it holds %q", got)
	}
	press(kb.Escape)
	press(kb.Escape)
	w.until(`location.hash == '#/' && document.activeElement.getAttribute('href') == '#/t/WX-00000001'`)
	press("?")
	w.until(`document.getElementById('help').open`)
	w.fits("zh-help")
	press(kb.Escape)
	w.until(`!document.getElementById('help').open`)
	w.quiet()
}

// News comes without taking the focus, the place in the list or half a text away.
func playLive(t *testing.T, w *window) {
	w.signIn()
	w.read("WX-00000005")
	w.click(`[data-command=note]`)
	w.write(`[name=text]`, "写到一半")
	w.do(chromedp.Evaluate[chromedp.Void](`document.getElementById('list').scrollTop = 300; document.querySelector('[name=text]').kept = true`))
	w.desk.with(func() {
		w.desk.apply(w.desk.tickets[5], "signed", "handling", "", "other")
		fresh := ticketOf(77)
		fresh["gist"] = "刚刚新到的一件"
		w.desk.tickets = slices.Insert(w.desk.tickets, 40, fresh)
	})
	w.do(chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event('online'))`))
	w.says("这件工单刚有新进展")
	w.says("刚刚新到的一件")
	if !ask[bool](w, `document.activeElement.kept && document.activeElement.value == '写到一半' && document.getElementById('list').scrollTop == 300`) {
		t.Error("the update took the focus, the text or the place in the list away")
	}
	w.quiet()
}

// Whoever has an operator's password chooses another first. Signing out leaves nothing on the device.
func playPassword(t *testing.T, w *window) {
	w.desk.with(func() { w.desk.must = true })
	w.do(chromedp.Evaluate[chromedp.Void](`location.hash = '#/t/WX-00000005'`)) // what a group's link leads to
	w.write(`[name=login]`, "guard")
	w.write(`[name=password]`, "right password")
	w.click(`form .main`)
	w.says("只有您自己知道")
	w.write(`[name=old]`, "right password")
	w.write(`[name=new]`, "short")
	w.write(`[name=again]`, "other")
	w.click(`form .main`)
	w.says("两次输入的新密码不一样")
	w.do(chromedp.SetValue(chromedp.CSS(`[name=again]`), "short"))
	w.click(`form .main`)
	w.says("新密码：太短")
	w.fits("zh-password")
	w.do(chromedp.SetValue(chromedp.CSS(`[name=new]`), "three long words"), chromedp.SetValue(chromedp.CSS(`[name=again]`), "three long words"))
	w.click(`form .main`)
	w.until(`document.querySelectorAll('#rows .row').length == 50 && document.querySelector('#number').textContent == 'WX-00000005' && document.querySelector('#commands button')`)

	w.do(chromedp.Evaluate[chromedp.Void](`location.hash = '#/password'`))
	w.says("其他设备上的登录会失效")
	w.click(`.back`)
	w.until(`document.querySelector('#rows .row').getBoundingClientRect().height > 0`)
	w.read("WX-00000005")
	w.click(`[data-command=note]`)
	w.write(`[name=text]`, "没有交")
	w.do(chromedp.Evaluate[chromedp.Void](`window.confirm = text => { window.asked = text; return true }`))
	w.click(`.menu summary`)
	w.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('.menu button')].pop().click()`))
	w.says("已退出登录")
	if left := ask[int64](w, `Object.keys(localStorage).filter(k => k.includes('draft')).length`); left != 0 || !strings.Contains(ask[string](w, `window.asked`), "1 份") {
		t.Errorf("%d drafts stay; asked: %s", left, ask[string](w, `window.asked`))
	}
	if strings.Contains(w.text(), "WX-") {
		t.Error("tickets are shown to nobody")
	}
	w.quiet()
}

func playHostile(t *testing.T, w *window) {
	w.signIn()
	w.read("WX-00000001")
	w.says(`<img src=x onerror="window.hacked=1">`)
	if ask[bool](w, `!!window.hacked || document.querySelectorAll('main img, main script').length > 0`) {
		t.Error("what a visitor wrote became markup")
	}
	w.quiet()
}
