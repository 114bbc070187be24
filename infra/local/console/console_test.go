package console

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// full is a status with everything in it, and the texts as long as they get.
func full() Status {
	at := time.Date(2026, 5, 1, 9, 30, 0, 0, time.UTC)
	long := strings.Repeat("浯溪碑林", 20)
	s := Status{
		Now: at, Shifted: true, Stack: "steledesk", Region: "us-east-1",
		Addresses: []Address{{"游客页面", "Visitors' page", "http://127.0.0.1:8080/"}},
		Functions: []Function{{
			Name: "steledesk-notify", Invocations: 12, Errors: 1, LastError: "Runtime.ExitError: " + long,
			LastErrorAt: at, Lines: []Line{{at, `{"level":"INFO","msg":"` + long + `"}`}},
		}},
		Queues:    []Queue{{Name: "steledesk-section-gardens", Visible: 3, Oldest: at, Messages: []QueuedMessage{{"id-1", at, 2, false, `{"ticket":"WX-7K3FQ2MK"}`}}}},
		Mappings:  []Mapping{{ID: "M", Source: "steledesk-section-gardens", Function: "steledesk-notify", Ready: true, Batches: 4, Records: 9}},
		Schedules: []Schedule{{ID: "S", Function: "steledesk-deadline", Expression: "rate(5 minutes)", Next: at}},
		Bots:      []Message{{At: at, Kind: "wecom", Section: "gardens", Text: "新诉求 <b>WX-7K3FQ2MK</b>\n" + long}},
		Mails:     []Mail{{At: at, From: "desk@example.cn", To: []string{"a@example.cn", "b@example.cn"}, Subject: "新诉求", Text: long}},
		Buckets:   []Bucket{{Name: "photos", Objects: []Object{{"uploads/" + strings.Repeat("a", 120), 2048, at}}}},
		Tables:    []Table{{"steledesk", 42, "ttl"}},
		Declared:  []Declared{{"A", "AWS::CloudWatch::Alarm", "steledesk-dead-letters"}},
		Problems:  []string{"count queue: refused"},
	}
	return s
}

func handler(t *testing.T, s Status) *Handler {
	t.Helper()
	h, err := New(func(context.Context) Status { return s }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func get(t *testing.T, h *Handler, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w
}

func TestPage(t *testing.T) {
	page := get(t, handler(t, full()), "/local").Body.String()
	for _, want := range []string{
		"2026-05-01 17:30:00",                // the desk's time, not the machine's
		"新诉求 &lt;b&gt;WX-7K3FQ2MK&lt;/b&gt;", // what a visitor wrote is text
		"企业微信 WeCom", "steledesk-section-gardens", "desk@example.cn → a@example.cn, b@example.cn", "2.0 KB",
		`content="5"`, "时钟已调", "count queue: refused", "&#34;ticket&#34;: &#34;WX-7K3FQ2MK&#34;",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("page lacks %q", want)
		}
	}
	if strings.Contains(page, "<script") || strings.Contains(page, "style=") {
		t.Error("page holds what its own policy forbids")
	}
}

func TestRefresh(t *testing.T) {
	h := handler(t, Status{})
	for path, want := range map[string]bool{"/local": true, "/local?refresh=0": false, "/local?refresh=x": true, "/local?refresh=60": true} {
		if got := strings.Contains(get(t, h, path).Body.String(), "http-equiv"); got != want {
			t.Errorf("%s refreshes: %t, want %t", path, got, want)
		}
	}
}

func TestStatus(t *testing.T) {
	w := get(t, handler(t, full()), "/local/status.json")
	var got Status
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Functions[0].Invocations != 12 || got.Queues[0].Visible != 3 || !got.Now.Equal(full().Now) {
		t.Errorf("got %+v", got)
	}
}

func TestHeadersAndOtherPaths(t *testing.T) {
	h := handler(t, Status{})
	for path, want := range map[string]int{"/local": 200, "/local/console.css": 200, "/local/other": 404} {
		w := get(t, h, path)
		if w.Code != want || w.Header().Get("Content-Security-Policy") != policy {
			t.Errorf("%s: status %d, policy %q; want %d", path, w.Code, w.Header().Get("Content-Security-Policy"), want)
		}
	}
}

// The page must not be wider than a phone's screen, whatever it shows.
func TestFitsScreens(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
		}
	}
	if browser == "" {
		t.Fatal("this test needs Chromium; install it with: sudo apt-get install chromium")
	}
	server := httptest.NewServer(handler(t, full()))
	defer server.Close()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	for _, width := range []int64{360, 1440} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			tab, closeTab := chromedp.NewContext(allocator)
			defer closeTab()
			tab, cancel := context.WithTimeout(tab, time.Minute)
			defer cancel()
			if err := chromedp.Do(tab, chromedp.EmulateViewport(width, 800), chromedp.Navigate(server.URL+"/local?refresh=0")); err != nil {
				t.Fatal(err)
			}
			wide, err := chromedp.Run(tab, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
			if err != nil {
				t.Fatal(err)
			}
			picture, err := chromedp.Run(tab, chromedp.FullScreenshot(100))
			if err != nil {
				t.Fatal(err)
			}
			if wide > width {
				t.Errorf("page is %d px wide on a screen of %d", wide, width)
			}
			keep(t, fmt.Sprintf("console-%d.png", width), picture)
		})
	}
}

// keep writes a picture where STELEDESK_PICTURES says, for people to look at.
func keep(t *testing.T, name string, picture []byte) {
	folder := os.Getenv("STELEDESK_PICTURES")
	if folder == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(folder, name), picture, 0o644); err != nil {
		t.Error(err)
	}
}
