package main

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"steledesk/infra/browsertest"
	"steledesk/shared/account"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// The office comes for the meetings: it is not offered what it may not call, is reminded of terms, and goes back to the desk.
func TestBrowserOfficeComesForTheMeetings(t *testing.T) {
	f := newFunction(t)
	a := account.Account{Login: "for-a-year", Name: "监督员三", Roles: []ticket.Role{ticket.Supervisor}, PasswordHash: hash,
		Term: account.Term{From: "2026-01-01", Until: visitortest.Nine.AddDate(0, 0, 9).In(ticket.Zone).Format("2006-01-02")}}
	if err := f.table.PutAccount(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	window := browsertest.Start(t)
	for login, want := range map[string]string{"office": "会议 工单台 true", "leader": "会议 工单台 false", "supervisor": "我的意见 提意见 案件 会议 false"} {
		ctx, cancel := context.WithTimeout(window(t, browsertest.Phone), browsertest.Patience)
		defer cancel()
		if err := chromedp.Do(ctx, chromedp.Navigate(f.siteOf(login).URL+"/supervise#/meetings"), chromedp.WaitVisible(chromedp.CSS(`.meetings`))); err != nil {
			t.Fatal(err)
		}
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](`[...document.querySelectorAll('#nav > a')].map(a => a.innerText).join(' ') + ' ' + (document.getElementById('terms') || {innerText: ''}).innerText.includes('监督员三（for-a-year）')`))
		if err != nil || got != want {
			t.Errorf("%s sees %q, want %q; %v", login, got, want, err)
		}
		wide, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.documentElement.scrollWidth > innerWidth`))
		if err != nil || wide {
			t.Errorf("%s: too wide, %v", login, err)
		}
		keep(ctx, t, fmt.Sprint("meetings-", login))
	}
}
