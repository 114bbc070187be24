package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// send makes a call with headers of a stranger's choice.
func (d *desk) send(t *testing.T, method, path, kind, body string, header ...string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, d.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", kind)
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := d.Client().Do(request)
	return readAnswer(t, response, err)
}

const urlencoded = "application/x-www-form-urlencoded"

// Whoever guesses the key of another's filing learns neither its number nor its code; nor does a second tab lose what it wrote.
func TestAGuessedKeyGivesNothingAway(t *testing.T) {
	d := open(t)
	mine := complaintForm()
	mine.Set("text", "只有我知道的话")
	filed := d.post(t, "/file", mine)
	number, code := onPage(t, numberOnPage, filed), onPage(t, codeOnPage, filed)
	guess := complaintForm() // the same key
	guess.Set("text", "别的话")
	a := d.post(t, "/file", guess)
	if a.status != http.StatusConflict || strings.Contains(a.body, number) || strings.Contains(a.body, code) || strings.Contains(a.body, mine.Get("text")) {
		t.Errorf("status %d, or the page tells of the other filing", a.status)
	}
	if !strings.Contains(a.body, "别的话") || hidden(t, a.body, "key") == formKey {
		t.Error("what the second tab wrote is gone, or can never be sent")
	}
}

// What is sealed for one purpose opens nothing else: the phone's list is no calendar entry, and the other way round.
func TestSealedThingsServeOnePurpose(t *testing.T) {
	d := open(t)
	filed := d.send(t, "POST", "/file", urlencoded, complaintForm().Encode(), "Sec-Fetch-Site", "same-origin")
	number := onPage(t, numberOnPage, filed)
	var cookie string
	for _, line := range filed.header.Values("Set-Cookie") {
		if value, is := strings.CutPrefix(line, "mine="); is {
			cookie, _, _ = strings.Cut(value, ";")
		}
	}
	_, calendar, there := strings.Cut(filed.body, `href="/calendar/`)
	calendar, _, _ = strings.Cut(calendar, ".ics")
	if cookie == "" || !there {
		t.Fatal("the receipt brings no cookie or no calendar")
	}
	if a := d.get(t, "/calendar/"+cookie+".ics"); a.status != http.StatusNotFound {
		t.Errorf("the list as a calendar: status %d", a.status)
	}
	opener := url.Values{"number": {number}}.Encode()
	if a := d.send(t, "POST", "/follow", urlencoded, opener, "Cookie", "mine="+cookie); a.status != http.StatusOK {
		t.Fatalf("the phone's own list opens nothing: status %d", a.status)
	}
	for _, forged := range []string{calendar, cookie[1:], cookie + "A", "", `"` + cookie + `"x`} {
		if a := d.send(t, "POST", "/follow", urlencoded, opener, "Cookie", "mine="+forged); a.status == http.StatusOK {
			t.Errorf("the cookie %.12s… opens the ticket", forged)
		}
	}
}

// Another site's form reads nothing it could show, changes nothing on a ticket and nothing on the phone, whatever cookies come along.
func TestAnotherSitesFormChangesNothing(t *testing.T) {
	d := open(t)
	filed := d.send(t, "POST", "/file", urlencoded, complaintForm().Encode(), "Sec-Fetch-Site", "same-origin")
	number, cookies := onPage(t, numberOnPage, filed), filed.header.Values("Set-Cookie")
	cookie, _, _ := strings.Cut(cookies[len(cookies)-1], ";")
	form := url.Values{"number": {number}, "text": {"撤回"}, "solved": {"no"}, "level": {"1"}, "name": {"x"}, "phone": {"13900000000"}, "key": {newKey()}}.Encode()
	for _, path := range []string{
		"/follow", "/receipt", "/mine/saved", "/mine/keep", "/mine/forget", "/follow/message", "/follow/supply", "/follow/rating",
		"/follow/reopen", "/follow/withdraw", "/follow/contact", "/follow/contact-delete",
	} {
		a := d.send(t, "POST", path, urlencoded, form, "Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.example")
		for _, line := range a.header.Values("Set-Cookie") {
			if strings.HasPrefix(line, "mine=") {
				t.Errorf("%s changes what the phone keeps: %.40s", path, line)
			}
		}
		if a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s may be read elsewhere", path)
		}
	}
	stored, err := d.store.Ticket(t.Context(), number)
	if err != nil || len(stored.Records) != 1 {
		t.Errorf("%d events, %v; want the filing alone", len(stored.Records), err)
	}
}

// Markup, line breaks and addresses in anything a stranger may write into a link or a field come back as text, in no header and in no script.
func TestWhatStrangersWriteIsText(t *testing.T) {
	d := open(t)
	// Where an answer leads is looked at, not gone to: at the end of a way there is no Location any more.
	d.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if a := d.get(t, "/file?lang=en"); a.status != http.StatusSeeOther || a.header.Get("Location") == "" {
		t.Fatalf("status %d and Location %q: nothing here could be found to lead elsewhere", a.status, a.header.Get("Location"))
	}
	evil := "\"'><script>alert(1)</script><img src=x onerror=alert(1)>\r\nSet-Cookie: mine=x\r\nLocation: //elsewhere.example"
	q := url.QueryEscape(evil)
	for _, path := range []string{"/?p=" + q, "/follow?n=" + q, "/verify?r=" + q, "/?lang=" + q, "/?elder=" + q, "/about?lang=" + q, "/calendar/" + url.PathEscape(evil), "/follow/" + url.PathEscape(evil), "/file?lang=" + q, "/file?elder=" + q, "/follow/message?lang=" + q, "/receipt?lang=" + q, "/mine/saved?lang=" + q} {
		d.harmless(t, path, d.get(t, path))
	}
	form := url.Values{}
	for _, name := range []string{"key", "kind", "category", "spot", "scanned", "text", "wish", "happenedAt", "name", "phone", "number", "code", "photos", "opened", "proof", "receipt", "solved", "level"} {
		form.Set(name, evil)
	}
	for _, path := range []string{"/file", "/file?again=1", "/follow", "/follow/message", "/follow/contact", "/receipt", "/verify", "/mine/saved", "/mine/forget"} {
		d.harmless(t, path, d.post(t, path, form))
	}
	good := complaintForm()
	good.Set("text", "<script>alert(1)</script><img src=x onerror=alert(1)> {{.Code}} ${7*7}")
	good.Set("wish", "<svg onload=alert(1)>")
	filed := d.post(t, "/file", good)
	d.harmless(t, "the receipt", filed)
	opener := url.Values{"number": {onPage(t, numberOnPage, filed)}, "code": {onPage(t, codeOnPage, filed)}}
	d.harmless(t, "the ticket", d.post(t, "/follow", opener))
}

func (d *desk) harmless(t *testing.T, where string, a answer) {
	t.Helper()
	for _, live := range []string{"<script>alert", "<img src=x", "<svg onload"} {
		if strings.Contains(a.body, live) {
			t.Errorf("%s: the page holds %s", where, live)
		}
	}
	if to := a.header.Get("Location"); to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`) || strings.Contains(to, "elsewhere")) {
		t.Errorf("%s leads to %s", where, to)
	}
	for _, line := range a.header.Values("Set-Cookie") {
		if strings.Contains(line, "mine=x") {
			t.Errorf("%s sets %s", where, line)
		}
	}
	if a.status >= 500 {
		t.Errorf("%s: status %d", where, a.status)
	}
}

// Bodies that are no form, or a thousand times one, are refused in words; nothing is stored and nothing breaks.
func TestOddBodiesAreRefused(t *testing.T) {
	d := open(t)
	parts := strings.Repeat("--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nx\r\n", 20_000) + "--b--\r\n"
	for name, c := range map[string]struct{ kind, body string }{
		"JSON":                {"application/json", `{"text":"x"}`},
		"plain text":          {"text/plain", "kind=complaint"},
		"no boundary":         {"multipart/form-data", "--b\r\n"},
		"an endless boundary": {"multipart/form-data; boundary=" + strings.Repeat("b", 200), "x"},
		"cut off":             {"multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nx"},
		"many parts":          {"multipart/form-data; boundary=b", parts},
		"bad escapes":         {urlencoded, "text=%zz&key=%"},
		"many fields":         {urlencoded, strings.Repeat("a=b&", 20_000)},
	} {
		for _, path := range []string{"/file", "/follow", "/follow/message", "/verify", "/mine/forget"} {
			a := d.send(t, "POST", path, c.kind, c.body)
			if a.status < 400 || a.status >= 500 || !strings.Contains(a.header.Get("Content-Type"), "text/html") {
				t.Errorf("%s to %s: status %d, %s", name, path, a.status, a.header.Get("Content-Type"))
			}
		}
	}
	if n := d.store.count(); n != 0 {
		t.Error(fmt.Sprint(n, " tickets"))
	}
}
