package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// hidden finds a hidden field that a form of a browser without scripts would send back.
func hidden(t *testing.T, page, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no hidden field %s in %s", name, page)
	}
	return m[1]
}

// Without a script: the page says how long to wait and what to do instead, keeps all that was typed, and sending it
// again after that files it, once.
func TestSlowedFormKeepsEverything(t *testing.T) {
	d := open(t)
	d.counts.Set(map[string]int{"BL01": 40}, nil)
	page := d.get(t, "/?p=BL01&lang=en")
	form := url.Values{
		"kind": {"complaint"}, "category": {"ticketing"}, "spot": {"BL01"}, "text": {"窗口只开了一个"}, "wish": {"加开窗口"},
		"name": {"游客"}, "phone": {"13800001234"}, "publishable": {"yes"},
	}
	for _, name := range []string{"key", "opened", "proof"} {
		form.Set(name, hidden(t, page.body, name))
	}
	d.now = d.now.Add(10 * time.Second)
	slowed := d.post(t, "/file?lang=en", form)
	if slowed.status != http.StatusTooManyRequests || slowed.header.Get("Retry-After") != "30" {
		t.Errorf("got %d, retry after %s", slowed.status, slowed.header.Get("Retry-After"))
	}
	for _, want := range []string{
		"Not sent yet", "wait 30 seconds", "tel:12345", "visitors&#39; book", "窗口只开了一个", "加开窗口", "13800001234", `name="publishable" value="yes"`,
	} {
		if !strings.Contains(slowed.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if key := hidden(t, slowed.body, "key"); key != form.Get("key") {
		t.Errorf("another key: the filing would be made twice")
	}
	form.Set("proof", hidden(t, slowed.body, "proof"))
	d.now = d.now.Add(10 * time.Second)
	if early := d.post(t, "/file?lang=en", form); early.status != http.StatusTooManyRequests {
		t.Errorf("sent too early: %d", early.status)
	}
	d.now = d.now.Add(20 * time.Second)
	for range 2 {
		if receipt := d.post(t, "/file?lang=en", form); receipt.status != http.StatusOK || !strings.Contains(receipt.body, "WX-") {
			t.Errorf("after waiting: %d", receipt.status)
		}
	}
	if len(d.store.tickets) != 1 {
		t.Errorf("%d tickets", len(d.store.tickets))
	}
}

// A field that people do not see is met with work, not with silence: a browser that fills in everything by itself must
// not lose what its visitor wrote.
func TestTrapSlowsAndLosesNothing(t *testing.T) {
	d := open(t)
	form := url.Values{"key": {"0123456789abcdef"}, "kind": {"complaint"}, "category": {"ticketing"}, "text": {"排队"}, "homepage": {"https://example.cn"}}
	slowed := d.post(t, "/file", form)
	if slowed.status != http.StatusTooManyRequests || !strings.Contains(slowed.body, "排队") || strings.Contains(slowed.body, "example.cn") {
		t.Errorf("got %d", slowed.status)
	}
	form.Del("homepage") // the page came back with it empty
	if receipt := d.post(t, "/file", form); receipt.status != http.StatusOK {
		t.Errorf("got %d", receipt.status)
	}
}
