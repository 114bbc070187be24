// Package browsertest opens windows of a real browser, Debian's Chromium, for tests.
package browsertest

import (
	"context"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Screen is a device people use.
type Screen struct {
	Name          string
	Width, Height int64 // CSS pixels
	Touch         bool
}

// The screens that pages are tried on.
var (
	Phone   = Screen{"phone", 360, 740, true}
	Desktop = Screen{"desktop", 1440, 900, false}
)

// Start starts Chromium once for a test; each call of the result opens a window in it, with cookies
// and storage of its own and two minutes for all it does. Without Chromium the test fails and says how to install it.
func Start(t *testing.T) func(*testing.T, Screen) context.Context {
	t.Helper()
	program := find()
	if program == "" {
		t.Fatal("the browser tests need Chromium; install it with: sudo apt-get install chromium (macOS: brew install --cask chromium)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(ctx)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", program, err)
	}
	return func(t *testing.T, s Screen) context.Context {
		t.Helper()
		return window(t, ctx, s)
	}
}

// Patience is how long a test waits for a page to do something. Waiting ends as soon as it has; only a page that never
// does it, or a machine with much else to do, comes near it.
const Patience = time.Minute

func find() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	return ""
}

func window(t *testing.T, browser context.Context, s Screen) context.Context {
	t.Helper()
	tab, closeTab := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	if err := chromedp.Do(tab); err != nil {
		t.Fatal(err)
	}
	tab, cancel := context.WithTimeout(tab, 5*time.Minute)
	t.Cleanup(cancel)
	_, err := chromedp.Call(tab, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: s.Width, Height: s.Height, DeviceScaleFactor: 1, Mobile: s.Touch,
	})
	if err != nil {
		t.Fatal(err)
	}
	return tab
}
