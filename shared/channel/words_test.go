package channel

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"steledesk/shared/ticket"
)

func TestBothLanguagesTellTheSame(t *testing.T) {
	if zh, en := slices.Sorted(maps.Keys(chinese.what)), slices.Sorted(maps.Keys(english.what)); !slices.Equal(zh, en) {
		t.Errorf("zh tells %v, en %v", zh, en)
	}
}

// An event that is new to the desk and unknown here would end in the dead letters.
func TestEveryEventOfATicketCanBeTold(t *testing.T) {
	events := []ticket.What{
		ticket.Filed, ticket.AssignedTo, ticket.Transferred, ticket.Signed, ticket.Claimed, ticket.HandedOver, ticket.Asked,
		ticket.Supplied, ticket.ReturnAsked, ticket.Upheld, ticket.Denied, ticket.Extended, ticket.AnswerGiven, ticket.Approved,
		ticket.Rejected, ticket.Noted, ticket.Messaged, ticket.DeclinedBy, ticket.ReferredTo, ticket.WithdrawnBy, ticket.Urged,
		ticket.Overseen, ticket.Published, ticket.Unpublished, ticket.Rated, ticket.Reopened, ticket.Reminded, ticket.Escalated,
		ticket.ClosedSilent, ticket.ClosedRated,
	}
	for _, what := range events {
		if !Known(string(what)) {
			t.Errorf("%s can not be told", what)
		}
	}
}

// The advice for bots with a keyword (关键词) promises one.
func TestEveryMessageHoldsTheKeyword(t *testing.T) {
	for _, n := range []int{1, 2} {
		if got := chinese.heading("票务科", n); !strings.Contains(got, "工单") {
			t.Errorf("got %q", got)
		}
		if got := english.heading("Ticketing", n); !strings.Contains(got, "ticket") {
			t.Errorf("got %q", got)
		}
	}
}
