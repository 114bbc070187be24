package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"steledesk/shared/openapi/openapitest"
)

// TestWhatAVisitorWroteIsInNoAddressAndNoLog plays every kind of call, right and wrong, and looks
// for what must not leave the pages.
func TestWhatAVisitorWroteIsInNoAddressAndNoLog(t *testing.T) {
	d := open(t)
	const text, name, phone = "只有当事人知道的事", "李四", "13900001111"
	private := matter("text", text, "name", name, "phone", phone)
	a := d.post(t, "/file", private)
	number, code := onPage(t, numberOnPage, a), onPage(t, codeOnPage, a)
	opener := url.Values{"number": {number}, "code": {code}}
	pages := []answer{
		a, d.post(t, "/file", with(private, "kind", "none")), d.post(t, "/follow", opener),
		d.post(t, "/follow/message", with(opener, "text", text)), d.post(t, "/follow/supply", with(opener, "text", text)),
		d.post(t, "/follow/message", with(opener, "text", "", "code", "00000-00000")), d.get(t, "/follow?n="+number),
	}
	d.store.fail = http.ErrServerClosed
	pages = append(pages, d.post(t, "/file", with(private, "key", newKey())), d.post(t, "/follow", opener))
	address := regexp.MustCompile(`(?:href|action|src)="([^"]*)"`)
	for i, p := range pages {
		for _, found := range address.FindAllStringSubmatch(p.body, -1) {
			if holdsAny(found[1], code, strings.ReplaceAll(code, "-", ""), text, name, phone) {
				t.Errorf("page %d has an address that tells: %s", i, found[1])
			}
		}
		if p.header.Get("Cache-Control") != "no-store" || p.header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("page %d may be kept or told of: %v", i, p.header)
		}
		for _, c := range p.header.Values("Set-Cookie") { // sealed, for this desk's eyes only
			if !strings.HasPrefix(c, "mine=") || !strings.Contains(c, "; HttpOnly; Secure; SameSite=Lax") || holdsAny(c, number, code, text, name, phone) {
				t.Errorf("page %d sets the cookie %s", i, c)
			}
		}
	}
	if holdsAny(d.log.String(), code, text, name, phone) {
		t.Errorf("the log tells:\n%s", d.log)
	}
	if !strings.Contains(d.log.String(), `"level":"ERROR"`) {
		t.Error("the operator is not told of the table's failure")
	}
}

func holdsAny(where string, what ...string) bool {
	where, _ = url.QueryUnescape(where)
	for _, w := range what {
		if strings.Contains(where, w) {
			return true
		}
	}
	return false
}

var ownScript = regexp.MustCompile(`<script type="(?:module" src="/assets/[a-z0-9.-]+\.js">|application/json" id="words">[^<]*)</script>`)

// foreignScript reports whether a page has a script that is no file of ours, and not the words of those, which are data.
func foreignScript(body string) bool {
	return strings.Contains(strings.ToLower(ownScript.ReplaceAllString(body, "")), "<script")
}

// TestThePolicyLetsNothingElseIn: one style sheet by its sum, and no script but our own files.
func TestThePolicyLetsNothingElseIn(t *testing.T) {
	d := open(t)
	for _, a := range []answer{d.get(t, "/"), d.get(t, "/follow"), d.post(t, "/file", matter()), d.post(t, "/file", nil)} {
		policy := a.header.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'sha256-", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("status %d: policy %q lacks %s", a.status, policy, want)
			}
		}
		if strings.Contains(policy, "unsafe") || foreignScript(a.body) || strings.Contains(a.body, " style=") {
			t.Errorf("status %d: the page needs more than its policy allows", a.status)
		}
		if len(a.body) > 60_000 {
			t.Errorf("a page of %d bytes, want 60,000 at most: signals are bad in the gorge", len(a.body))
		}
	}
}

func TestAFormOfAnotherKindIsRefused(t *testing.T) {
	d := open(t)
	response, err := d.Client().Post(d.URL+"/file?lang=en", "application/json", strings.NewReader(`{"kind":"complaint"}`))
	if a := readAnswer(t, response, err); a.status != http.StatusUnsupportedMediaType || !strings.Contains(a.body, "fill in the form") {
		t.Errorf("status %d:\n%s", a.status, a.body)
	}
}

func TestTheDescriptionAndTheHealthAreServed(t *testing.T) {
	d := open(t)
	d.store.fail = http.ErrServerClosed // health asks nothing of the table
	if a := d.get(t, "/healthz"); a.body != `{"status":"ready"}` {
		t.Errorf("healthz: status %d, %s", a.status, a.body)
	} else {
		openapitest.Check(t, "GET", "/healthz", a.status, a.header, []byte(a.body))
	}
	if a := d.get(t, "/openapi.json"); a.status != http.StatusOK || !strings.Contains(a.body, `"3.1.0"`) {
		t.Errorf("openapi.json: status %d", a.status)
	}
}
