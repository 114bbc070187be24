package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"steledesk/events/golden"
	"steledesk/shared/ticket"
)

// visitors are the phones that wait, and what is sent to their queue.
type visitors struct {
	waiting map[string]bool
	asked   []string
	sent    []string
	lookup  error
	refuse  error
}

func (v *visitors) HasPhones(_ context.Context, number string) (bool, error) {
	v.asked = append(v.asked, number)
	return v.waiting[number], v.lookup
}

func (v *visitors) Send(_ context.Context, all []ticket.Event) map[int]error {
	failed := map[int]error{}
	for i, e := range all {
		if v.refuse != nil {
			failed[i] = v.refuse
			continue
		}
		v.sent = append(v.sent, e.ID())
	}
	return failed
}

// A visitor is told what others did, and a ticket that no phone waits for costs one look and no message. A filing is no
// news to whoever filed it.
func TestNewsForPhones(t *testing.T) {
	for name, test := range map[string]struct {
		visitors    visitors
		asked, sent string
		fails       bool
	}{
		"nobody waits":      {visitors{}, "[WX-K37G0A0H]", "[]", false},
		"a phone waits":     {visitors{waiting: map[string]bool{"WX-K37G0A0H": true}}, "[WX-K37G0A0H]", "[WX-K37G0A0H.2]", false},
		"the table is away": {visitors{lookup: errors.New("away")}, "[WX-K37G0A0H]", "[]", true},
		"the queue is away": {visitors{waiting: map[string]bool{"WX-K37G0A0H": true}, refuse: errors.New("away")}, "[WX-K37G0A0H]", "[]", true},
	} {
		s := &sender{visitors: test.visitors}
		answer, _ := dispatch(t, s, golden.Payload(t, "dispatch/two-tickets"))
		if got := fmt.Sprint(s.visitors.asked); got != test.asked {
			t.Errorf("%s: looked for %s, want %s", name, got, test.asked)
		}
		if got := fmt.Sprint(s.visitors.sent); got != test.sent {
			t.Errorf("%s: sent %s, want %s", name, got, test.sent)
		}
		if fails := strings.Contains(string(answer), `"itemIdentifier":"111000000000000000003"`); fails != test.fails || len(s.sent) != 3 {
			t.Errorf("%s: got %s, and sections were sent %v", name, answer, s.sent)
		}
	}
}
