package main

import (
	"encoding/json"
	"strings"
	"testing"

	"steledesk/shared/queue"
	"steledesk/shared/visitor/visitortest"
)

// That papers were made is told to the office, once however often it arrives, and says nothing of what is in them.
func TestPapersAreTold(t *testing.T) {
	b := newBench(t, bot("office-group", "office"))
	body, err := json.Marshal(queue.NewPapers("2026-10", 2, visitortest.Nine))
	if err != nil {
		t.Fatal(err)
	}
	sent := func(body string) []string {
		e := batch(t, "one")
		e.Records[0].Body = body
		e.Records[0].EventSourceARN = strings.Replace(e.Records[0].EventSourceARN, "section-ticketing", "section-office", 1)
		return b.again(t.Context(), e)
	}
	for range 2 {
		if got := sent(string(body)); len(got) > 0 {
			t.Fatalf("comes again: %v; log %s", got, b.log.String())
		}
	}
	if len(b.items) != 1 || b.items[0].Ticket != "2026-10" || b.items[0].What != "papers-made" || !strings.Contains(b.items[0].KindName, "2") {
		t.Errorf("told %+v", b.items)
	}
	if got := sent(strings.Replace(string(body), `"v":1`, `"v":2`, 1)); len(got) != 1 {
		t.Errorf("another version is taken: %v", got)
	}
}
