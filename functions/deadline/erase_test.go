package main

import (
	"testing"

	"steledesk/shared/office"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor/visitortest"
)

// What people wrote used to stay for ever. The tick after a record's time leaves the chain and nothing to read, and
// none after it does anything more; a visitor with the code is told so.
func TestATickErasesWhatIsOver(t *testing.T) {
	b := newBench(t)
	number := b.file("3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c01")
	visitortest.Give(t, b.table, number, ticket.Command{Name: ticket.Withdraw, By: ticket.Actor{Role: ticket.Visitor}, Text: "已经解决"}, visitortest.Nine)
	over := office.Default().KeepRecord(visitortest.Nine)
	if _, err := b.tick(over.Add(-1)); err != nil || b.steps(number) != "" {
		t.Fatalf("before its time: %s, %v", b.steps(number), err)
	}
	for range 2 {
		if _, err := b.tick(over); err != nil {
			t.Fatal(err)
		}
	}
	if got := b.steps(number); got != "erased" {
		t.Errorf("the clock did %q", got)
	}
	keys := visitortest.Keys()
	v, err := visitortest.Desk(b.table).Read(t.Context(), number, keys.Code(number), over)
	if err != nil || len(v.Commands) > 0 {
		t.Fatalf("%v may still be done, %v", v.Commands, err)
	}
	for _, e := range v.Events {
		if e.Words != nil || (e.What == ticket.Filed || e.What == ticket.WithdrawnBy) && !e.Erased() {
			t.Errorf("%s says %+v, erased %v", e.What, e.Words, e.Erased())
		}
	}
	if last := v.Events[len(v.Events)-1]; last.What != ticket.Erased {
		t.Errorf("the visitor is last told of %s", last.What)
	}
}
