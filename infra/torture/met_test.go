package main

import (
	"testing"

	"steledesk/infra/torture/fault"
)

// A short storm that met no fault at all passed: half of what is expected of the rarest was none.
func TestAStormThatMetNothing(t *testing.T) {
	for due, want := range map[int]int{0: 0, 19: 0, 20: 1, 22: 1, 40: 10, 2000: 990} {
		if got := leastOf(due); got != want {
			t.Errorf("of %d due %d must be met, want %d", due, got, want)
		}
	}
	for what, one := range map[string]struct {
		m   met
		bad int
	}{
		"as many as were due": {met{struck: map[fault.Kind]int{fault.Delay: 30}, least: map[fault.Kind]int{fault.Delay: leastOf(30)}}, 0},
		"none of thirty":      {met{struck: map[fault.Kind]int{}, least: map[fault.Kind]int{fault.Delay: leastOf(30)}}, 1},
		"nothing was due":     {met{}, 1},
	} {
		var r report
		if one.m.judge("faults", &r); len(r.broken()) != one.bad {
			t.Errorf("%s: broken: %v", what, r.broken())
		}
	}
}
