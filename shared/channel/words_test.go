package channel

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestBothLanguagesTellTheSame(t *testing.T) {
	if zh, en := slices.Sorted(maps.Keys(chinese.what)), slices.Sorted(maps.Keys(english.what)); !slices.Equal(zh, en) {
		t.Errorf("zh tells %v, en %v", zh, en)
	}
}

// An event that is new to the desk and unknown here would end in the dead letters.
func TestEveryEventOfATicketCanBeTold(t *testing.T) {
	source, err := os.ReadFile("../ticket/event.go")
	if err != nil {
		t.Fatal(err)
	}
	events := regexp.MustCompile(`What += "([a-z-]+)"`).FindAllStringSubmatch(string(source), -1)
	if len(events) < 30 {
		t.Fatalf("found %d events: does this test still find them?", len(events))
	}
	for _, what := range events {
		if !Known(what[1]) {
			t.Errorf("%s can not be told", what[1])
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
