package seal

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// Secret is the keys as they are stored, to change them. It gives no key away.
type Secret struct{ file file }

// Errors of changing keys.
var (
	// ErrNoKey: there is no key of that id.
	ErrNoKey = errors.New("there is no such key")
	// ErrCurrent: the key is the current one.
	ErrCurrent = errors.New("the key is the current one")
)

// ReadSecret reads what New or Bytes wrote.
func ReadSecret(b []byte) (Secret, error) {
	var s Secret
	if _, err := parse(b); err != nil {
		return s, err
	}
	if err := json.Unmarshal(b, &s.file); err != nil {
		return s, fmt.Errorf("decode keys: %w", err)
	}
	return s, nil
}

// Bytes writes the keys for the store.
func (s Secret) Bytes() ([]byte, error) {
	b, err := json.Marshal(s.file)
	if err != nil {
		return nil, fmt.Errorf("encode keys: %w", err)
	}
	if _, err := parse(b); err != nil {
		return nil, fmt.Errorf("check keys: %w", err)
	}
	return b, nil
}

// Listed is what may be shown of a key.
type Listed struct {
	ID             string
	Current        bool
	Added, Retired time.Time         // zero: not known, or not yet
	Receipts       ed25519.PublicKey // of the receipts it signs
}

// List gives the keys by their ids.
func (s Secret) List() ([]Listed, error) {
	var list []Listed
	for _, id := range slices.Sorted(maps.Keys(s.file.Keys)) {
		raw, err := base64.StdEncoding.DecodeString(s.file.Keys[id])
		if err != nil {
			return nil, fmt.Errorf("decode key %q: %w", id, err)
		}
		one, err := derive(raw)
		if err != nil {
			return nil, err
		}
		list = append(list, Listed{
			ID: id, Current: id == s.file.Current, Added: s.file.Added[id], Retired: s.file.Retired[id],
			Receipts: one.receipt.Public().(ed25519.PublicKey),
		})
	}
	return list, nil
}

// Add puts a new key on the ring, which makes nothing yet, and gives its id: one more than the largest number there is.
func (s Secret) Add(now time.Time) (Secret, string) {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw) // crypto/rand never fails: it ends the program instead
	last := 0
	for id := range s.file.Keys {
		if n, err := strconv.Atoi(id); err == nil {
			last = max(last, n)
		}
	}
	next, id := s.copied(), strconv.Itoa(last+1)
	next.file.Keys[id], next.file.Added[id] = base64.StdEncoding.EncodeToString(raw), now.UTC().Truncate(time.Second)
	return next, id
}

// KnownAt is from when on every process has the key; zero when nobody noted when it was added.
func (s Secret) KnownAt(id string) time.Time {
	if added, noted := s.file.Added[id]; noted {
		return added.Add(Known)
	}
	return time.Time{}
}

// Current is the id of the current key.
func (s Secret) Current() string { return s.file.Current }

// RetiredAt is when a key ceased to be the current one; zero when it never was, or nobody noted it.
func (s Secret) RetiredAt(id string) time.Time { return s.file.Retired[id] }

// Use makes a key the current one, and notes when the one before was retired. ErrNoKey, ErrCurrent.
func (s Secret) Use(id string, now time.Time) (Secret, error) {
	if err := s.idle(id); err != nil {
		return s, err
	}
	next := s.copied()
	next.file.Retired[s.file.Current] = now.UTC().Truncate(time.Second)
	delete(next.file.Retired, id)
	next.file.Current = id
	return next, nil
}

// Remove takes a key off the ring. ErrNoKey, ErrCurrent.
func (s Secret) Remove(id string) (Secret, error) {
	if err := s.idle(id); err != nil {
		return s, err
	}
	next := s.copied()
	delete(next.file.Keys, id)
	delete(next.file.Added, id)
	delete(next.file.Retired, id)
	return next, nil
}

// idle refuses what is no key of the ring beside the current one.
func (s Secret) idle(id string) error {
	if _, is := s.file.Keys[id]; !is {
		return ErrNoKey
	}
	if id == s.file.Current {
		return ErrCurrent
	}
	return nil
}

func (s Secret) copied() Secret {
	f := file{Current: s.file.Current, Keys: maps.Clone(s.file.Keys), Added: maps.Clone(s.file.Added), Retired: maps.Clone(s.file.Retired)}
	if f.Added == nil {
		f.Added = map[string]time.Time{}
	}
	if f.Retired == nil {
		f.Retired = map[string]time.Time{}
	}
	return Secret{f}
}
