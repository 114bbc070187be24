package main

import (
	"testing"

	"steledesk/infra/torture/raw"
)

// A full disk loses nothing that was acknowledged, and each check of it can fail.
func TestAFullDisk(t *testing.T) {
	var r report
	if err := runDisk(t.Context(), here, &r); err != nil {
		t.Fatal(err)
	}
	holds(t, &r)
	empty := &raw.Table{Tickets: map[string]*raw.Ticket{}}
	for what, d := range map[string]*fullDisk{
		"nothing was refused": {}, "something odd": {full: 1, odd: []string{"418"}},
		"acknowledged and gone": {full: 1, said: map[string]receipt{"key": {Number: "WX-1"}}},
	} {
		var bad report
		if d.judge(empty, nil, &bad); len(bad.broken()) != 1 {
			t.Errorf("%s: %d rows are broken, want 1", what, len(bad.broken()))
		}
	}
}
