package story

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/ticket"
)

// deskLink is what a message to a group links to.
var deskLink = regexp.MustCompile(`https?://[0-9A-Za-z.:]+/desk#/t/[0-9A-Z-]+`)

// Somebody who is not signed in opens the link of a group's message on a phone and signs in: there is the ticket. So it
// is when the session ended while it was open. The ticket of another section is not there, and does not say what it is.
func TestBrowserComesBackToTheTicketOfALink(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	clerk := d.hire("link-clerk", ticket.SectionStaff, "ticketing")
	d.hire("link-stranger", ticket.SectionStaff, "works")
	number := d.file(rand.Text(), complaint).Number
	d.until("the group is told", func() bool { return len(d.heard("ticketing", number)) > 0 })
	link := deskLink.FindString(d.heard("ticketing", number)[0].Raw)
	window := browsertest.Start(t)

	phone := window(t, browsertest.Phone)
	complaints := listen(t, phone)
	do(t, phone, chromedp.Navigate(link))
	signIn := func(login string) {
		fill(t, phone, `[name=login]`, login)
		fill(t, phone, `[name=password]`, staffPassword)
		press(t, phone, `form .main`)
	}
	there := `document.querySelector('#number') && document.querySelector('#number').textContent == '` + number + `' && document.querySelector('[data-command=sign]')`
	signIn("link-clerk")
	wait(t, phone, there)
	keep(t, phone, "desk-link")

	clerk.call("POST", "/v1/session/password", `{"old":"`+staffPassword+`","new":"three other long words"}`, http.StatusNoContent, nil)
	press(t, phone, `[data-command=sign]`) // the page's session ended with the old password
	wait(t, phone, `document.querySelector('[name=login]')`)
	signIn("link-stranger")
	wait(t, phone, `document.querySelector('.problem') && !document.body.innerText.includes('窗口排队')`)
	if all := complaints(); len(all) > 0 {
		t.Errorf("the browser complains: %q", all)
	}
}
