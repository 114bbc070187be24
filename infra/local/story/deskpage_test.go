package story

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/ticket"
)

// A clerk on a phone takes a complaint from the queue to its answer, and the office at its desk approves it: the page
// over the real API, as each of them works with it.
func TestBrowserAtTheDesk(t *testing.T) {
	t.Parallel()
	d := open(t, nil)
	d.hire("page-clerk", ticket.SectionStaff, "ticketing")
	d.hire("page-office", ticket.OfficeStaff)
	number := d.file(rand.Text(), complaint).Number
	window := browsertest.Start(t)

	clerk := window(t, browsertest.Phone)
	complaints := listen(t, clerk)
	enter(t, clerk, d, "page-clerk")
	wait(t, clerk, `[...document.querySelectorAll('#rows .row')].some(r => r.innerText.includes('`+number+`'))`)
	keep(t, clerk, "desk-queue")
	do(t, clerk, chromedp.Evaluate[chromedp.Void](`location.hash = '#/t/`+number+`'`))
	press(t, clerk, `[data-command=sign]`)
	says(t, clerk, "已签收。")
	press(t, clerk, `.contact button`)
	fill(t, clerk, `[name=reason]`, "电话核实")
	press(t, clerk, `#contact form .main`)
	wait(t, clerk, `document.querySelector('.contact a[href^="tel:1"]')`)
	press(t, clerk, `[data-command=answer]`)
	do(t, clerk, chromedp.SetValue(chromedp.CSS(`[name=outcome]`), "solved"))
	fill(t, clerk, `[name=text]`, "已增开窗口。")
	keep(t, clerk, "desk-answer")
	press(t, clerk, `form.panel .main`)
	says(t, clerk, "答复已提交。")
	keep(t, clerk, "desk-answered")

	office := window(t, browsertest.Desktop)
	heard := listen(t, office)
	enter(t, office, d, "page-office")
	if k := d.verify(number); k[len(k)-1].Data.Draft {
		do(t, office, chromedp.Evaluate[chromedp.Void](`location.hash = '#/board'`))
		wait(t, office, `[...document.querySelectorAll('.card .row')].some(r => r.innerText.includes('`+number+`'))`)
		keep(t, office, "desk-board")
		do(t, office, chromedp.Evaluate[chromedp.Void](`location.hash = '#/t/`+number+`'`))
		press(t, office, `[data-command=approve]`)
		press(t, office, `form.panel .main`)
		says(t, office, "已通过")
	}
	do(t, office, chromedp.Evaluate[chromedp.Void](`location.hash = '#/t/`+number+`'`))
	says(t, office, "已增开窗口。")
	press(t, office, `nav .language`)
	says(t, office, "What has been done")
	keep(t, office, "desk-ticket")
	if all := append(complaints(), heard()...); len(all) > 0 {
		t.Errorf("the browser complains: %q", all)
	}
}

// enter signs somebody in; the cookie of whoever was there before goes.
func enter(t *testing.T, ctx context.Context, d *desk, login string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(d.URL()+"/desk"))
	wait(t, ctx, `document.querySelector('[name=login]') || document.querySelector('.menu')`)
	do(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelectorAll('.menu .items button').forEach((b, i, all) => i == all.length - 1 && b.click())`))
	fill(t, ctx, `[name=login]`, login)
	fill(t, ctx, `[name=password]`, staffPassword)
	press(t, ctx, `form .main`)
	wait(t, ctx, `document.querySelector('#rows .row')`)
}

func press(t *testing.T, ctx context.Context, selector string) {
	t.Helper()
	wait(t, ctx, fmt.Sprintf(`document.querySelector(%q)`, selector))
	err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector)))
	for redrawn(err) && ctx.Err() == nil {
		err = chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector)))
	}
	if err != nil {
		t.Fatalf("%v; the page says:\n%s", err, read(t, ctx))
	}
}

// redrawn reports whether the page drew an element anew between its being found and its being pressed. Nothing was
// pressed then: a person would press the new one.
func redrawn(err error) bool {
	return err != nil && strings.Contains(err.Error(), "Could not find node with given id")
}

func fill(t *testing.T, ctx context.Context, selector, text string) {
	t.Helper()
	wait(t, ctx, fmt.Sprintf(`document.querySelector(%q)`, selector))
	do(t, ctx, chromedp.SendKeys(chromedp.CSS(selector), text))
}

func says(t *testing.T, ctx context.Context, words string) {
	t.Helper()
	wait(t, ctx, fmt.Sprintf(`document.body.innerText.includes(%q)`, words))
}

// wait waits for a condition in the page. The page's policy forbids the polling scripts of the driver.
func wait(t *testing.T, ctx context.Context, condition string) {
	t.Helper()
	limit, cancel := context.WithTimeout(ctx, browsertest.Patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		yes, err := chromedp.Run(limit, chromedp.Evaluate[bool](`!!(`+condition+`)`))
		if err == nil && yes {
			return
		}
		select {
		case <-limit.Done():
			t.Fatalf("never came: %s (%v); the page says:\n%s", condition, err, read(t, ctx))
		case <-tick.C:
		}
	}
}

// listen collects what scripts and policies complain of; the result gives it.
func listen(t *testing.T, ctx context.Context) func() []string {
	t.Helper()
	var mu sync.Mutex
	var all []string
	err := chromedp.Listen(ctx, func(event any) {
		said := ""
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			said = e.ExceptionDetails.Text
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
				said = strings.TrimSpace(e.Entry.Text)
			}
		}
		if said != "" {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, said)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return all
	}
}
