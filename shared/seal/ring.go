package seal

import (
	"maps"
	"slices"
	"time"
)

// Remembered is how long after a key was retired a call may still be repeated that was made while it was current: a phone
// keeps what it could not send, and a draft for two weeks.
const Remembered = 30 * 24 * time.Hour

// Ring gives the current key, then every other with which the same call may have been made before, or is being made by
// another process: all but those that were retired too long ago (Remembered). All are of one moment, so that what is
// derived from one of them belongs together.
func (k *Keys) Ring(now time.Time) []Key {
	r := k.inForce()
	keys := make([]Key, 0, len(r.keys))
	for _, id := range r.ids() {
		retired, was := r.retired[id]
		if id == r.current || !was || now.Before(retired.Add(Remembered)) {
			keys = append(keys, r.keys[id])
		}
	}
	return keys
}

// now is the current key.
func (r *ring) now() Key { return r.keys[r.current] }

// ids lists the keys, the current one first.
func (r *ring) ids() []string {
	others := slices.DeleteFunc(slices.Sorted(maps.Keys(r.keys)), func(id string) bool { return id == r.current })
	return append([]string{r.current}, others...)
}
