package desk

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/office"
)

func TestBrowserOffice(t *testing.T) {
	start := browsertest.Start(t)
	for _, s := range []browsertest.Screen{browsertest.Phone, browsertest.Desktop} {
		t.Run("edits and saves/"+s.Name, func(t *testing.T) { playEdit(t, openOffice(t, start, s)) })
		t.Run("posters/"+s.Name, func(t *testing.T) { playPosters(t, openOffice(t, start, s)) })
		t.Run("every part/"+s.Name, func(t *testing.T) { playParts(t, openOffice(t, start, s)) })
	}
	t.Run("somebody saved first", func(t *testing.T) { playSavedFirst(t, openOffice(t, start, browsertest.Desktop)) })
	t.Run("a reload keeps what was changed", func(t *testing.T) { playReload(t, openOffice(t, start, browsertest.Phone)) })
	t.Run("an old version", func(t *testing.T) { playRestore(t, openOffice(t, start, browsertest.Desktop)) })
	t.Run("channels", func(t *testing.T) { playChannel(t, openOffice(t, start, browsertest.Phone)) })
	t.Run("rows", func(t *testing.T) { playRows(t, openOffice(t, start, browsertest.Desktop)) })
}

func openOffice(t *testing.T, start func(*testing.T, browsertest.Screen) context.Context, s browsertest.Screen) *window {
	t.Helper()
	w := open(t, start, s)
	w.desk.with(func() { w.desk.roles = []string{"office"} })
	w.signIn()
	w.click(`nav a[href="#/office"]`)
	w.says("选一部分来修改")
	return w
}

// part goes to a part of the office data.
func (w *window) part(id string) {
	w.t.Helper()
	w.do(chromedp.Evaluate[chromedp.Void](`location.hash = '#/office/` + id + `'`))
	w.until(`document.getElementById('office-data').dataset.part == '` + id + `' && document.querySelector('#part h2')`)
}

// row opens a row.
func (w *window) row(at string) {
	w.t.Helper()
	w.click(`[data-row="` + at + `"] > summary`)
	w.until(`document.querySelector('[data-row="` + at + `"] > .form > *')`)
}

// at writes into the field at a place of the file, in the place of what it says.
func (w *window) at(place, text string) {
	w.t.Helper()
	w.do(chromedp.Evaluate[chromedp.Void](`{ const e = document.querySelector('[data-at="`+place+`"]'); e.focus(); e.select(); }`),
		chromedp.SendKeys(chromedp.CSS(`[data-at="`+place+`"]`), text))
}

func (w *window) preview() {
	w.t.Helper()
	w.click(`#office-bar .main`)
}

// A spot and a service level are changed; a mistake is shown where it was made, and nothing of the rest is lost by it.
func playEdit(t *testing.T, w *window) {
	w.fits("zh-office")
	w.part("spots")
	w.fits("zh-office-spots")
	w.write(`#part [type=search]`, "步道")
	w.until(`document.querySelectorAll('#part .rows > ul > li:not([hidden])').length == 2`)
	w.row("/spots/6")
	w.fits("zh-office-spot")
	w.at("/spots/6/name/zh", "浯溪溪畔木栈道")
	w.says("有没有保存的修改")
	w.part("levels")
	w.row("/levels/complaint")
	w.at("/levels/complaint/answer", "7")
	w.says("看不懂这个时长")
	w.preview()
	w.until(`document.activeElement.dataset.at == '/levels/complaint/answer'`)
	w.says("1 处要改正")
	w.fits("zh-office-wrong")
	w.at("/levels/complaint/answer", "7wd")
	w.says("7 个工作日")
	w.preview()
	w.says("浯溪溪畔木栈道")
	w.says("7 个工作日")
	w.fits("zh-office-preview")
	w.click(`#part .main`)
	w.says("已保存为第 2 版")
	w.fits("zh-office-saved")
	o, _ := w.desk.office.now()
	if s, _ := o.Spot("BL07"); s.Name.ZH != "浯溪溪畔木栈道" || o.Levels["complaint"].Answer.String() != "7wd" || !strings.Contains(o.Channels[0].URL, fakeKey) {
		t.Errorf("stored: %+v, %+v, %+v", s, o.Levels["complaint"], o.Channels)
	}
	w.bare()
	w.do(chromedp.Evaluate[chromedp.Void](`location.hash = '#/'`)) // the queue is filtered by the new name at once
	w.until(`[...document.querySelector('#filters [name=spot]').options].some(o => o.text == '浯溪溪畔木栈道') && document.querySelector('#rows .row')`)
	w.quiet()
}

// bare fails the test when something unsaved is left on the device.
func (w *window) bare() {
	w.t.Helper()
	if left := ask[int64](w, `Object.keys(localStorage).filter(k => k.includes('draft')).length`); left != 0 {
		w.t.Errorf("%d drafts are left of what was saved", left)
	}
}

var everyPart = []string{"sections", "categories", "spots", "levels", "urgent", "holidays", "channels", "templates", "office", "retention", "limits", "reminders", "words", "routes", "fallback"}

// Every part opens, in both languages, and opening changes nothing.
func playParts(t *testing.T, w *window) {
	for _, language := range []string{"zh", "en"} {
		for _, id := range everyPart {
			w.part(id)
			w.do(chromedp.Evaluate[chromedp.Void](`(d => d && (d.fill(), d.open = true))(document.querySelector('#part details[data-row]'))`))
			w.fits(language + "-office-" + id)
		}
		w.click(`nav .language`)
	}
	if !ask[bool](w, `document.getElementById('office-bar').hidden`) {
		t.Error("looking at the parts counts as a change")
	}
	w.quiet()
}

// Somebody else saved meanwhile: what both did is put together, what both changed is named, and mine stands.
func playSavedFirst(t *testing.T, w *window) {
	w.part("sections")
	w.row("/sections/2")
	w.at("/sections/2/name/zh", "票务与预约科")
	w.at("/sections/2/phone", "0746-1234567")
	w.preview()
	w.says("票务与预约科")
	w.desk.with(func() {
		w.desk.office.others(func(o *office.Office) {
			o.Sections[2].Name.ZH = "门票科"
			o.Spots[0].Name.ZH = "碑林正门"
		})
	})
	w.click(`#part .main`)
	w.says("有人已先保存了第 2 版")
	w.says("office-2")
	w.says("碑林正门")
	w.says("你们都改了")
	w.until(`document.querySelector('#part .changes') && document.querySelector('#office-note').innerText.includes('碑林正门')`)
	w.fits("zh-office-faster")
	w.click(`#part .main`)
	w.says("已保存为第 3 版")
	o, _ := w.desk.office.now()
	if got := o.Sections[2]; got.Name.ZH != "票务与预约科" || got.Phone != "0746-1234567" || o.Spots[0].Name.ZH != "碑林正门" {
		t.Errorf("stored: %+v, %+v", got, o.Spots[0])
	}
	w.bare()
	w.quiet()
}

// What was changed outlives a reload, even when somebody saved meanwhile; an address that is a key does not stay on the device.
func playReload(t *testing.T, w *window) {
	w.part("channels")
	w.row("/channels/0")
	w.click(`[data-row="/channels/0"] .field button`)
	w.at("/channels/0/url", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=fedcba98")
	if kept := ask[string](w, `JSON.stringify(localStorage)`); strings.Contains(kept, "fedcba98") || !strings.Contains(kept, "draft") {
		t.Errorf("kept on the device: %s", kept)
	}
	w.desk.with(func() { w.desk.office.others(func(o *office.Office) { o.Desk.Prefix = "TZ" }) })
	if err := chromedp.Listen(w.ctx, func(e any) {
		if _, is := e.(*page.EventJavascriptDialogOpening); is {
			go func() { // the page asks before it is left
				_, _ = chromedp.Call(w.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			}()
		}
	}); err != nil {
		t.Fatal(err)
	}
	w.do(chromedp.Reload())
	w.says("有人已先保存了第 2 版")
	w.row("/channels/0")
	w.until(`document.querySelector('[data-at="/channels/0/url"]').value.includes('fedcba98')`)
	w.preview()
	w.says("通知渠道")
	w.click(`#part .main`)
	w.says("已保存为第 3 版")
	if o, _ := w.desk.office.now(); !strings.Contains(o.Channels[0].URL, "fedcba98") || o.Desk.Prefix != "TZ" {
		t.Errorf("stored: %+v, %s", o.Channels, o.Desk.Prefix)
	}
	w.bare()
	w.quiet()
}

func playRestore(t *testing.T, w *window) {
	w.desk.with(func() { w.desk.office.others(func(o *office.Office) { o.Sections[2].Name.ZH = "门票科" }) })
	w.part("versions")
	w.says("office-2")
	w.click(`[data-version="2"] summary`)
	w.says("门票科")
	w.click(`[data-version="1"] summary`)
	w.until(`document.querySelector('[data-version="1"] .form button')`)
	w.click(`[data-version="1"] .form details summary`)
	w.until(`document.querySelector('[data-version="1"] .outline').innerText.includes('票务科')`)
	if text := w.text(); strings.Contains(text, fakeKey) {
		t.Errorf("an address is shown: %s", text)
	}
	w.click(`[data-version="1"] .form .send button`)
	w.says("恢复第 1 版会改变")
	w.fits("zh-office-versions")
	w.click(`[data-version="1"] .form .main`)
	w.says("已恢复第 1 版，存为第 3 版")
	if o, _ := w.desk.office.now(); o.Sections[2].Name.ZH != "票务科" {
		t.Errorf("stored: %+v", o.Sections[2])
	}
	w.quiet()
}

func playChannel(t *testing.T, w *window) {
	w.part("channels")
	w.row("/channels/0")
	if text := ask[string](w, `document.querySelector('[data-at="/channels/0/url"]').value`); strings.Contains(text, fakeKey) || !strings.Contains(text, office.Stars) {
		t.Errorf("the address is shown as %q", text)
	}
	w.click(`.test button`)
	w.says("已送达")
	w.desk.with(func() {
		w.desk.office.bot = object{"ok": false, "detail": "群机器人说密钥不对", "code": "key", "said": "errcode 93000"}
	})
	w.click(`.test button`)
	w.says("群机器人说密钥不对")
	w.says("errcode 93000") // for whoever is asked to help
	w.fits("zh-office-test")
	w.do(chromedp.SetValue(chromedp.CSS(`[data-at="/channels/0/language"]`), "en"),
		chromedp.Evaluate[chromedp.Void](`document.querySelector('[data-at="/channels/0/language"]').dispatchEvent(new Event('change', { bubbles: true }))`))
	w.click(`.test button`)
	w.says("请先保存修改")
	if got := fmt.Sprint(w.desk.office.tested); got != "[security-group security-group]" {
		t.Errorf("tested %s", got)
	}
	w.quiet()
}

// A section is added, moved, removed and put back; a stored id is fixed and a new one is checked as it is typed.
func playRows(t *testing.T, w *window) {
	w.part("sections")
	w.row("/sections/2")
	if ask[bool](w, `!!document.querySelector('input[data-at="/sections/2/id"]')`) {
		t.Error("a stored id can be changed")
	}
	w.click(`.tools button`)
	for typed, want := range map[string]string{"茶室": "写法不对", "ticketing": "已有这个编号"} {
		w.at("/sections/11/id", typed)
		w.says(want)
	}
	w.at("/sections/11/id", "tearoom")
	w.at("/sections/11/name/zh", "茶室")
	w.preview()
	w.until(`document.activeElement.dataset.at == '/sections/11/duty/zh'`)
	w.at("/sections/11/duty/zh", "茶水")
	w.preview()
	w.says("SectionIds=office,discipline,tearoom")
	w.fits("zh-office-warned")
	w.click(`#part .main`)
	w.says("已保存为第 2 版")
	w.part("sections")
	w.says("请注意")
	w.row("/sections/11")
	w.fits("zh-office-queueless")
	w.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('[data-row="/sections/11"] .send button')].find(b => b.innerText == '上移').click()`))
	w.until(`document.querySelector('[data-row="/sections/10"]').innerText.includes('茶室')`)
	w.do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('[data-row="/sections/10"] .send button')].find(b => b.innerText == '删除').click()`))
	w.says("已删除：茶室")
	w.click(`#part .news button`)
	w.until(`document.querySelector('[data-row="/sections/10"]').innerText.includes('茶室')`)
	w.quiet()
}
