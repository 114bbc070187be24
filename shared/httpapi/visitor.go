package httpapi

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"strings"
)

// PhotoIDs signs the ids of photo slots, so that only ids this desk gave can be filed: *seal.Keys.
type PhotoIDs interface{ Fingerprint(text string) string }

// NewPhotoID makes the id of a photo slot.
func NewPhotoID(keys PhotoIDs) string {
	id := strings.ToLower(rand.Text())
	return id + "-" + keys.Fingerprint("photo/" + id)[:16]
}

// PhotoIDOf makes the id of a photo that came with a form: the same for the same seed, so that a form that is sent twice
// files once.
func PhotoIDOf(keys PhotoIDs, seed string) string {
	sum, _ := hex.DecodeString(keys.Fingerprint("form photo/" + seed)) // it is hexadecimal
	id := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum))
	return id + "-" + keys.Fingerprint("photo/" + id)[:16]
}

// CheckPhotos refuses ids that NewPhotoID did not make. The error is an *Invalid.
func (r *Request) CheckPhotos(ids []string, keys PhotoIDs) error {
	var bad []Field
	for i, photo := range ids {
		id, sum, _ := strings.Cut(photo, "-")
		if subtle.ConstantTimeCompare([]byte(keys.Fingerprint("photo/" + id)[:16]), []byte(sum)) == 0 {
			bad = append(bad, r.field(fmt.Sprintf("/photos/%d", i), "photoid"))
		}
	}
	if len(bad) > 0 {
		return &Invalid{Code: "invalid", Fields: bad}
	}
	return nil
}

// IdempotencyKey reads the key that makes a repeated call the same call: 16 to 128 visible ASCII
// characters. The error is an *Invalid.
func (r *Request) IdempotencyKey(required bool) (string, error) {
	key := r.Header("idempotency-key")
	if key == "" && !required {
		return "", nil
	}
	visible := strings.IndexFunc(key, func(c rune) bool { return c <= ' ' || c > '~' }) < 0
	if len(key) < 16 || len(key) > 128 || !visible {
		return "", &Invalid{Code: "key-missing"}
	}
	return key, nil
}
