package papers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
)

// The page shuts nobody out (WCAG 2.1 AA, by axe), fits a phone and a desk, and asks nobody else for anything.
func TestBrowserFindsThePageForEverybody(t *testing.T) {
	axe, window := browsertest.Axe(t), browsertest.Start(t)
	in := sample(t, 300)
	in.PublicURL = ""
	all := map[string][]byte{}
	for _, language := range Languages() {
		all["/"+language] = made(t, in, Name(language, "html"))
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", typeHTML)
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-eval'")
		_, _ = w.Write(all[r.URL.Path])
	}))
	t.Cleanup(server.Close)
	for language, screen := range map[string]browsertest.Screen{"zh": browsertest.Phone, "en": browsertest.Desktop} {
		tab := window(t, screen)
		err := chromedp.Do(tab, chromedp.Navigate(server.URL+"/"+language), chromedp.Evaluate[chromedp.Void](axe+";"+axeRun),
			chromedp.Poll[chromedp.Void]("window.axeFound !== null"))
		if err != nil {
			t.Fatal(err)
		}
		found, wide := ask[[]string](t, tab, "window.axeFound"), ask[int64](t, tab, "document.documentElement.scrollWidth")
		if len(found) > 0 {
			t.Errorf("%s, %s: %s", screen.Name, language, strings.Join(found, "\n"))
		}
		if wide > screen.Width {
			t.Errorf("%s, %s: the page is %d pixels wide, the screen %d", screen.Name, language, wide, screen.Width)
		}
	}
}

const axeRun = `window.axeFound = null
axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
	.then(r => { window.axeFound = (r.passes.length < 10 ? ['axe tried next to nothing'] : []).concat(r.violations.flatMap(v => v.nodes.map(n => v.id + ': ' + n.target + ' ' + n.failureSummary))) }); 0`

func ask[T any](t *testing.T, tab context.Context, script string) T {
	t.Helper()
	answer, err := chromedp.Run(tab, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatal(err)
	}
	return answer
}
