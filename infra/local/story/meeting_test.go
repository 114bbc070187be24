package story

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/digest"
	"steledesk/shared/ticket"
)

// A month of supervision: a supervisor files feedback on a phone, its section answers it, and the month's papers show both.
// The meeting over them: the office plans it and writes down what it decides, on the page. The section does nothing, the
// date passes, and supervisors and the next digest say so; it is answered, found wanting, sent back from a phone, and told of
// again.
func TestBrowserSupervisorsFeedbackComesBack(t *testing.T) {
	t.Parallel()
	d := openAt(t, "2026-10-12 10:00", nil)
	d.hire("meet-office", ticket.OfficeStaff)
	d.hire("meet-super", ticket.Supervisor)
	browser := browsertest.Start(t)
	number, feeding := feedsBack(t, d, browser(t, browsertest.Phone))

	d.setClock(instant(t, "2026-11-10 10:00"))
	d.order("2026-10")
	d.until("October's papers", func() bool { return len(d.editions("2026-10")) > 0 })
	october := d.editions("2026-10")[0].Digest
	if told := october.Tally.Feedback; len(told) != 1 || told[0].Number != number || told[0].State != ticket.Answered || told[0].Section != "ticketing" {
		t.Fatalf("October's digest tells of feedback %+v", told)
	}
	office := browser(t, browsertest.Desktop)
	heard := listen(t, office)
	meets(t, office, d, "meet-office", "2026-10")
	says(t, office, "Word 文档")
	prints(t, office, d, "2026-10", number, "已答复")
	meets(t, office, d, "", "2026-10")
	put(t, office, `[name=when]`, "2026-11-10T14:30")
	put(t, office, `[name=place]`, "二楼会议室")
	put(t, office, `[name=present]`, "监督员甲\n监督员乙")
	press(t, office, `[data-form=plan] .main`)
	says(t, office, "监督员甲、监督员乙")
	press(t, office, `.decide > summary`)
	put(t, office, `[data-form=decisions] [name=text]`, "节假日加开两个售票窗口")
	do(t, office, chromedp.Evaluate[chromedp.Void](`document.querySelector('[data-form=decisions] [name=section]').value = 'ticketing'`))
	put(t, office, `[data-form=decisions] [name=answerBy]`, "2026-11-20")
	press(t, office, `[data-form=decisions] .main`)
	says(t, office, "在期限内")
	keep(t, office, "meeting-office")

	d.setClock(instant(t, "2026-12-01 08:10"))
	d.until("November's papers", func() bool { return len(d.editions("2026-11")) > 0 })
	if told := d.decisions("2026-11"); len(told) != 1 || told[0].Timing != digest.Overdue || told[0].Text != "节假日加开两个售票窗口" {
		t.Fatalf("November's digest tells %+v", told)
	}
	phone := browser(t, browsertest.Phone)
	complaints := listen(t, phone)
	meets(t, phone, d, "meet-super", "2026-10")
	says(t, phone, "逾期")
	accessible(t, phone)
	keep(t, phone, "meeting-overdue")

	d.settles(d.decisions("2026-11")[0].Number)
	meets(t, phone, d, "", "2026-10")
	says(t, phone, "已落实（逾期）")
	says(t, phone, "已加开窗口")
	press(t, phone, `.decision details > summary`)
	put(t, phone, `[data-form=unsettled] [name=text]`, "只开了一天")
	put(t, phone, `[data-form=unsettled] [name=answerBy]`, "2027-01-20")
	press(t, phone, `[data-form=unsettled] .main`)
	says(t, phone, "曾退回重办")
	keep(t, phone, "meeting-again")
	press(t, phone, `nav .language`)
	says(t, phone, "Sent back before")
	accessible(t, phone)

	d.setClock(instant(t, "2027-01-01 08:10"))
	d.until("December's papers", func() bool { return len(d.editions("2026-12")) > 0 })
	if told := d.decisions("2026-12"); len(told) != 1 || told[0].State != ticket.Assigned || told[0].Timing != digest.Pending {
		t.Errorf("December's digest tells %+v", told)
	}
	if all := slices.Concat(feeding(), heard(), complaints()); len(all) > 0 {
		t.Errorf("the browser complains: %q", all)
	}
}

// meets opens the page of a month's meeting; a login signs somebody in there first.
func meets(t *testing.T, ctx context.Context, d *desk, login, month string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(d.URL()+"/supervise?"+login+"#/meetings/"+month))
	if login != "" {
		fill(t, ctx, `[name=login]`, login)
		fill(t, ctx, `[name=password]`, staffPassword)
		press(t, ctx, `form .main`)
	} else {
		do(t, ctx, chromedp.Reload())
	}
	wait(t, ctx, `document.querySelector('.facts')`)
}

// put writes into a field of any type as a person does, whatever the browser's own way of asking for it.
func put(t *testing.T, ctx context.Context, selector, value string) {
	t.Helper()
	wait(t, ctx, fmt.Sprintf(`document.querySelector(%q)`, selector))
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(
		`(f => { f.value = %s; f.dispatchEvent(new Event('input', { bubbles: true })) })(document.querySelector(%q))`, text, selector)))
}

// accessible holds the page to what axe-core finds.
func accessible(t *testing.T, ctx context.Context) {
	t.Helper()
	do(t, ctx, chromedp.Evaluate[chromedp.Void](browsertest.Axe(t)+`;window.found = undefined; axe.run().then(r => { window.found = r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')).join('\n') }); undefined`))
	wait(t, ctx, `window.found !== undefined`)
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](`window.found`))
	if err != nil || found != "" {
		t.Errorf("axe finds %s, %v", found, err)
	}
}

// decisions gives what the newest digest of a month tells of decisions.
func (d *desk) decisions(month digest.Month) []digest.Decision {
	d.t.Helper()
	all := d.editions(month)
	return all[len(all)-1].Digest.Decisions
}

// settles answers a decision as its section and approves it as the office.
func (d *desk) settles(number string) {
	d.t.Helper()
	clerk, office := d.hire("meet-clerk", ticket.SectionStaff, "ticketing"), d.hire("meet-chief", ticket.OfficeStaff)
	clerk.give(number, "sign", "", ticket.Handling)
	clerk.give(number, "answer", `{"text":"已加开窗口","outcome":"solved"}`, ticket.Review)
	office.give(number, "approve", "", ticket.Answered)
	var seen struct{ Number string }
	office.call("GET", "/v1/desk/tickets/"+number, "", http.StatusOK, &seen)
}
