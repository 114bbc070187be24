package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// whats lists the events of an answer.
func whats(body map[string]any) string {
	var all []string
	for _, e := range body["events"].([]any) {
		all = append(all, e.(map[string]any)["what"].(string))
	}
	return strings.Join(all, " ")
}

// A visitor sees what was done and what was written to them: no note, no login, no draft.
func TestVisitorSeesNothingOfTheDesksOwn(t *testing.T) {
	f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
	hidden := []string{"内部备注", "piaowu-zhang", "piaowu-wang", "office-li", "草稿", "重写", "催一下", "不属我科", "还是你们办", "督办原因"}
	for _, c := range []ticket.Command{
		{Name: ticket.Return, By: sectionStaff(), Text: "不属我科"},
		{Name: ticket.Deny, By: officeStaff(), Text: "还是你们办"},
		{Name: ticket.Sign, By: sectionStaff()},
		{Name: ticket.Note, By: sectionStaff(), Text: "内部备注"},
		{Name: ticket.HandOver, By: sectionStaff(), Handler: "piaowu-wang"},
		{Name: ticket.Urge, By: officeStaff(), Text: "催一下"},
		{Name: ticket.Oversee, By: officeStaff(), Text: "督办原因"},
		{Name: ticket.Remind, By: ticket.Actor{Role: ticket.Clock}, Step: "half"},
		{Name: ticket.Answer, By: sectionStaff(), Text: "草稿", Outcome: ticket.NotSupported},
	} {
		f.give(c)
	}
	check := func(wantEvents string, outcome any) {
		t.Helper()
		out, err := f.Serve(t.Context(), f.request("", ""))
		if err != nil {
			t.Fatal(err)
		}
		var body map[string]any
		if err := json.Unmarshal([]byte(out.Body), &body); err != nil {
			t.Fatal(err)
		}
		for _, h := range hidden {
			if strings.Contains(out.Body, h) {
				t.Errorf("a visitor sees %q: %s", h, out.Body)
			}
		}
		if got := whats(body); got != wantEvents {
			t.Errorf("got events %s\nwant %s", got, wantEvents)
		}
		if fmt.Sprint(body["outcome"]) != fmt.Sprint(outcome) {
			t.Errorf("outcome %v, want %v", body["outcome"], outcome)
		}
		// A fact without the words behind it used to look as if somebody had erased them.
		if strings.Contains(out.Body, `"erased"`) {
			t.Errorf("something is called erased: %s", out.Body)
		}
	}
	seen := "filed returned denied signed urged overseen"
	check(seen, nil)
	f.give(ticket.Command{Name: ticket.Reject, By: officeStaff(), Text: "重写"})
	check(seen, nil)
	f.give(ticket.Command{Name: ticket.Answer, By: sectionStaff(), Text: "已加开两个窗口。", Outcome: ticket.OutcomeSolved})
	check(seen, nil)
	f.give(ticket.Command{Name: ticket.Approve, By: officeStaff()})
	check(seen+" approved", map[string]any{"id": "solved", "name": "Solved"})
	_, body := f.answer(f.request("", ""))
	answer := body["events"].([]any)[6].(map[string]any)
	if answer["text"] != "已加开两个窗口。" || answer["says"] != "Answered by Ticketing" || answer["by"] != "office" {
		t.Errorf("the answer reads %v", answer)
	}
}

// The visitor of a 举报 follows it like any other.
func TestReportIsReadByItsVisitor(t *testing.T) {
	f := newFunction(t, visitortest.NewMemory(), visitortest.Report())
	f.give(ticket.Command{Name: ticket.Sign, By: ticket.Actor{Role: ticket.Discipline, Login: "jijian", Section: "discipline"}})
	status, body := f.answer(f.request("", ""))
	section := body["section"].(map[string]any)
	if status != 200 || whats(body) != "filed signed" || section["id"] != "discipline" || body["kind"].(map[string]any)["id"] != "report" {
		t.Errorf("got %d %v", status, body)
	}
	if first := body["events"].([]any)[0].(map[string]any); first["text"] != visitortest.Report().Matter.Text {
		t.Errorf("got %v", first)
	}
	if status, _ := f.answer(f.request("message", `{"text":"还有照片"}`)); status != 200 {
		t.Errorf("message: got %d", status)
	}
}

// What a visitor can do next is what will not be refused.
func TestCommandsOffered(t *testing.T) {
	f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
	commands := func() string {
		_, body := f.answer(f.request("", ""))
		return fmt.Sprint(body["commands"])
	}
	if got := commands(); got != "[message withdraw change-contact delete-contact]" {
		t.Errorf("assigned: %s", got)
	}
	f.answered()
	if got := commands(); got != "[message rate reopen change-contact delete-contact]" {
		t.Errorf("answered: %s", got)
	}
	if status, _ := f.answer(f.request("rating", `{"solved":"yes","level":5}`)); status != 200 {
		t.Fatal("not rated")
	}
	if got := commands(); got != "[reopen change-contact delete-contact]" {
		t.Errorf("rated, and rating again was offered only to be refused: %s", got)
	}
	_, body := f.answer(f.request("", ""))
	if got := body["state"].(map[string]any)["id"]; got != "closed" || whats(body) != "filed signed approved rated closed-rated" {
		t.Errorf("got %v: %s", got, whats(body))
	}
	status, body := f.answer(f.request("withdraw", `{}`))
	if status != 409 || body["code"] != "wrong-state" || body["detail"] != "The ticket's state (Closed) does not allow this" {
		t.Errorf("got %d %v", status, body)
	}
}

// In December nobody knows next January's holidays. A visitor whose answer did not help must be able to say so: it
// used to be an internal error.
func TestReopenedWhereTheCalendarEnds(t *testing.T) {
	f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
	late := time.Date(2026, 12, 29, 9, 0, 0, 0, ticket.Zone)
	for _, c := range []ticket.Command{
		{Name: ticket.Sign, By: sectionStaff()},
		{Name: ticket.Answer, By: sectionStaff(), Text: "已加开窗口。", Outcome: ticket.OutcomeSolved},
		{Name: ticket.Approve, By: officeStaff()},
	} {
		visitortest.Give(t, f.store, f.receipt.Number, c, late)
	}
	r := f.request("reopen", `{"text":"还是只有一个"}`)
	r.RequestContext.TimeEpoch = late.Add(time.Hour).UnixMilli()
	status, body := f.answer(r)
	if status != 200 || body["answerBy"] != nil || body["state"].(map[string]any)["id"] != "assigned" {
		t.Errorf("got %d %v", status, body)
	}
	if log := f.log.String(); !strings.Contains(log, `"level":"ERROR"`) || !strings.Contains(log, "add the year's holidays") {
		t.Errorf("the operator is not told: %s", log)
	}
}

func TestReopeningHasItsTime(t *testing.T) {
	f := newFunction(t, visitortest.NewMemory(), visitortest.Complaint())
	f.answered()
	r := f.request("reopen", `{"text":"还是只有一个"}`)
	r.RequestContext.TimeEpoch = visitortest.Nine.AddDate(0, 0, 20).UnixMilli()
	if status, body := f.answer(r); status != 409 || body["code"] != "too-late" {
		t.Errorf("got %d %v", status, body)
	}
}
