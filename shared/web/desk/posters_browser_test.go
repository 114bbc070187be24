package desk

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"steledesk/shared/poster"
)

// poster draws a spot's sheet as the desk does.
func (f *fake) poster(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o, _ := f.office.now()
	spot, known := o.Spot(r.PathValue("spot"))
	sheet, err := poster.New(o, spot, fakeSite, r.URL.Query().Get("size"))
	if !known || err != nil || f.ended {
		answer(w, http.StatusNotFound, object{"code": "not-found", "detail": "没有这个点位"})
		return
	}
	drawn, err := sheet.SVG(nil)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("content-type", "image/svg+xml")
	_, _ = w.Write(drawn) // a browser that went away
}

// The office reads where the codes lead before it prints; what it takes to the print shop has the size it chose, and a
// phone reads the picture's code. A sheet that does not come is said beside its button.
func playPosters(t *testing.T, w *window) {
	w.do(chromedp.Evaluate[chromedp.Void](`{
		window.kept = {}
		let blob
		URL.createObjectURL = b => { blob = b; return 'blob:' + location.origin + '/test' }
		HTMLAnchorElement.prototype.click = function () {
			const reader = new FileReader(), name = this.download
			reader.onload = () => { kept[name] = reader.result.split(',')[1] }
			reader.readAsDataURL(blob)
		}
	}`))
	w.part("posters")
	w.says(fakeSite)
	w.fits("zh-office-posters")
	for link, want := range map[string]string{`.send a.button`: "/v1/office/posters?size=A4", `[data-spot=BL02] a`: "/v1/office/posters/BL02?size=A4"} {
		if got := ask[string](w, `(a => a.target == '_blank' && a.getAttribute('href'))(document.querySelector('#part `+link+`'))`); got != want {
			t.Errorf("%s leads to %q, want %q", link, got, want)
		}
	}
	w.do(chromedp.Evaluate[chromedp.Void](`(s => { s.value = 'A6'; s.dispatchEvent(new Event('change')) })(document.querySelector('#part select'))`))
	w.click(`[data-spot=BL02] [data-kind=svg]`)
	if drawn := w.downloaded("BL02-A6.svg"); !bytes.Contains(drawn, []byte(`width="105mm"`)) {
		t.Errorf("got %s", drawn)
	}
	w.click(`[data-spot=BL02] [data-kind=png]`)
	picture, err := png.Decode(bytes.NewReader(w.downloaded("BL02-A6.png")))
	if err != nil {
		t.Fatal(err)
	}
	if got := picture.Bounds().Size(); got != (image.Point{X: 1240, Y: 1748}) {
		t.Errorf("A6 at 300 dots an inch is %v", got)
	}
	if got := codeOf(t, picture); got != fakeSite+"/?p=BL02" {
		t.Errorf("the code says %q", got)
	}
	w.desk.with(func() { w.desk.office.gone("BL02") })
	w.click(`[data-spot=BL02] [data-kind=png]`)
	w.says("没有这个点位")
	w.click(`nav .language`)
	w.says("The codes lead to:")
	w.fits("en-office-posters")
	w.quiet()
}

// gone takes a spot away.
func (f *fakeOffice) gone(id string) {
	o, _ := f.now()
	for i, s := range o.Spots {
		if s.ID == id {
			o.Spots = append(o.Spots[:i:i], o.Spots[i+1:]...)
			return
		}
	}
}

// downloaded waits for a file that the page hands over.
func (w *window) downloaded(name string) []byte {
	w.t.Helper()
	w.until(`kept['` + name + `']`)
	body, err := base64.StdEncoding.DecodeString(ask[string](w, `kept['`+name+`']`))
	if err != nil {
		w.t.Fatal(err)
	}
	return body
}

func codeOf(t *testing.T, picture image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return read.GetText()
}
