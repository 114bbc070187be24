package account

import "time"

// The lock-out: the fifth wrong password in a row locks a login for a quarter of an hour, each one
// after that for twice as long, up to four hours; a day without any forgets them. Logins that do
// not exist are locked alike, so that nothing tells them apart.
const (
	freeFailures = 4
	firstLock    = 15 * time.Minute
	longestLock  = 4 * time.Hour
	remembered   = 24 * time.Hour
)

// Lock counts the wrong passwords given for a login. The zero Lock is that of a login with none.
type Lock struct {
	Failures int
	Until    time.Time // locked before this instant
	Forget   time.Time // as if it had never been from this instant on

	Version int // as the store has it; 0: not stored
}

// Locked reports whether no password is taken at now.
func (l Lock) Locked(now time.Time) bool { return now.Before(l.Until) }

// Fail is the lock after one more wrong password at now.
func (l Lock) Fail(now time.Time) Lock {
	if !now.Before(l.Forget) {
		l = Lock{Version: l.Version}
	}
	l.Failures++
	l.Forget = now.Add(remembered)
	if over := l.Failures - freeFailures; over > 0 {
		l.Until = now.Add(min(firstLock<<min(over-1, 16), longestLock))
	}
	return l
}
