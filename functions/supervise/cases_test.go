package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// A case says what it came to and nobody's name, phone or words, until the office has published them, and then masked.
func TestCasesAreRedacted(t *testing.T) {
	f := newFunction(t)
	filing := visitortest.Complaint()
	filing.Matter.Text = "排队四十分钟，我的电话13800001234。"
	number := visitortest.File(t, f.visitors, filing).Number
	clerk := ticket.Actor{Role: ticket.SectionStaff, Login: "ticketing-7", Section: "ticketing"}
	give := func(c ticket.Command) {
		c.Salt = string(c.Name)
		visitortest.Give(t, f.table, number, c, visitortest.Nine.AddDate(0, 0, 2))
	}
	give(ticket.Command{Name: ticket.Sign, By: clerk})
	list := func(query string) string {
		_, body := f.do(call{who: "supervisor", route: "GET /v1/cases", query: query, at: visitortest.Nine.Add(time.Hour)})
		text := fmt.Sprint(body["cases"])
		for _, secret := range []string{"张三", "13800001234", "ticketing-7", "多开两个窗口"} {
			if strings.Contains(text, secret) {
				t.Errorf("cases?%s tell %s: %s", query, secret, text)
			}
		}
		return text
	}
	if text := list("section=ticketing&month=2026-11"); !strings.Contains(text, number) || strings.Contains(text, "排队") {
		t.Errorf("open: %s", text)
	}
	give(ticket.Command{Name: ticket.Answer, By: clerk, Outcome: ticket.OutcomeSolved, Text: "已加开窗口"})
	if text := list("state=review"); !strings.Contains(text, number) || strings.Contains(text, "solved") {
		t.Errorf("in review: %s", text)
	}
	give(ticket.Command{Name: ticket.Approve, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "clerk", Section: "office"}})
	if text := list("state=answered"); !strings.Contains(text, number) || strings.Contains(text, "已加开窗口") || !strings.Contains(text, "days:2") {
		t.Errorf("answered: %s", text)
	}
	give(ticket.Command{Name: ticket.Publish, By: ticket.Actor{Role: ticket.OfficeStaff, Login: "clerk", Section: "office"}})
	if text := list("ended=true"); !strings.Contains(text, "已加开窗口") || !strings.Contains(text, "我的电话***") {
		t.Errorf("published: %s", text)
	}
	for query, there := range map[string]bool{"": false, "ended=true&month=2026-11": true, "ended=true&month=2026-12": false, "ended=true&month=2026-10": false,
		"ended=true&section=gardens": false} {
		if strings.Contains(list(query), number) != there {
			t.Errorf("cases?%s: there %v, want %v", query, !there, there)
		}
	}
	for query, want := range map[string]int{"month=11": 422, "limit=0": 422, "limit=51": 422, "state=lost": 422, "cursor=xyz": 400} {
		if status, body := f.do(call{who: "supervisor", route: "GET /v1/cases", query: query}); status != want {
			t.Errorf("cases?%s: %d %v, want %d", query, status, body, want)
		}
	}
}
