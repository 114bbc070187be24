package httpapi

import (
	"crypto/subtle"
	"net/http"
)

// canaryHeader carries the proof that the desk itself files, to try itself.
const canaryHeader = "X-Canary"

// MarkCanary marks a filing under an idempotency key as the desk's own trial, with a proof that nobody without the desk's
// keys can make.
func MarkCanary(h http.Header, keys PhotoIDs, idempotencyKey string) {
	h.Set(canaryHeader, canaryProof(keys, idempotencyKey))
}

// IsCanary reports whether the desk itself files under key. A mark with another proof is refused, since as a visitor's
// the filing would be a section's work.
func (r *Request) IsCanary(keys PhotoIDs, key string) (bool, error) {
	proof := r.Header(canaryHeader)
	if proof == "" {
		return false, nil
	}
	if subtle.ConstantTimeCompare([]byte(proof), []byte(canaryProof(keys, key))) == 0 {
		return false, errForbidden
	}
	return true, nil
}

func canaryProof(keys PhotoIDs, key string) string { return keys.Fingerprint("canary/" + key) }
