package story

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/photo/phototest"
	"steledesk/shared/ticket"
)

// A visitor files with two photos by the plain form, one of them none; the ticket's page and the desk show the one, and
// say why not the other. No policy of a page stands in the way.
func TestBrowserShowsPhotos(t *testing.T) {
	d := open(t, nil)
	d.hire("photo-page", ticket.SectionStaff, "ticketing")
	folder := t.TempDir()
	good, bad := filepath.Join(folder, "IMG_1.jpg"), filepath.Join(folder, "IMG_2.jpg")
	for file, data := range map[string][]byte{good: phototest.JPEG(t, phototest.Picture(1200, 900), phototest.Exif(6)), bad: phototest.Zip(t)} {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	window := browsertest.Start(t)
	phone := window(t, browsertest.Phone)
	complaints := listen(t, phone)
	do(t, phone,
		chromedp.Navigate(d.URL()+"/?p=BL01&lang=zh"),
		chromedp.Click(chromedp.CSS(`input[value=complaint]`)),
		chromedp.SetValue(chromedp.CSS(`#form-category`), "ticketing"),
		chromedp.SendKeys(chromedp.CSS(`#form-text`), "栏杆松了，见照片。"),
		chromedp.SetUploadFiles(chromedp.CSS(`.files label:nth-child(1) input`), []string{good}),
		chromedp.SetUploadFiles(chromedp.CSS(`.files label:nth-child(2) input`), []string{bad}))
	keep(t, phone, "photo-form")
	leave(t, phone, chromedp.Click(chromedp.CSS(`.send button`)))
	number := numberOnPage.FindString(read(t, phone))
	d.until("the photos are settled", func() bool {
		s, err := d.table.Ticket(t.Context(), number)
		if err != nil {
			return false
		}
		first, err := s.Records[0].Event()
		if err != nil {
			return false
		}
		known, err := d.table.Photos(t.Context(), first.Data.Photos)
		settled := 0
		for _, p := range known {
			if p.State != "" {
				settled++
			}
		}
		return err == nil && settled == 2
	})
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
