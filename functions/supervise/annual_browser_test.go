package main

import (
	"context"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
)

// The office gets a year's papers below the meetings, once for each year that has some; a supervisor is offered none.
func TestBrowserAnnual(t *testing.T) {
	open, axe := browsertest.Start(t), browsertest.Axe(t)
	f := newFunction(t)
	f.store("2026-10", 1, 30)
	f.store("2026-09", 1, 20)
	f.store("2025-12", 1, 5)
	for who, want := range map[string]string{"office": "2026,2025", "supervisor": ""} {
		for _, screen := range []browsertest.Screen{browsertest.Phone, browsertest.Desktop} {
			v := &visit{t: t, name: who + " on " + screen.Name}
			v.do(open(t, screen), chromedp.Navigate(f.siteOf(who).URL+"/supervise#/meetings"), chromedp.WaitVisible(chromedp.CSS(`.meetings .row`)), chromedp.Evaluate[chromedp.Void](axe+`;0`))
			if found := v.says(`axe.run(document,{runOnly:['wcag2a','wcag2aa','wcag21a','wcag21aa']}).then(r=>r.violations.flatMap(v=>v.nodes.map(n=>v.id+': '+n.target)).join()+(document.documentElement.scrollWidth>innerWidth?' too wide':''))`); found != "" {
				t.Errorf("%s: %s", v.name, found)
			}
			if years := v.says(`Promise.resolve([...document.querySelectorAll('#annual:not([hidden]) [data-year]')].map(y=>y.dataset.year).join())`); years != want {
				t.Errorf("%s: years %q, want %q", v.name, years, want)
			}
			keep(v.ctx, t, "annual-"+who+"-"+screen.Name)
			if who != "office" {
				continue
			}
			files := `attachment; filename="2026-annual.docx",attachment; filename="2026-annual.xlsx",attachment; filename="2026-annual.en.docx",attachment; filename="2026-annual.en.xlsx"`
			if got := v.says(`Promise.all([...document.querySelectorAll('[data-year="2026"] a')].map(async a=>(await fetch(a.href)).headers.get('content-disposition'))).then(all=>all.join())`); got != files {
				t.Errorf("%s: the links give %s", v.name, got)
			}
		}
	}
}

// visit is somebody's visit to the page.
type visit struct {
	t    *testing.T
	ctx  context.Context
	name string
}

func (v *visit) do(ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	v.ctx = ctx
	limited, cancel := context.WithTimeout(ctx, browsertest.Patience)
	defer cancel()
	if err := chromedp.Do(limited, steps...); err != nil {
		v.t.Fatalf("%s: %v", v.name, err)
	}
}

// says gives what a script's promise comes to.
func (v *visit) says(promise string) string {
	v.t.Helper()
	v.do(v.ctx, chromedp.Evaluate[chromedp.Void](`window.told=null;`+promise+`.then(x=>{window.told=x});0`), chromedp.Poll[chromedp.Void](`window.told!==null`))
	told, err := chromedp.Run(v.ctx, chromedp.Evaluate[string](`window.told`))
	if err != nil {
		v.t.Fatalf("%s: %v", v.name, err)
	}
	return told
}
