package desk

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
)

// go test ./shared/web/desk -run Browser -shots DIR keeps pictures of the page.
var shots = flag.String("shots", "", "folder for pictures of the page the browser tests pass")

// A window shows the desk; it collects what the browser complains of.
type window struct {
	t      *testing.T
	ctx    context.Context
	screen browsertest.Screen
	desk   *fake

	mu         sync.Mutex
	complaints []string
}

// open opens the page of a desk of its own.
func open(t *testing.T, start func(*testing.T, browsertest.Screen) context.Context, s browsertest.Screen) *window {
	t.Helper()
	w := &window{t: t, ctx: start(t, s), screen: s, desk: newFake(t)}
	if err := chromedp.Listen(w.ctx, w.hear); err != nil {
		t.Fatal(err)
	}
	w.do(chromedp.Navigate(w.desk.URL + "/desk"))
	w.until(`document.querySelector('[name=login]')`)
	return w
}

// hear keeps what scripts and policies complain of; calls that the tests make fail are no news.
func (w *window) hear(event any) {
	said := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		said = e.ExceptionDetails.Text
		if thrown := e.ExceptionDetails.Exception; thrown != nil {
			said += " " + thrown.Description
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			said = e.Entry.Text
		}
	}
	if said != "" {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.complaints = append(w.complaints, said)
	}
}

func (w *window) do(steps ...chromedp.Action[chromedp.Void]) {
	w.t.Helper()
	if err := chromedp.Do(w.ctx, steps...); err != nil {
		w.t.Fatalf("%v; the page says:\n%s", err, w.text())
	}
}

// ask runs a script of the test's in the page.
func ask[T any](w *window, script string) T {
	w.t.Helper()
	result, err := chromedp.Run(w.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		w.t.Fatalf("%s: %v", script, err)
	}
	return result
}

func (w *window) text() string {
	text, _ := chromedp.Run(w.ctx, chromedp.Evaluate[string](`document.body.innerText.slice(0, 1500)`)) // empty explains itself
	return text
}

// until waits for a condition in the page.
func (w *window) until(condition string) {
	w.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit, cancel := context.WithTimeout(w.ctx, browsertest.Patience)
	defer cancel()
	for {
		yes, err := chromedp.Run(limit, chromedp.Evaluate[bool](`!!(`+condition+`)`))
		if err == nil && yes {
			return
		}
		select {
		case <-limit.Done():
			w.t.Fatalf("never came: %s (%v); the page says:\n%s\ncomplaints: %q", condition, err, w.text(), w.complaints)
		case <-tick.C:
		}
	}
}

// says waits until the page says something.
func (w *window) says(words string) {
	w.t.Helper()
	w.until(`document.body.innerText.includes(` + quoted(words) + `)`)
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

func (w *window) click(selector string) {
	w.t.Helper()
	w.do(chromedp.Click(chromedp.CSS(selector)))
}

func (w *window) write(selector, text string) {
	w.t.Helper()
	w.do(chromedp.SendKeys(chromedp.CSS(selector), text))
}

func (w *window) signIn() {
	w.t.Helper()
	w.write(`[name=login]`, "guard")
	w.write(`[name=password]`, "right password")
	w.click(`form .main`)
	w.until(`document.querySelectorAll('#rows .row').length == 50`)
}

// read opens a ticket and waits for it.
func (w *window) read(number string) {
	w.t.Helper()
	w.do(chromedp.Evaluate[chromedp.Void](`location.hash = '#/t/` + number + `'`))
	w.until(`document.querySelector('#steps li') && document.getElementById('number').innerText == '` + number + `'`)
}

// fits fails the test when the page is wider than the screen, something to press is too small for
// a finger, a field has no label or an id is used twice.
func (w *window) fits(page string) {
	w.t.Helper()
	if width := ask[int64](w, `document.documentElement.scrollWidth`); width > w.screen.Width {
		w.t.Errorf("%s is %d pixels wide on a screen of %d", page, width, w.screen.Width)
	}
	for _, bad := range ask[[]string](w, `[
		...[...document.querySelectorAll('button,select,textarea,summary,nav a,.row,.back,.contact a,label.tick,input:not([type=checkbox])')]
			.filter(e => { const r = e.getBoundingClientRect(); return r.height > 0 && (r.height < 43.5 || r.width < 43.5) })
			.map(e => 'small: ' + e.outerHTML.slice(0, 80)),
		...[...document.querySelectorAll('input,select,textarea')].filter(e => e.labels.length == 0 && !e.getAttribute('aria-label'))
			.map(e => 'no label: ' + e.outerHTML.slice(0, 80)),
		...[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, i, all) => all.indexOf(id) != i).map(id => 'id used twice: ' + id),
		...[...document.querySelectorAll('button,a,h1:not(.unseen),dt,dd,.badge,.state,th')].filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).display != 'inline')
			.map(e => 'cut: ' + e.outerHTML.slice(0, 80)),
	]`) {
		w.t.Errorf("%s: %s", page, bad)
	}
	w.keep(page)
}

func (w *window) keep(page string) {
	w.t.Helper()
	if *shots == "" {
		return
	}
	picture, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(*shots, page+"-"+w.screen.Name+".png"), picture, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// whole keeps a picture of all of a page that is longer than the screen.
func (w *window) whole(page string) {
	w.t.Helper()
	if *shots == "" {
		return
	}
	picture, err := chromedp.Run(w.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.WriteFile(filepath.Join(*shots, page+"-"+w.screen.Name+".png"), picture, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// quiet fails the test when the browser complained.
func (w *window) quiet() {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.complaints {
		w.t.Errorf("the browser complains: %s", c)
	}
}
