package main

import (
	"testing"
	"time"
)

// Twenty-one tellings were repeated without a cause, on a machine that had stood still, and nothing said that it had.
func TestAMachineThatStandsStillIsFelt(t *testing.T) {
	var s stall
	at := time.Now()
	for _, pause := range []time.Duration{0, pulse, pulse + 12*time.Second, pulse + time.Second, 0} {
		at = at.Add(pause)
		s.beat(at)
	}
	if s.longest != 12*time.Second {
		t.Errorf("stood still for %s, want 12 s", s.longest)
	}
	if longest := s.feel(t.Context())(); longest < 12*time.Second {
		t.Errorf("felt anew, the longest is %s", longest)
	}
}
