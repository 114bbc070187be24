package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/account"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// site is the function behind a server, with what other functions answer of signing in and of names.
func (f *function) site() *httptest.Server { return f.siteOf("supervisor") }

// siteOf is the site as somebody sees who has signed in.
func (f *function) siteOf(login string) *httptest.Server {
	token := f.token(login)
	answer := func(v any) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("content-type", "application/json")
			_ = json.NewEncoder(w).Encode(v) // a browser that has gone
		}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /v1/desk/me", answer(map[string]any{"login": login, "name": login, "roles": []string{login}, "csrf": account.CSRF(token)}))
	mux.Handle("GET /v1/catalog", answer(map[string]any{"office": map[string]string{"name": "浯溪碑林"},
		"sections": []map[string]string{{"id": "gardens", "name": "园林环卫科"}}, "spots": []map[string]string{{"id": "BL01", "name": "浯溪碑林"}}}))
	for route := range f.Routes {
		mux.HandleFunc(route, func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return // a browser that has gone
			}
			e := f.request(call{route: route, body: string(body), query: r.URL.RawQuery, params: map[string]string{"number": r.PathValue("number"), "file": r.PathValue("file"), "year": r.PathValue("year")}})
			for name := range r.Header {
				e.Headers[strings.ToLower(name)] = r.Header.Get(name)
			}
			e.Cookies = []string{"steledesk=" + token}
			out, _ := f.Serve(r.Context(), e) // its error is always nil
			for name, value := range out.Headers {
				w.Header().Set(name, value)
			}
			body = []byte(out.Body)
			if out.IsBase64Encoded {
				body, _ = base64.StdEncoding.DecodeString(out.Body) // as the function wrote it
			}
			w.WriteHeader(out.StatusCode)
			_, _ = w.Write(body)
		})
	}
	s := httptest.NewServer(mux)
	f.t.Cleanup(s.Close)
	return s
}

// On a phone: a supervisor files, is told of personal data and keeps what was typed, the section answers, and it is not settled.
func TestBrowserFilesAndIsNotSettled(t *testing.T) {
	ctx, axe := browsertest.Start(t)(t, browsertest.Phone), browsertest.Axe(t)
	f := newFunction(t)
	s := f.site()
	do := func(steps ...chromedp.Action[chromedp.Void]) {
		t.Helper()
		limited, cancel := context.WithTimeout(ctx, browsertest.Patience)
		defer cancel()
		if err := chromedp.Do(limited, steps...); err != nil {
			text, _ := chromedp.Run(ctx, chromedp.Evaluate[string](`document.body.innerText`)) // empty explains itself
			t.Fatalf("%v; the page says:\n%s", err, text)
		}
	}
	says := func(text string) {
		t.Helper()
		do(chromedp.Poll[chromedp.Void](`document.body.innerText.includes(` + quoted(text) + `)`))
	}
	fits := func(page string) {
		t.Helper()
		do(chromedp.Evaluate[chromedp.Void](axe+`;window.found=null;axe.run(document,{runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa']}).then(r=>{window.found=r.violations.flatMap(v=>v.nodes.map(n=>v.id+': '+n.target))})`),
			chromedp.Poll[chromedp.Void](`window.found !== null`))
		found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](`document.documentElement.scrollWidth > innerWidth ? window.found.concat('too wide') : window.found`))
		if err != nil || len(found) > 0 {
			t.Errorf("%s: %v, %v", page, found, err)
		}
		keep(ctx, t, page)
	}

	do(chromedp.Navigate(s.URL+"/supervise#/file"), chromedp.WaitVisible(chromedp.CSS(`textarea`)),
		chromedp.SendKeys(chromedp.CSS(`textarea`), "保洁记录空白，电话13800001234"), chromedp.Click(chromedp.CSS(`form .main`)))
	says("像是写了个人信息")
	fits("file")
	do(chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS(`textarea`)),
		chromedp.Poll[chromedp.Void](`document.querySelector('textarea').value.includes('保洁记录空白')`),
		chromedp.Evaluate[chromedp.Void](`document.querySelector('textarea').value = ''`),
		chromedp.SendKeys(chromedp.CSS(`textarea`), "保洁记录连续三天空白"), chromedp.Click(chromedp.CSS(`form .main`)))
	says("办理过程")
	fits("one")

	own, _, err := f.table.FiledBy(t.Context(), "supervisor", "", 2)
	if err != nil || len(own) != 1 {
		t.Fatalf("%d filed, %v", len(own), err)
	}
	gardens := ticket.Actor{Role: ticket.SectionStaff, Login: "rake", Section: "gardens"}
	for _, c := range []ticket.Command{
		{Name: ticket.Sign, By: gardens, Salt: "a"}, {Name: ticket.Answer, By: gardens, Outcome: ticket.OutcomeSolved, Text: "已补记录", Salt: "b"},
		{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "clerk", Section: "office"}, Salt: "c"},
	} {
		visitortest.Give(t, f.table, own[0].Head.Number, c, visitortest.Nine.Add(time.Minute))
	}
	do(chromedp.Reload())
	says("已补记录")
	do(chromedp.Evaluate[chromedp.Void](`[...document.querySelectorAll('details.panel')].at(-1).open = true`),
		chromedp.Evaluate[chromedp.Void](`{ const x = [...document.querySelectorAll('textarea')].at(-1); x.value = '昨天看还是空白'; x.form.requestSubmit() }`))
	says("昨天看还是空白")
	h, err := f.table.Head(t.Context(), own[0].Head.Number)
	if err != nil || h.Round != 2 {
		t.Errorf("round %d, %v", h.Round, err)
	}
	do(chromedp.Navigate(s.URL + "/supervise#/cases"))
	says("不含姓名")
	says(h.Number)
	fits("cases")
}

func quoted(text string) string {
	b, _ := json.Marshal(text) // a text always can be
	return string(b)
}
