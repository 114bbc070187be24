package story

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/ticket"
)

const (
	together  = "此件与其他游客反映的同一问题合并办理"
	takenBack = "上面的合并答复有误，已收回；此件单独办理，期限不变"
)

// Two visitors file the same matter at one spot. A clerk links the two and answers once; both read the answer, and of
// each other nothing. One of the links was a mistake: it is undone, its visitor reads so, and it is answered by itself.
func TestBrowserTwoVisitorsOneMatter(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	d.hire("linking-clerk", ticket.SectionStaff, "ticketing")
	officer := d.hire("linking-office", ticket.OfficeStaff)
	window := browsertest.Start(t)
	first := &guest{t: t, ctx: window(t, browsertest.Phone)}
	second := &guest{t: t, ctx: window(t, browsertest.Phone)}
	first.files(d, "售票窗口只开了一个，排队排了快一个小时。")
	second.files(d, "窗口只开一个，排队快一个小时了，没人管。")
	clerk := &seat{t, window(t, browsertest.Phone), "linking-clerk"}
	complaints := listen(t, clerk.ctx)
	clerk.enter(d)

	clerk.opens(second.number)
	clerk.links(first.number, first.number+" 主办，本件随它一起答复") // filed first, due first
	clerk.says("此件已并入主件一起办理")
	clerk.lacks(`[data-command=sign]`, `[data-command=answer]`)
	second.reads(together)
	first.lacks(together) // nothing is another for the one that is answered
	clerk.search("")
	wait(t, clerk.ctx, `[...document.querySelectorAll('#rows .row')].some(r => r.innerText.includes('并 1'))`)
	keep(t, clerk.ctx, "linked-queue")

	const common = "已增开两个窗口，并安排专人引导。"
	clerk.takes(first.number, "sign", "已签收。")
	clerk.answers(first.number, common)
	officer.give(first.number, "approve", `{}`, ticket.Answered)
	first.reads(common)
	second.reads(common)
	for reader, other := range map[*guest]*guest{first: second, second: first} {
		reader.lacks(other.number)
	}
	second.lacks("排了快一个小时") // the other one's words
	first.lacks("没人管")

	clerk.opens(second.number)
	clerk.unlinks("来件人会看到答复已收回")
	second.reads(takenBack)
	first.lacks("收回")
	clerk.takes(second.number, "sign", "已签收。")
	const own = "您反映的是团队窗口，已另行整改。"
	clerk.answers(second.number, own)
	officer.give(second.number, "approve", `{}`, ticket.Answered)
	second.reads(own)
	first.lacks(own)
	d.verify(first.number)
	d.verify(second.number)
	d.until("all is quiet", d.drained) // an event that notify cannot tell would come again and again
	if letters := d.queued("steledesk-dead-letters"); letters != 0 {
		t.Errorf("%d messages were given up", letters)
	}
	if all := complaints(); len(all) > 0 {
		t.Errorf("the clerk's browser complains: %q", all)
	}
}

// links links the open ticket with one that the page shows as similar; asked says what the page says before it does.
func (s *seat) links(number, asked string) {
	s.t.Helper()
	row := fmt.Sprintf(`[...document.querySelectorAll('#similar .alike li')].find(r => r.innerText.includes(%q))`, number)
	wait(s.t, s.ctx, row)
	keep(s.t, s.ctx, "linked-similar")
	// What arrived later moves no command: a press would meet something else.
	wait(s.t, s.ctx, `(() => { const top = () => document.querySelector('#commands button').getBoundingClientRect().top
		const before = top(), later = [...document.getElementById('similar').children]
		document.getElementById('similar').replaceChildren()
		const same = top() == before
		document.getElementById('similar').replaceChildren(...later)
		return same })()`)
	s.script(row + `.querySelector('button').click()`)
	s.says(asked)
	s.script(row + `.querySelector('button.main').click()`)
	s.says("已并案。")
}

// unlinks takes the open ticket from its lead.
func (s *seat) unlinks(asked string) {
	s.t.Helper()
	press(s.t, s.ctx, `#similar .alike button`)
	s.says(asked)
	press(s.t, s.ctx, `#similar .alike button.main`)
	s.says("已撤销并案。")
}

func (s *seat) script(text string) {
	s.t.Helper()
	do(s.t, s.ctx, chromedp.Evaluate[chromedp.Void](strings.TrimSpace(text)))
}
