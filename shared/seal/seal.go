// Package seal keeps the desk's secrets: it derives ticket numbers and codes, seals personal data,
// and gives fingerprints that say nothing of what they were taken from.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"steledesk/shared/ticket"
)

// ErrSealed is the error of sealed text that cannot be opened: another key, another place, or a
// changed byte.
var ErrSealed = errors.New("cannot open sealed text")

// ErrGone is that ErrSealed whose text names a key that is not on the ring: it was taken off. Of text that is damaged, or of
// another place, nobody can say that.
var ErrGone = fmt.Errorf("%w: its key is gone", ErrSealed)

// ErrUnread is the error of sealed text whose key is not known while the keys could not be read again: it may open later,
// and is no reason to give anything up.
var ErrUnread = errors.New("the keys could not be read again")

// Keys is the ring of the desk's keys. New things are made with the current one; what older ones
// made stays readable until they are taken off the ring.
type Keys struct {
	ring   atomic.Pointer[ring]
	source *source // where they are read again; nil: they are what was parsed, for ever
}

// ring is what Keys know at one moment. It never changes.
type ring struct {
	current string
	keys    map[string]Key
	retired map[string]time.Time // when those that were current before ceased to be
}

// Key is one key of a ring.
type Key struct {
	number, code, fingerprint []byte
	receipt                   ed25519.PrivateKey
	push                      *ecdh.PrivateKey
	sealer                    cipher.AEAD
}

type file struct {
	Current string               `json:"current"`
	Keys    map[string]string    `json:"keys"`
	Added   map[string]time.Time `json:"added,omitempty"`   // of those that came after the first
	Retired map[string]time.Time `json:"retired,omitempty"` // of those that were current before
}

// New makes the secret of a new desk: {"current":"1","keys":{"1":"<32 random bytes, base64>"}}.
func New() []byte {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // crypto/rand never fails: it ends the program instead
	out, _ := json.Marshal(file{Current: "1", Keys: map[string]string{"1": base64.StdEncoding.EncodeToString(b)}})
	return out
}

// ParseKeys reads what New wrote, or a ring with more keys.
func ParseKeys(b []byte) (*Keys, error) {
	r, err := parse(b)
	if err != nil {
		return nil, err
	}
	k := new(Keys)
	k.ring.Store(r)
	return k, nil
}

func parse(b []byte) (*ring, error) {
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, errors.New(`want JSON {"current":"1","keys":{"1":"<32 bytes, base64>"}}; make one with: steledesk secret init`)
	}
	if _, ok := f.Keys[f.Current]; !ok {
		return nil, fmt.Errorf("current key %q is not among the keys", f.Current)
	}
	r := &ring{current: f.Current, keys: make(map[string]Key, len(f.Keys)), retired: f.Retired}
	for id, text := range f.Keys {
		raw, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(raw) < 32 {
			return nil, fmt.Errorf("key %q: want at least 32 bytes in base64", id)
		}
		if strings.Contains(id, ":") {
			return nil, fmt.Errorf("key %q: its name may not contain a colon", id)
		}
		if r.keys[id], err = derive(raw); err != nil {
			return nil, fmt.Errorf("key %q: %w", id, err)
		}
	}
	return r, nil
}

// derive gives each purpose a key of its own, so that none says anything of another.
func derive(raw []byte) (Key, error) {
	var keys [5][]byte
	for i, purpose := range []string{"number", "code", "fingerprint", "seal", "receipt"} {
		var err error
		if keys[i], err = hkdf.Key(sha256.New, raw, nil, "steledesk/"+purpose, 32); err != nil {
			return Key{}, fmt.Errorf("derive %s key: %w", purpose, err)
		}
	}
	block, err := aes.NewCipher(keys[3])
	if err != nil {
		return Key{}, fmt.Errorf("derive seal key: %w", err)
	}
	sealer, err := cipher.NewGCM(block)
	if err != nil {
		return Key{}, fmt.Errorf("derive seal key: %w", err)
	}
	push, err := derivePush(raw)
	if err != nil {
		return Key{}, err
	}
	return Key{
		number: keys[0], code: keys[1], fingerprint: keys[2], sealer: sealer, receipt: ed25519.NewKeyFromSeed(keys[4]), push: push,
	}, nil
}

// Number gives the ticket number of an idempotency key: the same key always finds the same number.
// When that number is taken by another key (one filing in thousands once a million are stored),
// the next attempt gives the next number.
func (k Key) Number(prefix, idempotencyKey string, attempt int) string {
	return ticket.NewNumber(prefix, number(k.number, fmt.Sprintf("%d/%s", attempt, idempotencyKey)))
}

// Code gives the code that opens a ticket to its visitor.
func (k Key) Code(ticketNumber string) string { return ticket.NewCode(number(k.code, ticketNumber)) }

// Fingerprint gives a short keyed sum of text, to compare later without keeping the text.
func (k Key) Fingerprint(text string) string {
	m := hmac.New(sha256.New, k.fingerprint)
	m.Write([]byte(text))
	return hex.EncodeToString(m.Sum(nil)[:fingerprintBytes])
}

const fingerprintBytes = 16

// Code gives the code that opens a ticket to its visitor, by the current key.
func (k *Keys) Code(ticketNumber string) string { return k.inForce().now().Code(ticketNumber) }

// Opens reports whether code is the number's, whichever key of the ring made it, in a time that
// says nothing of how near it was.
func (k *Keys) Opens(ticketNumber, code string) bool {
	typed, err := ticket.ParseCode(code)
	if err != nil {
		return false
	}
	return k.holds(func(r *ring) bool {
		match := 0
		for _, one := range r.keys {
			match |= subtle.ConstantTimeCompare([]byte(typed), []byte(one.Code(ticketNumber)))
		}
		return match == 1
	})
}

// Fingerprint is that of the current key: whoever compares it with one that was kept asks Verifies, or Ring, since a key
// may have come between them.
func (k *Keys) Fingerprint(text string) string { return k.inForce().now().Fingerprint(text) }

// Verifies reports whether sum is a fingerprint of text, or the first half of one, whichever key of the ring made it, in
// a time that says nothing of how near it was.
func (k *Keys) Verifies(text, sum string) bool {
	if len(sum) != fingerprintBytes && len(sum) != 2*fingerprintBytes {
		return false
	}
	return k.holds(func(r *ring) bool {
		match := 0
		for _, one := range r.keys {
			match |= subtle.ConstantTimeCompare([]byte(sum), []byte(one.Fingerprint(text)[:len(sum)]))
		}
		return match == 1
	})
}

// Seal encrypts text (AES-256-GCM). It opens only where place is the same: a sealed contact copied
// to another ticket stays shut. The result names the key, "1:…".
func (k *Keys) Seal(text, place string) string {
	r := k.inForce()
	return r.current + ":" + base64.RawStdEncoding.EncodeToString(r.now().seal(text, place))
}

// seal gives a nonce and what was sealed with it.
func (k Key) seal(text, place string) []byte {
	nonce := make([]byte, k.sealer.NonceSize())
	_, _ = rand.Read(nonce)
	return k.sealer.Seal(nonce, nonce, []byte(text), []byte(place))
}

// Open decrypts what Seal gave, or gives ErrSealed (which ErrGone is too), or ErrUnread.
func (k *Keys) Open(sealed, place string) (string, error) {
	id, text, found := strings.Cut(sealed, ":")
	if !found {
		return "", ErrSealed
	}
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return "", ErrSealed
	}
	return k.unseal(id, raw, place)
}

// unseal opens a nonce and what was sealed with it.
func (k *Keys) unseal(id string, raw []byte, place string) (string, error) {
	var one Key
	if !k.holds(func(r *ring) (known bool) { one, known = r.keys[id]; return known }) {
		if k.unread() {
			return "", fmt.Errorf("%w: no key %q", ErrUnread, id)
		}
		return "", fmt.Errorf("%w: no key %q", ErrGone, id)
	}
	n := one.sealer.NonceSize()
	if len(raw) < n {
		return "", ErrSealed
	}
	plain, err := one.sealer.Open(nil, raw[:n], raw[n:], []byte(place))
	if err != nil {
		return "", ErrSealed
	}
	return string(plain), nil
}

func number(key []byte, text string) uint64 {
	m := hmac.New(sha256.New, key)
	m.Write([]byte(text))
	return binary.BigEndian.Uint64(m.Sum(nil))
}
