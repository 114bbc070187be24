package account

import (
	"runtime"
	"testing"
)

// hashMemory is what one hash takes at least, in bytes: 19 MiB are asked of Argon2.
const hashMemory = 16 << 20

// Somebody's password and nobody's cost the same hash, so that the time of an answer does not say which logins there are.
// What Argon2 takes of memory tells whether it ran, on any machine.
func TestANobodyCostsAHash(t *testing.T) {
	hash := Hash("correct horse battery")
	for name, hash := range map[string]string{"somebody": hash, "nobody": ""} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		var p proof
		if p.holds(hash, "wrong horse battery") {
			t.Errorf("%s: a wrong password holds", name)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took < hashMemory {
			t.Errorf("%s costs %d bytes, which is no hash", name, took)
		}
	}
}
