package seal

import (
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
)

// A desk signs its messages to push services with a key pair on P-256 (VAPID, RFC 8292). A phone's subscription is bound to
// the public key it was made with, so that older keys of the ring go on signing for older subscriptions.

// PushKey is the public key that phones subscribe with now: an uncompressed point in base64url, as browsers take it.
func (k *Keys) PushKey() string { return public(k.inForce().now().push) }

// PushSecret is the private key, in base64url, that belongs to a public one; ok is false when it is not on the ring.
func (k *Keys) PushSecret(pushKey string) (secret string, ok bool) {
	ok = k.holds(func(r *ring) bool {
		for _, one := range r.keys {
			if public(one.push) == pushKey {
				secret = base64.RawURLEncoding.EncodeToString(one.push.Bytes())
				return true
			}
		}
		return false
	})
	return secret, ok
}

func public(k *ecdh.PrivateKey) string {
	return base64.RawURLEncoding.EncodeToString(k.PublicKey().Bytes())
}

// derivePush makes the key pair. One secret in four thousand million gives no number that P-256 takes at the first try.
func derivePush(raw []byte) (*ecdh.PrivateKey, error) {
	var err error
	for try := range 3 {
		var scalar []byte
		if scalar, err = hkdf.Key(sha256.New, raw, nil, fmt.Sprintf("steledesk/push/%d", try), 32); err != nil {
			break
		}
		var key *ecdh.PrivateKey
		if key, err = ecdh.P256().NewPrivateKey(scalar); err == nil {
			return key, nil
		}
	}
	return nil, fmt.Errorf("derive push key: %w", err)
}
