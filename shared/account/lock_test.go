package account

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"steledesk/shared/ticket"
)

var nine = time.Date(2026, 11, 23, 9, 0, 0, 0, ticket.Zone)

func TestLockGrows(t *testing.T) {
	var l Lock
	now := nine
	for n, want := range []time.Duration{0, 0, 0, 0, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 4 * time.Hour} {
		l = l.Fail(now)
		if got := max(0, l.Until.Sub(now)); got != want || l.Locked(now) != (want > 0) {
			t.Errorf("failure %d: locked for %s, want %s", n+1, got, want)
		}
		now = now.Add(want)
		if l.Locked(now) {
			t.Errorf("failure %d: still locked when the lock is over", n+1)
		}
	}
}

// Whatever pauses a guesser makes, the guesses of a day are few, and a person who rests a day is
// never locked.
func TestLockBoundsGuesses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l Lock
		now, day := nine, nine.Add(24*time.Hour)
		guesses := 0
		for now.Before(day) && guesses < 100 {
			if l.Locked(now) {
				now = l.Until
				continue
			}
			before := l
			l = l.Fail(now)
			guesses++
			if l.Failures != before.Failures+1 {
				t.Fatalf("failure %d was counted as %d", before.Failures+1, l.Failures)
			}
			if l.Until.Before(before.Until) {
				t.Fatalf("a failure shortened the lock from %s to %s", before.Until, l.Until)
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 3600).Draw(t, "pause")) * time.Second)
		}
		if guesses > 14 {
			t.Fatalf("%d guesses in a day", guesses)
		}
		if rested := l.Fail(l.Forget); rested.Failures != 1 || rested.Locked(l.Forget) {
			t.Fatalf("after a day's rest: %+v", rested)
		}
	})
}
