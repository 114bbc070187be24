package main

import (
	"slices"
	"testing"

	"steledesk/shared/visitor/visitortest"
)

func TestAReportIsNotOfferedATransfer(t *testing.T) {
	f := newFunction(t)
	number := f.file(visitortest.Report())
	_, body := f.do(call{who: "discipline", route: "GET /v1/desk/tickets/{number}", number: number})
	if commands := body["commands"].([]any); slices.Contains(commands, any("transfer")) || !slices.Contains(commands, any("sign")) {
		t.Errorf("offered: %v", commands)
	}
}
