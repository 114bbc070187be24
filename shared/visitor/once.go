package visitor

import (
	"strings"

	"steledesk/shared/seal"
)

// maxNumbers is how many numbers a key may try: two keys share one with a chance of one in
// 34 thousand millions a pair.
const maxNumbers = 4

// Once derives the numbers of one filing. While the desk's keys change, some processes derive with one key and some with
// another, and a filing that is sent again may meet another than the first time: so each key of the ring gives it a
// number, it takes the current key's, and only where it has none of the others. With one key there are no others.
type Once struct {
	ring        []seal.Key
	prefix, key string
	attempts    []int // of each key of the ring
}

// NewOnce begins with the first numbers of an idempotency key. The ring's first key is the one to file with.
func NewOnce(ring []seal.Key, prefix, key string) *Once {
	return &Once{ring: ring, prefix: prefix, key: key, attempts: make([]int, len(ring))}
}

// Numbers gives the number to file under, and those that the same filing would have by other keys. ok is false when every
// number that the key may try is another filing's.
func (o *Once) Numbers() (own string, others []string, ok bool) {
	if o.attempts[0] >= maxNumbers {
		return "", nil, false
	}
	for i := 1; i < len(o.ring); i++ {
		if o.attempts[i] < maxNumbers {
			others = append(others, o.number(i))
		}
	}
	return o.number(0), others, true
}

func (o *Once) number(i int) string { return o.ring[i].Number(o.prefix, o.key, o.attempts[i]) }

// Met reports whether the filing that has one of the numbers is this very one, and the key of the ring it was stored with.
// When it is another's, Numbers gives the next.
func (o *Once) Met(t *Taken) (by seal.Key, same bool) {
	at := 0
	for i := range o.ring {
		if o.attempts[i] < maxNumbers && o.number(i) == t.Number {
			at = i
			break
		}
	}
	if by = o.ring[at]; t.KeySum == KeySum(by, o.key) {
		return by, true
	}
	o.attempts[at]++
	return seal.Key{}, false
}

// KeySum is what a filing is recognised by when it is sent again.
func KeySum(by seal.Key, idempotencyKey string) string {
	return by.Fingerprint("key/" + idempotencyKey)
}

// MatterSum is what another filing under the same key is told from it by.
func MatterSum(by seal.Key, matter []byte) string { return by.Fingerprint("matter/" + string(matter)) }

// FilingSalt is the salt of a filing's words.
func FilingSalt(by seal.Key, idempotencyKey string) string {
	return by.Fingerprint("salt/" + idempotencyKey)
}

// samePhotos reports whether two lists name the same photos: a photo that comes with a form is named anew when the form is
// sent again, and the second half of its name is signed with the key of that moment.
func samePhotos(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		first, _, _ := strings.Cut(a[i], "-")
		second, _, _ := strings.Cut(b[i], "-")
		if first != second {
			return false
		}
	}
	return true
}
