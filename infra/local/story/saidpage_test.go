package story

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/infra/local/demo"
	"steledesk/infra/local/stack"
	"steledesk/shared/photo/phototest"
	"steledesk/shared/ticket"
)

// scripts lets the pages of a tab run their scripts, or not.
func scripts(t *testing.T, tab context.Context, run bool) {
	t.Helper()
	_, err := chromedp.Call(tab, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !run})
	if err != nil {
		t.Fatal(err)
	}
}

// A visitor whose browser runs no script files with two photos, each in a place of its own; what the section asks for is
// then supplied from a phone that does, by a photo alone.
func TestBrowserPhotosWithoutAScriptAndAlone(t *testing.T) {
	d := open(t, nil)
	clerk := d.hire("photo-asker", ticket.SectionStaff, "ticketing")
	p := newPhone(t, d, browsertest.Start(t))
	scripts(t, p.tab, false)
	p.goes("/?lang=zh&p=BL01")
	picture := phototest.JPEG(t, phototest.Picture(1200, 800), phototest.Exif(6))
	do(t, p.tab, chromedp.Click(chromedp.CSS(`input[value=complaint]`)), chromedp.Click(chromedp.CSS(`input[value=ticketing]`)),
		chromedp.SendKeys(chromedp.CSS(`#form-text`), "窗口只开了一个。"))
	for place, data := range map[string][]byte{"1": picture, "2": phototest.JPEG(t, phototest.Picture(900, 600), nil)} {
		file := filepath.Join(t.TempDir(), "IMG.jpg")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		do(t, p.tab, chromedp.SetUploadFiles(chromedp.CSS(`[data-plain] label:nth-child(`+place+`) input`), []string{file}))
	}
	p.shot("zh-plain-photos")
	leave(t, p.tab, chromedp.Click(chromedp.CSS(sendButton)))
	scripts(t, p.tab, true)
	p.goes("/follow?lang=zh") // the phone keeps the ticket
	leave(t, p.tab, chromedp.Click(chromedp.CSS(`form[action^="/follow"] [name=number] ~ button, form[action^="/follow"] button`)))
	number := numberOnPage.FindString(read(t, p.tab))
	if number == "" {
		t.Fatalf("not filed:\n%s", read(t, p.tab))
	}
	code, err := chromedp.Run(p.tab, chromedp.Evaluate[string](`document.querySelector('[name=code]').value`))
	if err != nil {
		t.Fatal(err)
	}
	r := receipt{Number: number, Code: code}
	for _, photo := range d.settled(r, 2) {
		if photo.State != "ready" {
			t.Errorf("%+v", photo)
		}
	}

	clerk.give(number, "sign", `{}`, ticket.Handling)
	clerk.give(number, "ask", `{"text":"请拍一张窗口的照片。"}`, ticket.Waiting)
	leave(t, p.tab, chromedp.Click(chromedp.CSS(`.standing button`)))
	file := filepath.Join(t.TempDir(), "IMG_0009.jpg")
	if err := os.WriteFile(file, picture, 0o600); err != nil {
		t.Fatal(err)
	}
	const supply = `form[action^="/follow/supply"]`
	do(t, p.tab, chromedp.SetUploadFiles(chromedp.CSS(supply+` [data-photos] input[type=file]`), []string{file}))
	wait(t, p.tab, `document.querySelector('`+supply+` .shots .at').innerText === '已上传'`)
	p.shot("zh-supply-photo")
	leave(t, p.tab, chromedp.Click(chromedp.CSS(supply+` .send button`)))
	p.waits("已收到您的补充")
	if all := d.settled(r, 3); all[2].State != "ready" || all[2].Width >= all[2].Height {
		t.Errorf("%+v", all[2])
	}
	if events := d.verify(number); !strings.Contains(string(events[len(events)-1].What), "supplied") {
		t.Errorf("the last event is %s", events[len(events)-1].What)
	}
}

// A form that was sent as it is and came back slowed does the work that is asked for and sends itself: proof.js on its page.
// It opens at its last step: at an earlier one the steps took the sending for a wish to go on, whenever the work was done
// after they had opened.
func TestBrowserFormIsAskedForWork(t *testing.T) {
	o := roomy()
	o.Limits.SameTexts = 3
	d := open(t, func(s *stack.Settings) { s.Seed = demo.Seed(o) })
	p := newPhone(t, d, browsertest.Start(t))
	p.goes("/?lang=en&p=BL02")
	for range 3 {
		p.sendsAsItIs("The same words, again and again.")
	}
	p.received() // nobody pressed anything
	if n := p.filings(); n != 3 {
		t.Errorf("%d filings, want 3", n)
	}
}

// sendsAsItIs files a complaint as a form without script sends it.
func (p *phone) sendsAsItIs(text string) {
	p.t.Helper()
	leave(p.t, p.tab, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`{
		const form = Object.assign(document.createElement('form'), { method: 'post', action: '/file?lang=en' })
		const fields = { key: crypto.randomUUID(), kind: 'complaint', category: 'ticketing', spot: 'BL02', text: %q }
		for (const [name, value] of Object.entries(fields)) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }))
		document.body.append(form)
		form.submit()
	}`, text)))
}

// The button Back of a form that opened at its last step, because that lacked something, leads to the step before. It
// led out of the page, with all that was written.
func TestBrowserBackStaysInTheForm(t *testing.T) {
	p := newPhone(t, open(t, nil), browsertest.Start(t))
	p.goes("/?lang=en")
	p.sendsAsItIs("")
	do(t, p.tab, chromedp.SendKeys(chromedp.CSS(`#form-text`), "Only one of five gates is open."))
	do(t, p.tab, chromedp.Click(chromedp.CSS(`#tell [data-back]`)))
	wait(t, p.tab, `!document.querySelector('#where').hidden`)
	do(t, p.tab, chromedp.Click(chromedp.CSS(`#where [data-back]`)))
	wait(t, p.tab, `!document.querySelector('#what').hidden`)
	do(t, p.tab, chromedp.Evaluate[chromedp.Void](`history.back()`))
	wait(t, p.tab, `!document.querySelector('#where').hidden`)
	do(t, p.tab, chromedp.Click(chromedp.CSS(`#where [data-next]`)), chromedp.Click(chromedp.CSS(sendButton)))
	p.received()
}
