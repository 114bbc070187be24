package dynamo

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"steledesk/shared/desk"
	"steledesk/shared/ticket"
)

// A slice goes on behind any place, one of another queue's too, and ends before a time; open tickets come soonest due
// first, ended ones latest due first.
func TestQueueSlices(t *testing.T) {
	table := newTable(t)
	var places []string
	for i := range 6 {
		f := filed(t, ticket.NewNumber("WX", uint64(i)), fmt.Sprint("key", i))
		f.Head.Due.AnswerBy = nine.Add(time.Duration(i) * time.Hour)
		if i >= 4 {
			f.Head.State = ticket.Closed
		}
		if err := table.File(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		places = append(places, instant(f.Head.Due.AnswerBy)+"#"+f.Head.Number)
	}
	between := instant(nine.Add(90*time.Minute)) + "#WX-ZZZZZZZZ" // where no ticket of this queue stands
	tests := []struct {
		name  string
		slice desk.Slice
		want  []string
		more  bool
	}{
		{"all", desk.Slice{Open: true, Limit: 9}, places[:4], false},
		{"the first", desk.Slice{Open: true, Limit: 2}, places[:2], true},
		{"behind one", desk.Slice{Open: true, Limit: 9, After: places[1]}, places[2:4], false},
		{"behind another queue's", desk.Slice{Open: true, Limit: 9, After: between}, places[2:4], false},
		{"before a time", desk.Slice{Open: true, Limit: 9, Until: nine.Add(2 * time.Hour)}, places[:2], false},
		{"behind one, before a time", desk.Slice{Open: true, Limit: 9, After: places[0], Until: nine.Add(2 * time.Hour)}, places[1:2], false},
		{"behind the time", desk.Slice{Open: true, Limit: 9, After: places[3], Until: nine.Add(2 * time.Hour)}, nil, false},
		{"ended", desk.Slice{Limit: 9}, []string{places[5], places[4]}, false},
		{"ended, behind one", desk.Slice{Limit: 9, After: places[5]}, places[4:5], false},
	}
	for _, test := range tests {
		test.slice.Section = "ticketing"
		part, err := table.QueueSlice(t.Context(), test.slice)
		var got []string
		for _, r := range part.Rows {
			got = append(got, r.Place)
			if r.Gist == "" {
				t.Errorf("%s: %s has no gist", test.name, r.Place)
			}
		}
		if err != nil || !slices.Equal(got, test.want) || part.More != test.more {
			t.Errorf("%s: got %v, more %v, %v; want %v", test.name, got, part.More, err, test.want)
		}
	}
}
