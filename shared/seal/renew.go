package seal

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	// Fresh is how old the keys may be that a process works with, at most. Whoever finds them older than its own age, which
	// is a little less, reads them before going on: one call in some minutes of a process, and none while they are fresh.
	Fresh = 10 * time.Minute
	// Known is how long after a key was added every process has it: whatever it does began after its last reading.
	Known = 15 * time.Minute

	spread   = 3 * time.Minute // by which the ages of processes differ
	soon     = time.Minute     // between two readings for the same reason, at least
	patience = 2 * time.Second // for one reading
)

// Source is where keys are read again.
type Source struct {
	Read  func(ctx context.Context) ([]byte, error)
	Clock func() time.Time
	Told  func(error) // of a reading that failed: older keys serve

	age time.Duration // of keys that are read again; zero: an age of this process's own
}

type source struct {
	Source

	mu    sync.Mutex
	text  []byte
	read  time.Time // when the keys were last read
	tried time.Time // when that was last tried because they were old
	asked time.Time // when it was last tried because something was met that none of them made
	fails bool      // the last reading failed
}

// Open reads the keys of a process that outlives changes of them: they are read again when they are old, or when
// something is met that none of them made.
func Open(ctx context.Context, from Source) (*Keys, error) {
	text, err := from.Read(ctx)
	if err != nil {
		return nil, err
	}
	k, err := ParseKeys(text)
	if err != nil {
		return nil, err
	}
	if from.age == 0 {
		from.age = ageOfOne()
	}
	at := wall(from.Clock())
	k.source = &source{Source: from, text: text, read: at}
	return k, nil
}

// ageOfOne differs from process to process: hundreds that a rush started in one second would all ask the store in another,
// which answers forty calls a second of an account.
func ageOfOne() time.Duration { return Fresh - rand.N(spread) }

// wall drops the monotonic reading, which stands still while a function's machine is frozen.
func wall(t time.Time) time.Time { return t.Round(0) }

// inForce gives the keys as they are, read again first when they are old.
func (k *Keys) inForce() *ring {
	if s := k.source; s != nil {
		s.mu.Lock() // others wait: they would work with what is too old
		defer s.mu.Unlock()
		if now := wall(s.Clock()); older(s.read, s.age, now) && older(s.tried, soon, now) {
			s.tried = now
			k.again(now)
		}
	}
	return k.ring.Load()
}

// Renew reads the keys again because something was met that none of them made, unless it did so within the minute.
func (k *Keys) Renew() {
	if s := k.source; s != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		if now := wall(s.Clock()); older(s.asked, soon, now) {
			s.asked = now
			k.again(now)
		}
	}
}

// holds reports whether is is true of the keys; when not, of the keys as they are now. So a process that has not heard of
// a key refuses nothing that was made with it, and whoever makes things up costs it one reading a minute.
func (k *Keys) holds(is func(*ring) bool) bool {
	before := k.inForce()
	if is(before) {
		return true
	}
	k.Renew()
	after := k.ring.Load()
	return after != before && is(after)
}

// again reads the keys. The source is locked.
func (k *Keys) again(now time.Time) {
	s := k.source
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	text, err := s.Read(ctx)
	if err == nil && !bytes.Equal(text, s.text) {
		err = k.replace(text)
	}
	if s.fails = err != nil; s.fails {
		s.Told(fmt.Errorf("read keys again: %w", err))
		return
	}
	s.text, s.read = text, now
}

// unread reports whether there may be a key that this process has not heard of: its last reading failed, or was not just
// now.
func (k *Keys) unread() bool {
	s := k.source
	if s == nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fails || older(s.read, soon, wall(s.Clock()))
}

func (k *Keys) replace(text []byte) error {
	r, err := parse(text)
	if err == nil {
		k.ring.Store(r)
	}
	return err
}

// older reports whether something of a time is as old as age. A clock that was set back makes everything old.
func older(t time.Time, age time.Duration, now time.Time) bool {
	since := now.Sub(t)
	return since < 0 || since >= age
}
