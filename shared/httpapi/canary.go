package httpapi

import "net/http"

// canaryHeader carries the proof that the desk itself files, to try itself.
const canaryHeader = "X-Canary"

// canaryProof is the length of a proof: a whole fingerprint.
const canaryProof = 32

// MarkCanary marks a filing under an idempotency key as the desk's own trial, with a proof that nobody without the desk's
// keys can make.
func MarkCanary(h http.Header, keys Signer, idempotencyKey string) {
	h.Set(canaryHeader, keys.Fingerprint(canaryText(idempotencyKey)))
}

// IsCanary reports whether the desk itself files under key. A mark with another proof is refused, since as a visitor's
// the filing would be a section's work.
func (r *Request) IsCanary(keys PhotoIDs, key string) (bool, error) {
	proof := r.Header(canaryHeader)
	if proof == "" {
		return false, nil
	}
	if len(proof) != canaryProof || !keys.Verifies(canaryText(key), proof) {
		return false, errForbidden
	}
	return true, nil
}

func canaryText(key string) string { return "canary/" + key }
