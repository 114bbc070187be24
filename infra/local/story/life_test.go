package story

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/ticket"
)

// seat is somebody's window of the desk, with cookies of its own.
type seat struct {
	t     *testing.T
	ctx   context.Context
	login string
}

// A matter's whole life, each in a browser of their own: a visitor on a phone, a clerk who finds that it is not theirs,
// the office, and the section it goes to. Every step is made by clicking, and read by whoever is to know of it and by
// nobody else.
func TestBrowserFourPeopleAndATicket(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	for login, section := range map[string]string{"ticket-clerk": "ticketing", "visitor-clerk": "visitors", "colleague": "visitors"} {
		d.hire(login, ticket.SectionStaff, section)
	}
	d.hire("officer", ticket.OfficeStaff)
	window := browsertest.Start(t)
	sit := func(login string, s browsertest.Screen) *seat {
		seat := &seat{t, window(t, s), login}
		complaints := listen(t, seat.ctx)
		t.Cleanup(func() {
			if all := complaints(); len(all) > 0 {
				t.Errorf("%s's browser complains: %q", login, all)
			}
		})
		return seat
	}
	visitor := &guest{t: t, ctx: window(t, browsertest.Phone)}
	first, officer := sit("ticket-clerk", browsertest.Phone), sit("officer", browsertest.Desktop)
	second, colleague := sit("visitor-clerk", browsertest.Desktop), sit("colleague", browsertest.Desktop)
	for _, s := range []*seat{first, officer, second, colleague} {
		s.enter(d)
	}

	visitor.files(d, "排队无人引导，老人站了一个小时。")
	n := visitor.number
	visitor.reads("票务科")
	first.finds(n, true)
	second.finds(n, false)
	officer.finds(n, true)

	first.takes(n, "sign", "已签收。")
	visitor.reads("票务科已签收")
	first.takes(n, "return", "已退回办公室裁定", "text", "现场排队引导归游客服务中心")
	officer.settles(n)
	visitor.lacks("现场排队引导归游客服务中心") // what offices say to one another
	second.finds(n, false)
	officer.takes(n, "uphold", "已同意退单")
	first.finds(n, false)
	first.unknown(n)
	second.unknown(n)
	officer.takes(n, "assign", "已派单", "section", "visitors")
	second.finds(n, true)
	visitor.reads("已派给游客服务中心")

	second.takes(n, "sign", "已签收。")
	second.takes(n, "extend", "期限已延长", "days", "2", "text", "需要调看监控")
	visitor.reads("游客服务中心延长了办理期限")
	second.answers(n, "已安排专人引导。")
	visitor.lacks("已安排专人引导。") // a draft is nobody's answer
	officer.takes(n, "approve", "已通过")
	visitor.reads("已安排专人引导。")
	visitor.rates("no", "1", "还是没有人引导")
	second.sees(n, "还是没有人引导")
	visitor.reopens("今天又排了一个小时")

	second.sees(n, "请由同事签收") // who answered is not the one to answer again
	second.lacks(`[data-command=sign]`, `[data-command=claim]`)
	colleague.takes(n, "sign", "已签收。")
	colleague.sees(n, "今天又排了一个小时")
	colleague.answers(n, "已换班长值守，并增设遮阳棚。")
	officer.takes(n, "approve", "已通过")
	visitor.rates("yes", "5", "")
	visitor.reads("办结")
	for _, s := range []*seat{officer, second, colleague} {
		s.sees(n, "办结")
		s.finds(n, true) // by its number; in no list of what is to be done
		s.queueLacks(n)
	}
	first.finds(n, false)
	first.unknown(n)
	d.verify(n)
	told(t, d, n)
}

var whatTold = regexp.MustCompile(`\*\*(\S+)\*\* · \[?(WX-[0-9A-Z]{8})`)

// told compares what the groups' bots said of a ticket, and holds that it was nothing anybody wrote.
func told(t *testing.T, d *desk, number string) {
	t.Helper()
	d.until("all is quiet", d.drained)
	for section, want := range map[string][]string{
		"ticketing": {"新工单", "退单成立"},
		"office":    {"申请退单", "退单成立", "派单", "已答复", "已答复"},
		"visitors":  {"派单", "游客评价", "重新办理", "游客评价"},
	} {
		var got []string
		for _, m := range d.group(section, number) {
			for _, line := range whatTold.FindAllStringSubmatch(m.Text, -1) {
				got = append(got, line[1])
			}
		}
		slices.Sort(got) // what one message tells stands in its own order
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s's group was told %q, want %q", section, got, want)
		}
	}
	for _, m := range d.Sink().Messages() {
		for _, private := range []string{"排队无人引导", "归游客服务中心", "专人引导", "13800001234", "刘游客"} {
			if strings.Contains(m.Raw, private) {
				t.Errorf("%s's group reads %q: %s", m.Section, private, m.Raw)
			}
		}
	}
}

func (s *seat) enter(d *desk) {
	s.t.Helper()
	do(s.t, s.ctx, chromedp.Navigate(d.URL()+"/desk"))
	fill(s.t, s.ctx, `[name=login]`, s.login)
	fill(s.t, s.ctx, `[name=password]`, staffPassword)
	press(s.t, s.ctx, `form .main`)
	wait(s.t, s.ctx, `document.querySelector('#more .hint')`)
}

func (s *seat) says(words string) {
	s.t.Helper()
	says(s.t, s.ctx, words)
}

// list goes back to the list, as a person does who has a ticket open on a phone.
func (s *seat) list() {
	s.t.Helper()
	do(s.t, s.ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector('.back') ? document.querySelector('.back').click() : location.hash = '#/'`))
	wait(s.t, s.ctx, `document.body.dataset.at == 'list'`)
}

// search types words into the search field, and waits for what is found.
func (s *seat) search(words string) {
	s.t.Helper()
	s.list()
	do(s.t, s.ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.getElementById('search').value = %q`, words)), chromedp.Click(chromedp.CSS(`.find button`)))
	wait(s.t, s.ctx, `document.getElementById('rows').getAttribute('aria-busy') == 'false'`)
}

const rowsOf = `[...document.querySelectorAll('#rows .row')].filter(r => r.innerText.includes(%q)).length`

// finds holds a search for the number to find the ticket, or nothing.
func (s *seat) finds(number string, want bool) {
	s.t.Helper()
	s.search(number)
	if want {
		wait(s.t, s.ctx, fmt.Sprintf(rowsOf+` == 1`, number))
		return
	}
	wait(s.t, s.ctx, `document.querySelector('#more .hint').innerText == '没有符合条件的工单' && !document.querySelector('#rows .row')`)
}

func (s *seat) queueLacks(number string) {
	s.t.Helper()
	s.search("")
	wait(s.t, s.ctx, fmt.Sprintf(rowsOf+` == 0`, number))
}

// settles finds a ticket on the board, among what waits for the office, and opens it from there.
func (s *seat) settles(number string) {
	s.t.Helper()
	press(s.t, s.ctx, `nav a[href="#/board"]`)
	row := fmt.Sprintf(`.card a[href="#/t/%s"]`, number)
	wait(s.t, s.ctx, fmt.Sprintf(`document.querySelector(%q)`, row))
	keep(s.t, s.ctx, "board-returned")
	press(s.t, s.ctx, row)
	wait(s.t, s.ctx, `document.querySelector('#steps li')`)
}

// opens opens a ticket from the list that a search for its number gives.
func (s *seat) opens(number string) {
	s.t.Helper()
	s.finds(number, true)
	press(s.t, s.ctx, fmt.Sprintf(`#rows a[href="#/t/%s"]`, number))
	wait(s.t, s.ctx, `document.querySelector('#steps li')`)
}

func (s *seat) sees(number, words string) {
	s.t.Helper()
	s.opens(number)
	s.says(words)
}

// lacks holds that nothing of the page is what a selector selects.
func (s *seat) lacks(selectors ...string) {
	s.t.Helper()
	for _, selector := range selectors {
		wait(s.t, s.ctx, fmt.Sprintf(`!document.querySelector(%q)`, selector))
	}
}

// unknown holds that the ticket's address shows what that of no ticket shows.
func (s *seat) unknown(number string) {
	s.t.Helper()
	s.list()
	do(s.t, s.ctx, chromedp.Evaluate[chromedp.Void](`location.hash = '#/t/`+number+`'`))
	s.says("没有这件工单，或者不在您的职责范围内。")
	if text := read(s.t, s.ctx); strings.Contains(text, "无人引导") {
		s.t.Errorf("%s reads of a ticket that is not theirs:\n%s", s.login, text)
	}
}

// takes opens a ticket and gives a command, its form filled with names and values; the page then says done.
func (s *seat) takes(number, command, done string, fields ...string) {
	s.t.Helper()
	s.opens(number)
	press(s.t, s.ctx, `[data-command="`+command+`"]`)
	for i := 0; i+1 < len(fields); i += 2 {
		control := fmt.Sprintf(`form[data-form=%q] [name=%s]`, command, fields[i])
		wait(s.t, s.ctx, fmt.Sprintf(`document.querySelector(%q)`, control))
		do(s.t, s.ctx, chromedp.SetValue(chromedp.CSS(control), fields[i+1]))
	}
	if command != "sign" {
		press(s.t, s.ctx, `form.panel .main`)
	}
	s.says(done)
}

func (s *seat) answers(number, text string) {
	s.t.Helper()
	s.takes(number, "answer", "答复已提交", "outcome", "solved", "text", text)
}

// guest is a visitor's phone.
type guest struct {
	t      *testing.T
	ctx    context.Context
	number string
}

func (g *guest) press(selector string) {
	g.t.Helper()
	wait(g.t, g.ctx, fmt.Sprintf(`document.querySelector(%q)`, selector))
	leave(g.t, g.ctx, chromedp.Click(chromedp.CSS(selector)))
}

// files files a complaint about tickets with a contact, and goes on to follow it.
func (g *guest) files(d *desk, text string) {
	g.t.Helper()
	do(g.t, g.ctx, chromedp.Navigate(d.URL()+"/?p=BL01&lang=zh"),
		chromedp.Click(chromedp.CSS(`input[value=complaint]`)), chromedp.Click(chromedp.CSS(`input[value=ticketing]`)),
		chromedp.Click(chromedp.CSS(`#what [data-next]`)), chromedp.Click(chromedp.CSS(`#where [data-next]`)),
		chromedp.SendKeys(chromedp.CSS(`#form-text`), text),
		chromedp.Click(chromedp.CSS(`details:has([name=name]) summary`)), chromedp.SendKeys(chromedp.CSS(`[name=name]`), "刘游客"),
		chromedp.SendKeys(chromedp.CSS(`[name=phone]`), "13800001234"))
	g.press(`form[action^="/file"] .send button:not([type])`)
	g.number = numberOnPage.FindString(read(g.t, g.ctx))
	if g.number == "" {
		g.t.Fatalf("no receipt:\n%s", read(g.t, g.ctx))
	}
	g.press(`form[action^="/follow"] .send button`)
}

// again shows how the ticket stands now.
func (g *guest) again() string {
	g.t.Helper()
	g.press(`main .standing button.plain`)
	do(g.t, g.ctx, chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`)) // a page that is loaded again scrolls to where it was
	return read(g.t, g.ctx)
}

func (g *guest) reads(words string) {
	g.t.Helper()
	if page := g.again(); !strings.Contains(page, words) {
		g.t.Errorf("the visitor does not read %q:\n%s", words, page)
	}
}

func (g *guest) lacks(words string) {
	g.t.Helper()
	if page := g.again(); strings.Contains(page, words) {
		g.t.Errorf("the visitor reads %q:\n%s", words, page)
	}
}

func (g *guest) rates(solved, level, text string) {
	g.t.Helper()
	g.again()
	for _, choice := range []string{`[name=solved][value="` + solved + `"]`, `[name=level][value="` + level + `"]`} {
		do(g.t, g.ctx, chromedp.Click(chromedp.CSS(choice)))
		wait(g.t, g.ctx, fmt.Sprintf(`document.querySelector(%q).checked`, choice))
	}
	do(g.t, g.ctx, chromedp.SendKeys(chromedp.CSS(`form[action^="/follow/rating"] textarea`), text))
	g.press(`form[action^="/follow/rating"] .send button`)
}

func (g *guest) reopens(text string) {
	g.t.Helper()
	do(g.t, g.ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector('form[action^="/follow/reopen"]').closest('details').open = true`),
		chromedp.SendKeys(chromedp.CSS(`form[action^="/follow/reopen"] textarea`), text))
	g.press(`form[action^="/follow/reopen"] .send button`)
}
