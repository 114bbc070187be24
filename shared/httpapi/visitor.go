package httpapi

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
)

// PhotoIDs signs the ids of photo slots, so that only ids this desk gave can be filed: *seal.Keys.
type PhotoIDs interface {
	Signer
	Verifies(text, sum string) bool
}

// Signer makes keyed sums: *seal.Keys.
type Signer interface{ Fingerprint(text string) string }

// NewPhotoID makes the id of a photo slot.
func NewPhotoID(keys Signer) string { return signPhoto(keys, strings.ToLower(rand.Text())) }

// PhotoIDOf makes the id of a photo that came with a form. Up to its signature it is the same for the same seed, whatever
// the desk's keys are by now, so that a form that is sent twice files once.
func PhotoIDOf(keys Signer, seed string) string {
	sum := sha256.Sum256([]byte("form photo/" + seed))
	return signPhoto(keys, strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:16])))
}

// photoSum is how many characters of a fingerprint sign a photo's id.
const photoSum = 16

func signPhoto(keys Signer, id string) string {
	return id + "-" + keys.Fingerprint("photo/" + id)[:photoSum]
}

// CheckPhotos refuses ids that NewPhotoID did not make. The error is an *Invalid.
func (r *Request) CheckPhotos(ids []string, keys PhotoIDs) error {
	var bad []Field
	for i, photo := range ids {
		id, sum, _ := strings.Cut(photo, "-")
		if len(sum) != photoSum || !keys.Verifies("photo/"+id, sum) {
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
