package suspicion

import (
	"strings"
	"testing"
	"time"
)

// FuzzProofs: whatever is sent for a proof or for the time a form was opened, only what the desk gave counts, and as it
// was given.
func FuzzProofs(f *testing.F) {
	const key = "3f8c1b52-7d0e-4a44-9a51-5a0b6d1e7c01"
	c := New(1, limits, nine)
	c.Bits = 8
	token, stamp := c.Token(key, sum), Stamp(nine, sum)
	f.Add(token, key, int64(0))
	f.Add(Work(token, c.Bits), key, int64(0))
	f.Add(token+":"+strings.Repeat("0", 60_000), key, int64(3600))
	f.Add(token+"=", "another key", int64(90))
	f.Add(stamp, "", int64(90))
	f.Add("9223372036854775807."+strings.Repeat("0", 32), "", int64(-1))
	f.Add("-62135596800."+strings.Repeat("f", 32), "\x00", int64(1)<<40)
	f.Add("::::", ".", int64(0))
	f.Fuzz(func(t *testing.T, proof, of string, after int64) {
		now := nine.Add(time.Duration(after%(100*365*24*3600)) * time.Second)
		given, _, _ := strings.Cut(proof, ":")
		if met, degree := Check(proof, of, verify, now); met != NotMet && (given != token || of != key || degree != 1) {
			t.Errorf("%q for %q meets a challenge of degree %d (%d)", proof, of, degree, met)
		}
		if got := Since(proof, verify, now); got != now.Sub(nine) && proof == stamp || got >= 0 && proof != stamp {
			t.Errorf("%q: opened %v ago", proof, got)
		}
	})
}
