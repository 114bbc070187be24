package main

import (
	"testing"

	"steledesk/shared/visitor/visitortest"
)

// The desk reads the contact that was set last, and never half of one that was refused.
func TestContact(t *testing.T) {
	store := visitortest.NewMemory()
	f := newFunction(t, store, visitortest.Suggestion())
	call := func(method, body string) (int, map[string]any) {
		r := f.request("contact", body)
		r.RouteKey = method + " /v1/tickets/{number}/contact"
		return f.answer(r)
	}
	for body, want := range map[string]string{
		`{}`: "/name", `{"name":" ","phone":" "}`: "/phone", `{"phone":"call me"}`: "/phone", `{"mail":"a@b"}`: "/mail",
	} {
		status, answer := call("PUT", body)
		if status != 422 || answer["fields"].([]any)[0].(map[string]any)["pointer"] != want || f.version() != 1 {
			t.Errorf("%s: got %d %v, want %s refused", body, status, answer, want)
		}
	}
	if status, answer := call("PUT", `{"phone":"13900005678"}`); status != 200 || whats(answer) != "filed contact-changed" {
		t.Errorf("got %d %v", status, answer)
	}
	kept, _ := store.Filed(f.receipt.Number)
	if text, err := visitortest.Keys().Open(kept.Contact, f.receipt.Number); text != `{"phone":"13900005678"}` || err != nil {
		t.Errorf("kept %s, %v", text, err)
	}
	if status, answer := call("DELETE", ""); status != 200 || whats(answer) != "filed contact-changed contact-deleted" {
		t.Errorf("got %d %v", status, answer)
	}
}
