package story

import (
	"crypto/rand"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/photo/phototest"
	"steledesk/shared/ticket"
)

// Of a ticket's two photos one is none: the ticket's page and the desk show the one, and say why not the other. No policy of a page stands in the way.
func TestBrowserShowsPhotos(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	d.hire("photo-page", ticket.SectionStaff, "ticketing")
	good, bad := d.slot(), d.slot()
	d.upload(good, phototest.JPEG(t, phototest.Picture(1200, 900), phototest.Exif(6)))
	d.upload(bad, phototest.Zip(t))
	r := d.file(rand.Text(), filing(good.ID, bad.ID))
	d.settled(r, 2)
	number := r.Number
	window := browsertest.Start(t)
	phone := window(t, browsertest.Phone)
	complaints := listen(t, phone)
	do(t, phone, chromedp.Navigate(d.URL()+"/follow?lang=zh&n="+number), chromedp.SendKeys(chromedp.CSS(`#find-code`), r.Code))
	leave(t, phone, chromedp.Click(chromedp.CSS(`.send button`)))
	wait(t, phone, `document.querySelector('.photo summary img').naturalWidth === 240`)
	says(t, phone, "这个文件不是照片")
	do(t, phone, chromedp.Click(chromedp.CSS(`.photo summary`)), chromedp.Evaluate[chromedp.Void](`document.querySelector('.photo > img').scrollIntoView()`))
	wait(t, phone, `document.querySelector('.photo > img').naturalWidth === 900`)
	keep(t, phone, "photo-ticket")

	clerk := window(t, browsertest.Desktop)
	heard := listen(t, clerk)
	enter(t, clerk, d, "photo-page")
	do(t, clerk, chromedp.Evaluate[chromedp.Void](`location.hash = '#/t/`+number+`'`))
	wait(t, clerk, `document.querySelector('.photo img') && document.querySelector('.photo img').naturalWidth === 240`)
	says(t, clerk, "这个文件不是照片")
	keep(t, clerk, "photo-desk")
	press(t, clerk, `button.photo`)
	wait(t, clerk, `document.querySelector('dialog[open] img').naturalWidth === 900`)
	keep(t, clerk, "photo-desk-large")
	press(t, clerk, `dialog[open] .main`)
	wait(t, clerk, `!document.querySelector('dialog[open]')`)
	if all := append(complaints(), heard()...); len(all) > 0 {
		t.Errorf("the browser complains: %q", all)
	}
}
