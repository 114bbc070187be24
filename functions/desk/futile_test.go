package main

import (
	"slices"
	"testing"

	"steledesk/shared/visitor/visitortest"
)

// Who signed for a ticket has it: taking it on is for the others of the section.
func TestWhoHasATicketIsNotOfferedToTakeItOn(t *testing.T) {
	f := newFunction(t)
	number := f.file(visitortest.Complaint())
	f.give("ticketing", number, 1, "sign", `{}`)
	for who, want := range map[string]bool{"ticketing": false, "ticketing-2": true} {
		_, body := f.do(call{who: who, route: "GET /v1/desk/tickets/{number}", number: number})
		if commands := body["commands"].([]any); slices.Contains(commands, any("claim")) != want || !slices.Contains(commands, any("answer")) {
			t.Errorf("%s is offered %v", who, commands)
		}
	}
}

func TestAReportIsNotOfferedATransfer(t *testing.T) {
	f := newFunction(t)
	number := f.file(visitortest.Report())
	_, body := f.do(call{who: "discipline", route: "GET /v1/desk/tickets/{number}", number: number})
	if commands := body["commands"].([]any); slices.Contains(commands, any("transfer")) || !slices.Contains(commands, any("sign")) {
		t.Errorf("offered: %v", commands)
	}
}
