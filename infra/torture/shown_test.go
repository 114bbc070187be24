package main

import (
	"net/http"
	"testing"
)

// What answers with an error, or with nothing, showed that nothing can be read: a desk that was down passed.
func TestAnErrorShowsNothing(t *testing.T) {
	none := answer{status: http.StatusNotFound, body: []byte(`{"code":"no-contact"}`)}
	unknown := answer{status: http.StatusNotFound, body: []byte(`{"code":"no-ticket"}`)}
	read := answer{status: http.StatusOK, body: []byte(`{"number":"WX-1"}`)}
	marks := []mark{{"name", "慕容甲春", ""}}
	for what, one := range map[string]struct {
		all []asking
		bad int
	}{
		"as it should be":        {[]asking{{"office", none, read}, {"security", unknown, unknown}}, 0},
		"nobody reads it":        {[]asking{{"office", unknown, unknown}}, 1},
		"the desk is down":       {[]asking{{"office", answer{status: 500}, read}}, 1},
		"signed out":             {[]asking{{"office", answer{status: 401}, answer{status: 401}}}, 3},
		"no answer":              {[]asking{{"office", none, read}, {"security", answer{}, answer{}}}, 2},
		"a reader finds nothing": {[]asking{{"office", unknown, read}}, 1},
		"told":                   {[]asking{{"office", answer{status: http.StatusOK, body: []byte(`{"name":"慕容甲春"}`)}, read}}, 2},
		"masked":                 {[]asking{{"office", none, answer{status: http.StatusOK, body: []byte("慕容**")}}}, 1},
	} {
		if bad := revealing("WX-1", one.all, marks); len(bad) != one.bad {
			t.Errorf("%s: %d are broken, want %d: %v", what, len(bad), one.bad, bad)
		}
	}
}

// Each audience is told that the words are gone, and not only one of them.
func TestEachAudienceIsToldThatWordsAreGone(t *testing.T) {
	good := func() *shown {
		s := &shown{}
		s.add("WX-1", "WX-1", visitorsCall, erasedField, answer{status: 200, body: []byte(`{"number":"WX-1","erased":true}`)})
		s.add("the page", "WX-1", visitorsPage, erasedLine, answer{status: 200, body: []byte("WX-1 已到期删除")})
		s.add("a section's", "WX-1", desksCall, erasedField, answer{status: 404})
		s.add("the office's", "WX-1", desksCall, erasedField, answer{status: 200, body: []byte(`{"number":"WX-1","erased":true}`)})
		s.add("the list", "WX-1", desksList, erasedLine, answer{status: 200, body: []byte(`{"tickets":[{"number":"WX-2","gist":""},{"number":"WX-1","gist":"（内容已到期删除）"}]}`)})
		return s
	}
	if bad := good().silent(); len(bad) != 0 {
		t.Fatalf("what is good is refused: %v", bad)
	}
	if bad := (&shown{}).silent(); len(bad) != 1 {
		t.Errorf("nobody was asked, and that is %v", bad)
	}
	for i := range good().all {
		s := good()
		s.all[i].status = 500
		if len(s.silent()) == 0 {
			t.Errorf("%s fails, and nobody says so", s.all[i].where)
		}
		if s = good(); s.all[i].status == 200 {
			s.all[i].of = "WX-1"
			if len(s.silent()) == 0 {
				t.Errorf("%s says nothing, and nobody says so", s.all[i].where)
			}
		}
	}
}

// Another ticket's line in the same list says nothing of this one: a list that left a ticket out passed.
func TestAListTellsOfEachOfItsTickets(t *testing.T) {
	for what, list := range map[string]string{
		"it is left out":          `{"tickets":[{"number":"WX-2","gist":"（内容已到期删除）"}]}`,
		"its place is empty":      `{"tickets":[{"number":"WX-2","gist":"（内容已到期删除）"},{"number":"WX-1","gist":""}]}`,
		"the list cannot be read": `已到期删除`,
	} {
		s := &shown{}
		s.add("the list", "WX-1", desksList, erasedLine, answer{status: 200, body: []byte(list)})
		if len(s.silent()) == 0 {
			t.Errorf("%s, and nobody says so", what)
		}
	}
}
