package story

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/infra/local/demo"
	"steledesk/infra/local/stack"
	"steledesk/shared/photo/phototest"
)

// phone is a visitor's phone with tabs of one browser, on a line of its own.
type phone struct {
	t      *testing.T
	desk   *desk
	line   *line
	holder context.Context // keeps the browser's storage while no tab is open
	tab    context.Context
	shut   func()
	heard  []func() []string
}

func newPhone(t *testing.T, d *desk, window func(*testing.T, browsertest.Screen) context.Context) *phone {
	t.Helper()
	p := &phone{t: t, desk: d, line: layLine(t, d.URL()), holder: window(t, browsertest.Phone)}
	p.opens()
	t.Cleanup(func() {
		for _, heard := range p.heard {
			for _, said := range heard() {
				t.Errorf("the browser complains: %s", said)
			}
		}
	})
	return p
}

// opens opens another tab, which is the one that is looked at from now on.
func (p *phone) opens() {
	p.t.Helper()
	tab, shut := chromedp.NewContext(p.holder)
	p.t.Cleanup(shut)
	if err := chromedp.Do(tab); err != nil {
		p.t.Fatal(err)
	}
	_, err := chromedp.Call(tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: 360, Height: 740, DeviceScaleFactor: 1, Mobile: true,
	})
	if err == nil {
		_, err = chromedp.Call(tab, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.tab, p.shut = tab, shut
	p.heard = append(p.heard, listen(p.t, tab))
}

func (p *phone) goes(path string) {
	p.t.Helper()
	do(p.t, p.tab, chromedp.Navigate(p.line.URL+path))
}

// ready waits until the phone keeps the form for when there is no signal.
func (p *phone) ready() {
	p.t.Helper()
	p.keeps(`caches.open('shell').then(c => c.match('/')).then(r => !!r)`)
}

// keeps waits for what a promise of the page gives to be true.
func (p *phone) keeps(promise string) {
	p.t.Helper()
	wait(p.t, p.tab, `((`+promise+`).then(so => { window.$kept ||= so }), window.$kept === true)`)
	do(p.t, p.tab, chromedp.Evaluate[chromedp.Void](`window.$kept = null`))
}

// holds waits until the phone keeps n things in a store.
func (p *phone) holds(store string, n int) {
	p.t.Helper()
	p.keeps(fmt.Sprintf(`new Promise(done => { const opening = indexedDB.open('steledesk'); opening.onsuccess = () => {
		const count = opening.result.transaction(%[1]q).objectStore(%[1]q).count()
		count.onsuccess = () => { opening.result.close(); done(count.result === %[2]d) } } })`, store, n))
}

// signal has the phone find a signal, or lose it.
func (p *phone) signal(there bool) {
	p.t.Helper()
	p.line.sever(!there)
	p.browser(network.OverrideNetworkStateParams{Offline: !there, DownloadThroughput: -1, UploadThroughput: -1})
}

func (p *phone) browser(state network.OverrideNetworkStateParams) {
	p.t.Helper()
	if _, err := chromedp.Call(p.tab, network.OverrideNetworkState, state); err != nil {
		p.t.Fatal(err)
	}
}

// writes fills in the form up to its button.
func (p *phone) writes(text string) {
	p.t.Helper()
	do(p.t, p.tab,
		chromedp.Click(chromedp.CSS(`input[value=complaint]`)), chromedp.Click(chromedp.CSS(`input[value=ticketing]`)),
		chromedp.Click(chromedp.CSS(`#what [data-next]`)), chromedp.Click(chromedp.CSS(`#where [data-next]`)),
		chromedp.SendKeys(chromedp.CSS(`#form-text`), text))
}

const sendButton = `#tell .send button:not([type])`

// adds adds a photo as the phone's camera makes it: on its side, with its place in the world.
func (p *phone) adds(n int) {
	p.t.Helper()
	p.chooses("IMG_0001.JPG", phototest.JPEG(p.t, phototest.Picture(3000, 2000), phototest.Exif(6)))
	wait(p.t, p.tab, fmt.Sprintf(`document.querySelectorAll('.shots li').length === %d`, n))
}

// chooses takes a file of the phone as a photo.
func (p *phone) chooses(name string, data []byte) {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		p.t.Fatal(err)
	}
	do(p.t, p.tab, chromedp.SetUploadFiles(chromedp.CSS(`[data-photos] input[type=file]`), []string{file}))
}

func (p *phone) waits(words string) {
	p.t.Helper()
	says(p.t, p.tab, words)
}

func (p *phone) shot(name string) {
	p.t.Helper()
	if *shots == "" {
		return
	}
	picture, err := chromedp.Run(p.tab, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(*shots, "phone-"+name+".png"), picture, 0o600)
	}
	if err != nil {
		p.t.Error(err)
	}
}

// received reads the receipt: its number and code.
func (p *phone) received() receipt {
	p.t.Helper()
	wait(p.t, p.tab, `document.querySelector('[data-receipt]')`)
	page := read(p.t, p.tab)
	r := receipt{Number: numberOnPage.FindString(page), Code: codeOnPage.FindString(page)}
	if r.Number == "" || r.Code == "" {
		p.t.Fatalf("no receipt:\n%s", page)
	}
	return r
}

var codeOnPage = regexp.MustCompile(`\b[0-9A-Z]{5}-[0-9A-Z]{5}\b`)

// filings counts the tickets of the desk.
func (p *phone) filings() int {
	p.t.Helper()
	n := 0
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(p.desk.AWS()), &dynamodb.ScanInput{TableName: new("steledesk")})
	for pages.HasMorePages() {
		page, err := pages.NextPage(p.t.Context())
		if err != nil {
			p.t.Fatal(err)
		}
		for _, item := range page.Items {
			if fmt.Sprint(item["sk"]) == "&{HEAD {}}" && strings.Contains(fmt.Sprint(item["pk"]), "T#") {
				n++
			}
		}
	}
	return n
}

func TestBrowserPhone(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	window := browsertest.Start(t)
	for name, play := range map[string]func(*phone){
		"files with two photos": filesWithPhotos, "offline and back": offlineAndBack,
		"a tab closed, two opened": tabClosed, "a lost answer": lostAnswer, "a draft": keepsDraft, "a thin line": thinLine,
		"keys alone": keysAlone, "a crowd": crowdedOut,
	} {
		t.Run(name, func(t *testing.T) { play(newPhone(t, d, window)) })
	}
}

// Photos go to the bucket while the visitor writes, upright and without what the camera knows. What others reported at
// the spot is told, without a word of theirs.
func filesWithPhotos(p *phone) {
	other := "别人写的话，谁也不该看见。"
	p.desk.file(rand.Text(), `{"kind":"complaint","category":"greenery","spot":"BL01","text":"`+other+`"}`)
	p.desk.until("the spot has a matter", func() bool {
		_, _, answer := p.desk.send("GET", "/v1/spots/BL01/matters", "")
		return strings.Contains(string(answer), "daysAgo")
	})
	p.goes("/?p=BL01&lang=zh")
	wait(p.t, p.tab, `document.querySelector('[data-matters]').textContent.includes('正在办理')`)
	if strings.Contains(read(p.t, p.tab), other) {
		p.t.Error("the page shows what somebody else wrote")
	}
	p.writes("窗口只开了一个，排队近一小时。")
	p.chooses("IMG_0002.HEIC", phototest.HEIC())
	p.waits("HEIC 照片在这部手机上打不开")
	p.chooses("IMG_0003.JPG", phototest.Zip(p.t))
	p.waits("可能不是照片")
	p.shot("zh-no-photo")
	p.adds(1)
	p.adds(2)
	wait(p.t, p.tab, `[...document.querySelectorAll('.shots .at')].every(e => e.innerText === '已上传')`)
	p.shot("zh-photos")
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(sendButton)))
	r := p.received()
	p.shot("zh-receipt")
	for _, photo := range p.desk.settled(r, 2) {
		if photo.State != "ready" || photo.Width >= photo.Height {
			p.t.Errorf("got %+v, want it upright", photo)
		}
	}
	p.holds("photos", 0)
	p.holds("outbox", 1) // number and code, until they are saved
	p.goes("/follow")
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(`form[action^="/mine/forget"] button`)))
	wait(p.t, p.tab, `!document.querySelector('form[action^="/mine/forget"]')`)
	p.holds("outbox", 0)
}

// What stands before the desk refuses everything for a while: the phone shows the form it keeps, and not a line of JSON,
// and what is filed meanwhile waits and goes out by itself.
func crowdedOut(p *phone) {
	before := p.filings()
	p.goes("/?lang=en")
	p.ready()
	p.line.crowd(true)
	p.goes("/?p=BL07")
	wait(p.t, p.tab, `document.querySelector('#form-spot')?.value === 'BL07'`)
	p.writes("The railing by the brook is loose again.")
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(sendButton)))
	p.waits("Not sent yet")
	if p.line.refused() == 0 {
		p.t.Error("nothing was refused: the phone met no crowd")
	}
	p.line.crowd(false)
	do(p.t, p.tab, chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event('online'))`))
	p.waits("It is filed")
	if n := p.filings(); n != before+1 {
		p.t.Errorf("%d filings, want one", n-before)
	}
}

// Without a signal the form opens and is filled in; ticket and photo wait, the page says so, and they go out by
// themselves when the signal is back, once.
func offlineAndBack(p *phone) {
	before := p.filings()
	p.goes("/?lang=en")
	p.ready()
	p.signal(false)
	p.goes("/?p=BL07")
	wait(p.t, p.tab, `document.querySelector('#form-spot').value === 'BL07'`)
	p.writes("The railing by the brook is loose.")
	p.adds(1)
	p.waits("when there is a signal")
	p.shot("en-offline-form")
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(sendButton)))
	p.waits("Not sent yet")
	p.shot("en-waiting")
	if n := p.filings(); n != before {
		p.t.Errorf("%d filings without a signal", n-before)
	}
	p.signal(true)
	p.waits("It is filed")
	p.shot("en-sent")
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(`.entry.sent .first`)))
	r := p.received()
	if got := p.desk.settled(r, 1)[0]; got.State != "ready" {
		p.t.Errorf("the photo is %+v", got)
	}
	if n := p.filings(); n != before+1 {
		p.t.Errorf("%d filings, want 1", n-before)
	}
}

// What waits outlives its tab; two tabs that come back at once send it once.
func tabClosed(p *phone) {
	before := p.filings()
	p.goes("/?lang=zh&p=BL01")
	p.ready()
	p.signal(false)
	p.writes("闸机坏了。")
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(sendButton)))
	p.waits("还没有提交")
	p.shot("zh-waiting")
	p.shut()
	p.opens()
	p.goes("/") // still without a signal
	p.waits("还没有提交")
	other := p.tab
	p.opens()
	p.goes("/")
	p.waits("还没有提交")
	p.line.sever(false)
	for _, tab := range []context.Context{other, p.tab} {
		do(p.t, tab, chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event('online'))`))
	}
	p.waits("已经提交")
	p.shot("zh-sent")
	says(p.t, other, "已经提交")
	wait(p.t, p.tab, `!localStorage.length && document.querySelector('[data-draft]').hidden`) // what was sent is no draft
	if n := p.filings(); n != before+1 {
		p.t.Errorf("%d filings, want 1", n-before)
	}
}

// The answer never comes back, and the page is gone: the next visit finds number and code, of the one filing.
func lostAnswer(p *phone) {
	before := p.filings()
	p.goes("/?lang=zh&p=BL01")
	p.ready()
	p.writes("验票口没有人。")
	do(p.t, p.tab, chromedp.Evaluate[chromedp.Void](`(() => { const real = fetch
		window.fetch = async (...a) => { const r = await real(...a); if (a[0] === '/v1/tickets') throw new TypeError('lost'); return r } })()`),
		chromedp.Click(chromedp.CSS(sendButton)))
	p.waits("还没有提交")
	if n := p.filings(); n != before+1 {
		p.t.Fatalf("%d filings arrived, want 1", n-before)
	}
	p.shut()
	p.opens()
	p.goes("/")
	p.waits("已经提交")
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(`.entry.sent .first`)))
	p.received()
	if n := p.filings(); n != before+1 {
		p.t.Errorf("%d filings, want 1", n-before)
	}
}

// A draft with a photo is offered back after its tab was closed, and is gone once it is filed.
func keepsDraft(p *phone) {
	p.goes("/?lang=en&p=BL01")
	p.writes("The queue was not marked.")
	p.adds(1)
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(`details:has([name=name]) summary`)), chromedp.SendKeys(chromedp.CSS(`[name=name]`), "Ann"))
	p.waits("only in this phone's browser")
	p.shut()
	p.opens()
	p.goes("/?lang=en&p=BL01&elder=1")
	p.waits("There is a draft of")
	p.shot("en-draft")
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(`[data-draft] .first`)))
	wait(p.t, p.tab, `document.querySelector('#form-text').value === 'The queue was not marked.' && document.querySelector('[name=name]').value === 'Ann'`)
	wait(p.t, p.tab, `document.querySelectorAll('.shots li').length === 1 && !document.querySelector('#tell').hidden`)
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(sendButton)))
	p.received()
	p.goes("/?lang=en")
	wait(p.t, p.tab, `document.querySelector('[data-draft]').hidden && !localStorage.length`)
}

// At 50 kbit/s with 800 ms delay the form opens, and a complaint is filed.
func thinLine(p *phone) {
	_, err := chromedp.Call(p.tab, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Latency: 800, DownloadThroughput: 50000 / 8, UploadThroughput: 50000 / 8}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	began := time.Now()
	p.goes("/?lang=zh&p=BL01")
	opened := time.Since(began)
	p.firstView()
	p.writes("排队近一小时。")
	p.adds(1)
	wait(p.t, p.tab, `document.querySelector('.shots progress').value > 0.1`)
	p.shot("zh-uploading")
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(`.shots button`))) // takes it away, and stops it
	wait(p.t, p.tab, `!document.querySelector('.shots li')`)
	began = time.Now()
	do(p.t, p.tab, chromedp.Click(chromedp.CSS(sendButton)))
	wait(p.t, p.tab, `document.querySelector('[data-receipt]')`)
	p.t.Logf("at 50 kbit/s and 800 ms: opened in %v, filed in %v", opened, time.Since(began))
	p.received()
}

// firstView holds what the page that was just loaded took: at most five requests and 100 KB.
func (p *phone) firstView() {
	p.t.Helper()
	took, err := chromedp.Run(p.tab, chromedp.Evaluate[[]int64](`(() => {
		const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
		return [all.length, all.reduce((n, e) => n + e.transferSize, 0)] })()`))
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Logf("the first view took %d requests and %d bytes", took[0], took[1])
	if took[0] > 5 || took[1] > 100_000 {
		p.t.Errorf("more than 5 requests, or 100 KB")
	}
}

// A phone that is asked for work, because the same text came often, does it and files; nobody has to do anything.
func TestBrowserPhoneIsAskedForWork(t *testing.T) {
	t.Parallel()
	o := roomy()
	o.Limits.SameTexts = 3
	p := newPhone(t, open(t, func(s *stack.Settings) { s.Seed = demo.Seed(o) }), browsertest.Start(t))
	text := "同样的话说了很多遍。"
	body := `{"kind":"complaint","category":"ticketing","spot":"BL02","text":"` + text + `"}`
	for range 2 {
		p.desk.file(rand.Text(), body)
	}
	p.goes("/?lang=zh&p=BL02")
	p.writes(text)
	do(p.t, p.tab, chromedp.Evaluate[chromedp.Void](`(() => { const place = document.querySelector('[data-sending]')
		new MutationObserver(() => { sessionStorage.said = (sessionStorage.said || '') + place.textContent }).observe(place, { childList: true }) })()`),
		chromedp.Click(chromedp.CSS(sendButton)))
	p.received()
	wait(p.t, p.tab, `sessionStorage.said.includes('自动验证')`)
}
