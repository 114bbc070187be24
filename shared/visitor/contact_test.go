package visitor_test

import (
	"errors"
	"strings"
	"testing"

	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

func TestSetContact(t *testing.T) {
	store := visitortest.NewMemory()
	desk := visitortest.Desk(store)
	r := visitortest.File(t, desk, visitortest.Complaint())
	set := func(code string, c visitor.Contact) (visitor.View, error) {
		return desk.SetContact(t.Context(), r.Number, code, c, visitortest.Nine)
	}
	kept := func() string {
		f, _ := store.Filed(r.Number)
		return f.Contact
	}
	before := kept()
	if _, err := set("00000-00000", visitor.Contact{}); !errors.Is(err, visitor.ErrNotFound) || kept() != before {
		t.Errorf("a stranger: got %v", err)
	}
	v, err := set(r.Code, visitor.Contact{Name: " 李四 ", Phone: "１３９００００５６７８"})
	if err != nil || v.Head.Anonymous {
		t.Fatalf("got %+v, %v", v.Head, err)
	}
	text, err := visitortest.Keys().Open(kept(), r.Number)
	if text != `{"name":"李四","phone":"13900005678"}` || err != nil {
		t.Errorf("kept %s, %v", text, err)
	}
	for range 2 { // a phone that heard nothing asks again
		if v, err = set(r.Code, visitor.Contact{}); err != nil || !v.Head.Anonymous || kept() != "" {
			t.Errorf("deleted: got %+v, %v; kept %q", v.Head, err, kept())
		}
	}
	s, err := store.Ticket(t.Context(), r.Number)
	if err != nil || len(s.Records) != 3 {
		t.Fatalf("%d events, %v; want filed, changed, deleted", len(s.Records), err)
	}
	if err := ticket.Verify(s.Head, s.Records); err != nil {
		t.Error(err)
	}
	for _, record := range s.Records {
		for _, private := range []string{"李四", "13900005678", "张三", "13800001234"} {
			if strings.Contains(record.Body+record.Words, private) {
				t.Errorf("the chain holds %s: %s %s", private, record.Body, record.Words)
			}
		}
	}
}
