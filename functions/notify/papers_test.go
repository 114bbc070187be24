package main

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"steledesk/shared/channel"
	"steledesk/shared/office"
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

// Supervisors are told of papers and of nothing else that the office's queue brings; what their program misses is told
// to them again, and not to the office.
func TestSupervisorsAreToldOfPapersOnly(t *testing.T) {
	b := newBench(t, bot("office-group", "office"), bot("supervisors", office.Supervisors), bot("ticketing-group", "ticketing"))
	body, err := json.Marshal(queue.NewPapers("2026-10", 1, visitortest.Nine))
	if err != nil {
		t.Fatal(err)
	}
	e := batch(t, "one")
	papers := e.Records[0]
	papers.MessageId, papers.Body = "papers", string(body)
	e.Records = append(e.Records, papers)
	for i := range e.Records {
		e.Records[i].EventSourceARN = strings.Replace(papers.EventSourceARN, "section-ticketing", "section-office", 1)
	}
	ticket, err := queue.ParseMessage(e.Records[0].Body)
	if err != nil {
		t.Fatal(err)
	}

	down := errors.New("no bot there")
	b.fail = func(c channel.Channel) error {
		if c.ID == "supervisors" {
			return down
		}
		return nil
	}
	if got := b.again(t.Context(), e); !slices.Equal(got, []string{"papers"}) {
		t.Errorf("comes again: %v", got)
	}
	b.fail = nil
	b.expect("the office", "office-group: "+ticket.Event+" papers-2026-10.1")
	if got := b.again(t.Context(), e); len(got) > 0 {
		t.Errorf("comes again: %v; log %s", got, b.log.String())
	}
	b.expect("the supervisors", "supervisors: papers-2026-10.1")
}
