package story

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/shared/ticket"
)

// feedsBack files feedback as a supervisor does on a phone, lets the section answer and reads the answer there. It gives
// the feedback's number, and what the browser complained of.
func feedsBack(t *testing.T, d *desk, phone context.Context) (number string, complaints func() []string) {
	t.Helper()
	complaints = listen(t, phone)
	do(t, phone, chromedp.Navigate(d.URL()+"/supervise#/file"))
	fill(t, phone, `[name=login]`, "meet-super")
	fill(t, phone, `[name=password]`, staffPassword)
	press(t, phone, `form .main`)
	fill(t, phone, `textarea[name=text]`, "保洁记录连续三天空白")
	do(t, phone, chromedp.Evaluate[chromedp.Void](`document.querySelector('select[name=section]').value = 'ticketing'`))
	press(t, phone, `form .main`)
	says(t, phone, "办理过程")
	number, err := chromedp.Run(phone, chromedp.Evaluate[string](`document.querySelector('h1.number').textContent`))
	if err != nil {
		t.Fatal(err)
	}
	keep(t, phone, "supervisor-filed")

	clerk := d.hire("feed-clerk", ticket.SectionStaff, "ticketing")
	clerk.give(number, "sign", "", ticket.Handling)
	clerk.give(number, "answer", `{"text":"已加开窗口","outcome":"solved"}`, ticket.Review)
	d.hire("feed-chief", ticket.OfficeStaff).give(number, "approve", "", ticket.Answered)

	do(t, phone, chromedp.Reload())
	says(t, phone, "已加开窗口")
	accessible(t, phone)
	keep(t, phone, "supervisor-answered")
	return number, complaints
}

// prints opens the page of a month's papers and holds it to words.
func prints(t *testing.T, ctx context.Context, d *desk, month string, words ...string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(d.URL()+"/v1/meetings/"+month+"/papers/digest.html"))
	for _, w := range words {
		says(t, ctx, w)
	}
	keep(t, ctx, "papers-"+month)
}
