package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"steledesk/events/golden"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// stranger is what a browser sends, or somebody who writes to the site by hand. {number} and {code} in it stand for those
// of the one ticket there is. Cookie and file are sealed by the desk's own keys when sealed is set: what they may hold
// then is what an older version wrote, or one that was wrong.
type stranger struct {
	which                     byte
	sealed                    bool
	kind, body, query, cookie string
	param                     string
}

// event is the call as API Gateway hands it on.
func (s stranger) event(routes []string, d *desk, number, code string) events.APIGatewayV2HTTPRequest {
	known := strings.NewReplacer("{number}", number, "{code}", code)
	r := events.APIGatewayV2HTTPRequest{
		RouteKey: routes[int(s.which)%len(routes)], Body: known.Replace(s.body), RawQueryString: s.query, QueryStringParameters: map[string]string{},
		Headers: map[string]string{"content-type": s.kind, "host": "desk.example.cn", "sec-fetch-site": "same-origin"},
	}
	_, r.RawPath, _ = strings.Cut(r.RouteKey, " ")
	r.RequestContext.HTTP.Path = r.RawPath
	r.RequestContext.TimeEpoch = d.now.UnixMilli()
	values, _ := url.ParseQuery(known.Replace(s.query)) // what cannot be read is left out, as the gateway does
	for name, all := range values {
		r.QueryStringParameters[name] = strings.Join(all, ",")
	}
	cookie, param := known.Replace(s.cookie), known.Replace(s.param)
	if s.sealed {
		cookie, param = d.site.desk.Keys.SealToken(cookie, mineCookie), d.site.desk.Keys.SealToken(param, "calendar")+".ics"
	}
	r.Cookies = []string{mineCookie + "=" + cookie}
	r.PathParameters = map[string]string{"file": param, "command": s.param}
	return r
}

// seeds are what the pages themselves send, and what they do not.
func seeds(f *testing.F, routes []string) []stranger {
	which := func(route string) byte {
		i, known := slices.BinarySearch(routes, route)
		if !known {
			f.Fatalf("%s is no route", route)
		}
		return byte(i)
	}
	var filed events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(golden.Payload(f, "site/file"), &filed); err != nil {
		f.Fatal(err)
	}
	form, err := base64.StdEncoding.DecodeString(filed.Body)
	if err != nil {
		f.Fatal(err)
	}
	multi := "--b\r\nContent-Disposition: form-data; name=\"number\"\r\n\r\n{number}\r\n--b\r\nContent-Disposition: form-data; name=\"code\"\r\n\r\n{code}\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n0123456789abcdef\r\n--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"../../a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n\xff\xd8\xff\r\n--b--\r\n"
	all := []stranger{
		{which: which("POST /file"), kind: urlencoded, body: string(form)},
		{which: which("POST /file"), kind: urlencoded, body: string(form), query: "again=1&lang=en&elder=1"},
		{which: which("POST /file"), kind: urlencoded, body: "kind=complaint&category=queueing&text=x&key=0123456789abcdef&happenedAt=9999-12-31T23:59"},
		{which: which("POST /file"), kind: urlencoded, body: "kind=report&happenedAt=0000-1-1&phone=x&photos=../HEAD&proof=:&opened=-1."},
		{which: which("POST /file"), kind: "multipart/form-data; boundary=b", body: multi},
		{which: which("POST /verify"), kind: urlencoded, body: "receipt=https://elsewhere.example/?r=R1.a.b&text=<script>alert(1)</script>"},
		{which: which("GET /verify"), query: "r=R1.........&lang=ja"},
		{which: which("GET /"), query: "p=BL01&shell=1", sealed: true, cookie: `[{"n":"{number}","k":"complaint","f":1795395600}]`},
		{which: which("GET /follow"), query: "n={number}", sealed: true, cookie: `[{"n":"<script>alert(1)</script>","k":"x","f":-9223372036854775808,"s":true},null]`},
		{which: which("POST /mine/forget"), kind: urlencoded, body: "number={number}", sealed: true, cookie: `[{"Number":"{number}"}]`},
		{which: which("GET /calendar/{file}"), sealed: true, param: "{number} 20261130"},
		{which: which("GET /calendar/{file}"), sealed: true, param: "x\r\nSet-Cookie: mine=x 99991231"},
		{which: which("GET /calendar/{file}"), sealed: true, param: "\n 99991231"}, // what named the file was no number: its head had two lines
		{which: which("GET /calendar/{file}"), param: "../../x.ics"},
	}
	for _, command := range []string{"message", "supply", "rating", "reopen", "withdraw", "contact", "contact-delete", "../withdraw"} {
		all = append(all,
			stranger{which: which("POST /follow/{command}"), param: command, kind: urlencoded, body: "number={number}&code={code}&key=0123456789abcdef&text=x&solved=yes&level=5&name=x&phone=13800001234"},
			stranger{which: which("POST /follow/{command}"), param: command, kind: "multipart/form-data; boundary=b", body: multi})
	}
	for i := range routes {
		all = append(all, stranger{which: byte(i), kind: urlencoded, body: "number={number}&code={code}"}, stranger{which: byte(i), kind: urlencoded, body: "%zz&=&;"})
	}
	return all
}

// FuzzPages: whatever is sent to the visitors' pages is answered, and never as the desk's own fault; no answer leads to
// another site, and what was written comes back as text.
func FuzzPages(f *testing.F) {
	routes := slices.Sorted(maps.Keys((&site{}).routes()))
	for _, s := range seeds(f, routes) {
		f.Add(s.which, s.sealed, s.kind, s.body, s.query, s.cookie, s.param)
	}
	f.Fuzz(func(t *testing.T, which byte, sealed bool, kind, body, query, cookie, param string) {
		d := &desk{store: &memory{tickets: map[string]*kept{}}, log: new(bytes.Buffer), uploads: map[string]int{}, now: visitortest.Nine.Add(time.Hour)}
		d.site = &site{desk: visitortest.Desk(d.store), gate: visitortest.Gate(&d.counts), log: slog.New(slog.NewJSONHandler(d.log, nil)), photos: d}
		filed := visitortest.File(t, d.site.desk, visitortest.Complaint())
		s := stranger{which, sealed, kind, body, query, cookie, param}
		out, err := d.site.serve(t.Context(), s.event(routes, d, filed.Number, filed.Code))
		if err != nil || out.StatusCode < 200 || out.StatusCode >= 500 {
			t.Errorf("%d, %v; log %s", out.StatusCode, err, d.log.String())
		}
		if to := out.Headers["location"]; to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.HasPrefix(to, `/\`)) {
			t.Errorf("leads to %s", to)
		}
		if strings.Contains(out.Body, "<script>alert") {
			t.Error("what was written runs")
		}
		for _, line := range slices.Concat(out.Cookies, slices.Collect(maps.Values(out.Headers))) {
			if strings.ContainsAny(line, "\r\n") {
				t.Errorf("a header of two lines: %q", line)
			}
		}
	})
}

// FuzzLocalTime: a time that people type is read, or said to be none; what is read is written and read again the same.
func FuzzLocalTime(f *testing.F) {
	for _, seed := range []string{"", "2026-11-23T09:00", "2026/1/2 9：05", "2026-11-23", "9999-12-31 23:59:59", "0000-1-1", "-1-1-1", "2026-02-30", "\x00", "２０２６-11-23"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, readable := localTime(text)
		if !readable || at.IsZero() {
			return
		}
		if again, ok := localTime(at.In(ticket.Zone).Format("2006-01-02 15:04:05")); !ok || !again.Equal(at.Truncate(time.Second)) {
			t.Errorf("%q is %v, and again %v, %v", text, at, again, ok)
		}
	})
}
