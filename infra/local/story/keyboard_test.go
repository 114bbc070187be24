package story

import (
	"fmt"
	"strings"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keysAlone files and follows with Tab, arrows, Space and Enter, from the first page on: no other way may be needed,
// and where the keys are must be seen.
func keysAlone(p *phone) {
	p.goes("/?p=BL01&lang=zh")
	p.tabs(`.skip`)
	p.presses(kb.Enter)
	p.tabs(`[name=kind]`)
	p.arrows("kind", "complaint")
	p.tabs(`[name=category]`)
	p.arrows("category", "ticketing")
	p.tabs(`#what [data-next]`)
	p.presses(kb.Enter)
	wait(p.t, p.tab, `document.activeElement.id === 'where-title'`)
	p.tabs(`#where details summary`)
	p.presses(" ")
	wait(p.t, p.tab, `document.querySelector('#where details').open`)
	p.tabs(`#where [data-next]`)
	p.presses(" ")
	wait(p.t, p.tab, `document.activeElement.id === 'tell-title'`)
	p.tabs(`#form-text`)
	p.presses("只有键盘也能写。")
	p.tabs(`[name=publishable]`)
	p.presses(" ")
	p.tabs(sendButton)
	p.presses(kb.Enter)
	r := p.received()
	p.tabs(`form[action^="/follow"] button`)
	p.presses(kb.Enter)
	wait(p.t, p.tab, `document.querySelector('.standing')`)
	p.waits("只有键盘也能写。")
	p.tabs(`#message-text`)
	p.presses("第二句。")
	p.tabs(`form[action^="/follow/message"] .send button`)
	p.presses(kb.Enter)
	p.waits("留言已送达")
	if page := read(p.t, p.tab); !strings.Contains(page, r.Number) || !strings.Contains(page, "第二句。") {
		p.t.Errorf("the ticket reads:\n%s", page)
	}
}

func (p *phone) presses(keys string) {
	p.t.Helper()
	do(p.t, p.tab, chromedp.KeyEvent(keys))
}

// tabs goes on with Tab until something that matches has the focus. What has it on the way must be on the screen and
// be seen to have it.
func (p *phone) tabs(to string) {
	p.t.Helper()
	for range 150 {
		p.presses(kb.Tab)
		at, err := chromedp.Run(p.tab, chromedp.Evaluate[[]string](fmt.Sprintf(`(() => {
			const e = document.activeElement, r = e.getBoundingClientRect(), seen = e.closest('.add') || e
			const there = e === document.body || r.width > 1 && r.bottom > 0 && r.top < innerHeight && getComputedStyle(seen).outlineStyle !== 'none'
			return [String(e.matches(%q)), there ? '' : e.outerHTML.slice(0, 120)] })()`, to)))
		if err != nil {
			p.t.Fatal(err)
		}
		if at[1] != "" {
			p.t.Errorf("nobody sees that the keys are at %s", at[1])
		}
		if at[0] == "true" {
			return
		}
	}
	p.t.Fatalf("Tab does not come to %s", to)
}

// arrows goes through a group of choices with the arrows.
func (p *phone) arrows(name, value string) {
	p.t.Helper()
	p.presses(" ")
	for range 60 {
		chosen, err := chromedp.Run(p.tab, chromedp.Evaluate[string](fmt.Sprintf(`document.querySelector('[name=%s]:checked')?.value ?? ''`, name)))
		if err != nil {
			p.t.Fatal(err)
		}
		if chosen == value {
			return
		}
		p.presses(kb.ArrowDown)
	}
	p.t.Fatalf("the arrows do not come to %s", value)
}
