package story

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/office"
	"steledesk/shared/ticket"
)

// officeData is what GET /v1/office answers.
type officeData struct {
	Version int
	Office  *office.Office
}

// The office edits a spot, a service level and a new section on the page over the real API. Somebody else saves in between and
// nobody's change is lost; a channel is tried and its group hears it; an earlier version comes back.
func TestBrowserEditsTheOffice(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	first := d.hire("page-editor", ticket.OfficeStaff)
	d.file(rand.Text(), complaint)
	began := strconv.Itoa(first.office().Version)
	window := browsertest.Start(t)(t, browsertest.Desktop)
	complaints := listen(t, window)
	enterOffice(t, window, d, "page-editor")

	part(t, window, "spots")
	change(t, window, "/spots/6", "/spots/6/name/zh", "浯溪木栈道")
	part(t, window, "levels")
	change(t, window, "/levels/complaint", "/levels/complaint/answer", "8")
	press(t, window, `#office-bar .main`)
	wait(t, window, `document.activeElement.dataset.at == '/levels/complaint/answer' && document.activeElement.getAttribute('aria-invalid')`)
	says(t, window, "不是时长")
	set(t, window, "/levels/complaint/answer", "8wd")
	part(t, window, "sections")
	press(t, window, `.tools button`)
	for at, text := range map[string]string{"id": "tearoom", "name/zh": "茶室", "duty/zh": "茶水"} {
		set(t, window, "/sections/11/"+at, text)
	}
	press(t, window, `#office-bar .main`)
	says(t, window, "8 个工作日")
	says(t, window, "SectionIds=")
	keep(t, window, "office-preview")

	other := first.office()
	other.Office.Spots[0].Name.ZH = "碑林正门"
	first.saves(other)
	press(t, window, `#part .main`)
	says(t, window, "有人已先保存了")
	says(t, window, "碑林正门")
	wait(t, window, `document.querySelector('#part .changes')`)
	press(t, window, `#part .main`)
	says(t, window, "已保存为第")
	now := first.office()
	if s, _ := now.Office.Spot("BL07"); s.Name.ZH != "浯溪木栈道" || now.Office.Spots[0].Name.ZH != "碑林正门" ||
		now.Office.Levels[ticket.Complaint].Answer.String() != "8wd" || len(now.Office.Sections) != 12 {
		t.Errorf("stored: %+v", now)
	}

	part(t, window, "channels")
	press(t, window, `[data-row="/channels/0"] > summary`)
	press(t, window, `[data-row="/channels/0"] .test button`)
	wait(t, window, `document.querySelector('[data-row="/channels/0"] .test .done')`)

	part(t, window, "versions")
	press(t, window, `[data-version="`+began+`"] > summary`)
	press(t, window, `[data-version="`+began+`"] .send button`)
	says(t, window, "恢复第 "+began+" 版会改变")
	keep(t, window, "office-restore")
	press(t, window, `[data-version="`+began+`"] .main`)
	says(t, window, "已恢复第 "+began+" 版")
	if now := first.office(); len(now.Office.Sections) != 11 || now.Office.Levels[ticket.Complaint].Answer.String() != "5wd" {
		t.Errorf("restored: %+v", now)
	}
	if all := complaints(); len(all) > 0 {
		t.Errorf("the browser complains: %q", all)
	}
}

func enterOffice(t *testing.T, window context.Context, d *desk, login string) {
	t.Helper()
	enter(t, window, d, login)
	press(t, window, `nav a[href="#/office"]`)
	wait(t, window, `document.querySelector('#parts a')`)
}

func (p *person) office() officeData {
	p.t.Helper()
	var o officeData
	p.call("GET", "/v1/office", "", http.StatusOK, &o)
	return o
}

// saves puts office data in force, as a program does.
func (p *person) saves(o officeData) {
	p.t.Helper()
	text, err := json.Marshal(o.Office)
	if err != nil {
		p.t.Fatal(err)
	}
	p.call("PUT", "/v1/office", string(text), http.StatusOK, nil, "If-Match", fmt.Sprint(o.Version))
}

func part(t *testing.T, window context.Context, id string) {
	t.Helper()
	do(t, window, chromedp.Evaluate[chromedp.Void](`location.hash = '#/office/`+id+`'`))
	wait(t, window, `document.getElementById('office-data').dataset.part == '`+id+`' && document.querySelector('#part h2')`)
}

// change opens a row and writes into a field of it.
func change(t *testing.T, window context.Context, row, at, text string) {
	t.Helper()
	press(t, window, `[data-row="`+row+`"] > summary`)
	set(t, window, at, text)
}

// set writes text in the place of what a field says.
func set(t *testing.T, window context.Context, at, text string) {
	t.Helper()
	wait(t, window, `document.querySelector('[data-at="`+at+`"]')`)
	do(t, window, chromedp.Evaluate[chromedp.Void](`{ const e = document.querySelector('[data-at="`+at+`"]'); e.focus(); e.select() }`),
		chromedp.SendKeys(chromedp.CSS(`[data-at="`+at+`"]`), text))
}
