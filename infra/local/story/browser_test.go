package story

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
)

// go test ./infra/local/story -run Browser -shots DIR keeps pictures of the pages.
var shots = flag.String("shots", "", "folder for pictures of the pages the browser test passes")

var numberOnPage = regexp.MustCompile(`WX-[0-9A-Z]{8}`)

// The main job as a person does it: a complaint about ticketing at 浯溪碑林, filed on a phone, and
// what became of it on the console.
func TestBrowserFilesAndTheConsoleTells(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	window := browsertest.Start(t)
	phone := window(t, browsertest.Phone)
	do(t, phone,
		chromedp.Navigate(d.URL()+"/?p=BL01&lang=zh"),
		chromedp.Click(chromedp.CSS(`input[value=complaint]`)),
		chromedp.Click(chromedp.CSS(`input[value=ticketing]`)))
	keep(t, phone, "form")
	do(t, phone,
		chromedp.Click(chromedp.CSS(`#what [data-next]`)), chromedp.Click(chromedp.CSS(`#where [data-next]`)),
		chromedp.SendKeys(chromedp.CSS(`#form-text`), "窗口只开了一个，排队近一小时。"))
	leave(t, phone, chromedp.Click(chromedp.CSS(`.send button:not([type])`)))
	receipt := read(t, phone)
	keep(t, phone, "receipt")
	number := numberOnPage.FindString(receipt)
	for _, want := range []string{number, "查询码", "票务科", "前答复"} {
		if want == "" || !strings.Contains(receipt, want) {
			t.Errorf("the receipt lacks %q:\n%s", want, receipt)
		}
	}
	leave(t, phone, chromedp.Click(chromedp.CSS(`.send button`)))
	if page := read(t, phone); !strings.Contains(page, "待签收") || !strings.Contains(page, "排队近一小时") {
		t.Errorf("following shows:\n%s", page)
	}
	keep(t, phone, "ticket")

	d.until("the group is told", func() bool { return len(d.heard("ticketing", number)) == 1 })
	desktop := window(t, browsertest.Desktop)
	do(t, desktop, chromedp.Navigate(d.URL()+"/local"))
	console := read(t, desktop)
	keep(t, desktop, "console")
	for what, want := range map[string]string{
		"the bot's text":                        "新工单 · " + number,
		"the message in the section's queue":    `"ticket": "` + number + `"`,
		"the queue's name":                      "steledesk-section-ticketing",
		"the function that carried the message": "steledesk-dispatch",
		"the place in the message, by its id":   `"spot": "BL01"`,
		"the section in the message, by its id": `"section": "ticketing"`,
	} {
		if !strings.Contains(console, want) {
			t.Errorf("the console lacks %s, %q:\n%s", what, want, console)
		}
	}
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("%v; the page says:\n%s", err, read(t, ctx))
	}
}

// leave takes a step that leads to another page.
func leave(t *testing.T, ctx context.Context, step chromedp.Action[chromedp.Void]) {
	t.Helper()
	limit, cancel := context.WithTimeout(ctx, browsertest.Patience)
	defer cancel()
	if _, err := chromedp.RunResponse(limit, step); err != nil {
		t.Fatalf("%v; the page says:\n%s", err, read(t, ctx))
	}
}

// read gives what a person reads on the page.
func read(t *testing.T, ctx context.Context) string {
	t.Helper()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`))
	if err != nil {
		t.Error(err)
	}
	return text
}

func keep(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	if *shots == "" {
		return
	}
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`scrollTo(0, 0)`))
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(*shots, name+".png"), picture, 0o600)
	}
	if err != nil {
		t.Error(err)
	}
}
