package main

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"steledesk/shared/ticket"
)

// shifted adds up how far what is on the screen was moved by something nobody did.
const shifted = `new Promise(done => {
	let sum = 0
	new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value }).observe({ type: 'layout-shift', buffered: true })
	requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { window.$shifted = sum; done() }))) })`

// leaving finds what leaves a screen of so many pixels, whose innerWidth grows with what is too wide on a phone.
const leaving = `(width => [...document.body.querySelectorAll('*')].filter(e => !e.closest('.sr,.enter,.trap,.skip,svg,optgroup') && e.getBoundingClientRect().right > width + .5)
	.map(e => e.outerHTML.slice(0, 90)).concat(document.documentElement.scrollWidth > width ? ['scrolls sideways'] : []))(%d)`

// TestBrowserLayout: every page, in normal and in elder mode, fits 320 pixels, a desktop's window at 200 % and letters
// twice as large on a phone, and stands still when its scripts start.
func TestBrowserLayout(t *testing.T) {
	window := browser(t)
	for _, elder := range []string{"0", "1"} {
		for _, language := range []string{"zh", "en", "ja", "ko"} {
			t.Run(language+elder, func(t *testing.T) {
				d := open(t)
				l := &layout{visit: window(t, phone), d: d, choice: "&lang=" + language + "&elder=" + elder}
				l.pages()
			})
		}
	}
}

type layout struct {
	*visit
	d      *desk
	choice string
}

func (l *layout) pages() {
	d := l.d
	d.post(l.t, "/file", matter("spot", "BL01"))
	filed := d.post(l.t, "/file", matter("wish", "请补纸，并且每小时查看一次。"))
	number, code := onPage(l.t, numberOnPage, filed), onPage(l.t, codeOnPage, filed)
	opener := url.Values{"number": {number}, "code": {code}}
	l.form()
	l.sent("receipt", "/receipt", opener)
	l.sent("ticket-new", "/follow", opener)
	answerTo(l.t, d, number)
	l.sent("ticket", "/follow", opener)
	l.gone("follow", "/follow?")
	l.gone("about", "/about?")
	l.gone("verify", "/verify?")
	l.sent("wrong", "/file", url.Values{"key": {newKey()}, "phone": {"no"}})
	l.sent("problem", "/file", url.Values{})
	l.slowed()
}

// answerTo answers a ticket at length.
func answerTo(t *testing.T, d *desk, number string) {
	t.Helper()
	gardens := ticket.Actor{Role: ticket.SectionStaff, Login: "rake", Section: "gardens"}
	d.act(t, number, ticket.Command{Name: ticket.Sign, By: gardens})
	d.act(t, number, ticket.Command{Name: ticket.Answer, By: gardens, Outcome: ticket.OutcomeSolved, Text: "已补纸，并且改为每小时查看一次。\n谢谢您的提醒。"})
	d.act(t, number, ticket.Command{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "clerk", Section: "office"}})
}

// form is looked at step by step.
func (l *layout) form() {
	l.t.Helper()
	l.gone("form-1", "/?p=BL01")
	l.do(chromedp.Click(chromedp.CSS(`input[value=complaint]`)), chromedp.Click(chromedp.CSS(`input[value=safety]`)))
	l.step("where")
	l.sized("form-2")
	l.step("tell")
	l.sized("form-3")
}

// slowed is what a flood's visitors read who have no script.
func (l *layout) slowed() {
	l.t.Helper()
	l.d.counts.Set(map[string]int{"BL01": 40}, nil)
	form := matter("spot", "BL01")
	page := l.d.get(l.t, "/?p=BL01")
	for _, name := range []string{"key", "opened", "proof"} {
		form.Set(name, hidden(l.t, page.body, name))
	}
	l.scripts(false)
	l.sendForm("/file?"+l.choice[1:], form)
	l.sized("slowed")
	l.scripts(true)
}

func (l *layout) gone(page, address string) {
	l.t.Helper()
	l.do(chromedp.Navigate(l.d.URL + strings.ReplaceAll(address+l.choice, "?&", "?")))
	l.still(page)
	l.sized(page)
}

func (l *layout) sent(page, path string, fields url.Values) {
	l.t.Helper()
	l.sendForm(path+"?"+l.choice[1:], fields)
	l.still(page)
	l.sized(page)
}

// still fails the test when the page jumped while it was loaded; 0.1 is what browsers call good.
func (l *layout) still(page string) {
	l.t.Helper()
	l.do(chromedp.Evaluate[chromedp.Void](`(`+shifted+`, undefined)`), chromedp.Poll[chromedp.Void](`window.$shifted !== undefined`))
	if sum := ask[float64](l.visit, `window.$shifted`); sum > 0.02 {
		l.t.Errorf("%s moves by %.3f when it starts", page, sum)
	}
}

// sized fails the test when the page does not fit a screen.
func (l *layout) sized(page string) {
	l.t.Helper()
	l.fits(page)
	for _, s := range []struct {
		name          string
		width, height int64
		scale         float64 // device pixels
		letters       string  // size of the letters
	}{{"phone", 360, 740, 1, ""}, {"320 pixels", 320, 640, 1, ""}, {"letters of 200 %", 360, 740, 1, "200%"}, {"200 %", 720, 450, 2, ""}, {"desktop", 1440, 900, 1, ""}} {
		l.window(s.width, s.height, s.scale)
		size := ""
		if s.letters != "" {
			size = `document.documentElement.style.fontSize = parseFloat(getComputedStyle(document.documentElement).fontSize) * 2 + 'px'`
		} else {
			size = `document.documentElement.style.fontSize = ''`
		}
		l.do(chromedp.Evaluate[chromedp.Void](`{` + size + `}`))
		wide := ask[[]string](l.visit, fmt.Sprintf(leaving, s.width))
		if len(wide) > 0 {
			l.t.Errorf("%s at %s: %d parts leave the screen, %q", page, s.name, len(wide), wide[max(0, len(wide)-3):])
		}
		if s.name == "phone" || s.name == "desktop" {
			l.picture(page, s.name)
		}
	}
	l.window(phone.Width, phone.Height, 1)
}

func (l *layout) window(width, height int64, scale float64) {
	l.t.Helper()
	_, err := chromedp.Call(l.ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: scale, Mobile: width < 400,
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// picture keeps the page as it is, in Chinese and English.
func (l *layout) picture(page, screen string) {
	l.t.Helper()
	if strings.Contains(l.choice, "ja") || strings.Contains(l.choice, "ko") {
		return
	}
	of := *l.visit
	of.screen.Name = screen
	of.keep("layout-" + strings.NewReplacer("&lang=", "", "&elder=", "").Replace(l.choice) + "-" + page)
}
