package story

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/serviceworker"
	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/ticket"
)

// A visitor has their phone told: in words before the browser asks, and with what the browser then shows. The push
// service is the sink, to which a test's browser cannot subscribe by itself; all else is as on a phone.
func TestBrowserIsToldOfNews(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	r, clerk := d.file(rand.Text(), complaint), d.hire("push-clerk", ticket.SectionStaff, "ticketing")
	p := d.listener("browser")
	tab := browsertest.Start(t)(t, browsertest.Phone)
	do(t, tab, chromedp.Navigate(d.URL()+"/follow?lang=zh"))
	_, err := chromedp.Call(tab, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: "notifications"}, Setting: browser.PermissionSettingGranted,
		Origin: d.URL(), BrowserContextID: chromedp.FromContext(tab).BrowserContextID,
	})
	if err != nil {
		t.Fatal(err)
	}
	do(t, tab, chromedp.SendKeys(chromedp.CSS(`[name=number]`), r.Number), chromedp.SendKeys(chromedp.CSS(`[name=code]`), r.Code))
	leave(t, tab, chromedp.Click(chromedp.CSS(`.send button`)))
	raw := base64.RawURLEncoding
	do(t, tab, chromedp.WaitVisible(chromedp.CSS(`[data-push]`)), chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`
		window.subscribed = undefined
		PushManager.prototype.getSubscription = async () => window.subscribed
		PushManager.prototype.subscribe = async options => window.subscribed = {
			endpoint: %[1]q, options: {}, toJSON: () => ({endpoint: %[1]q, expirationTime: null, keys: {p256dh: %[2]q, auth: %[3]q}}) }`,
		p.endpoint(), raw.EncodeToString(p.key.PublicKey().Bytes()), raw.EncodeToString(p.auth))))
	do(t, tab, chromedp.ScrollIntoView(chromedp.CSS(`[data-push]`)))
	if *shots != "" {
		picture, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
		if err = errors.Join(err, os.WriteFile(filepath.Join(*shots, "push.png"), picture, 0o600)); err != nil {
			t.Error(err)
		}
	}
	do(t, tab, chromedp.Click(chromedp.CSS(`[data-on]`)), chromedp.WaitVisible(chromedp.CSS(`[data-off]`)))
	clerk.give(r.Number, "sign", `{}`, ticket.Handling)
	d.until("the browser is told", func() bool { return len(p.told()) == 1 })

	shown := p.told()[0]
	data, err := json.Marshal(map[string]string{"number": shown.Number, "title": shown.Title, "body": shown.Body})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(tab, serviceworker.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	_, err = chromedp.Call(tab, serviceworker.DeliverPushMessage, serviceworker.DeliverPushMessageParams{
		Origin: d.URL(), RegistrationID: "0", Data: string(data),
	})
	if err != nil {
		t.Fatal(err)
	}
	do(t, tab, chromedp.Evaluate[chromedp.Void](`void setInterval(async () => {
		[window.shown] = await (await navigator.serviceWorker.ready).getNotifications()
	}, 100)`), chromedp.Poll[chromedp.Void](fmt.Sprintf(`window.shown?.title === %q && window.shown.tag === %q`, shown.Title, r.Number)))
	do(t, tab, chromedp.Click(chromedp.CSS(`[data-off]`)), chromedp.WaitVisible(chromedp.CSS(`[data-on]`)))
	if left, err := d.table.Phones(t.Context(), r.Number, time.Now()); len(left) != 0 || err != nil {
		t.Errorf("%d phones are left, %v", len(left), err)
	}
}
