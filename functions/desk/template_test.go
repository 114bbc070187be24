package main

import (
	"fmt"
	"strings"
	"testing"

	"steledesk/shared/visitor/visitortest"
)

// A clerk, who may not read the office data, has its templates, and knows in which language the visitor wrote.
func TestTemplatesReachTheClerk(t *testing.T) {
	f := newFunction(t)
	status, body := f.do(call{who: "ticketing", route: "GET /v1/desk/templates"})
	text := fmt.Sprint(body)
	for _, want := range []string{"name:Apology", "kinds:[complaint report feedback]", "for:[ask]", "outcome:solved", "en:We are sorry", "zh:给您带来不便"} {
		if !strings.Contains(text, want) {
			t.Errorf("%d %s: no %s", status, text, want)
		}
	}
	number := f.file(visitortest.Complaint())
	if _, read := f.do(call{who: "ticketing", route: "GET /v1/desk/tickets/{number}", number: number}); read["language"] != "zh" {
		t.Errorf("language of the ticket: %v", read["language"])
	}
}
