package seal

import (
	"crypto/ed25519"
	"maps"
	"slices"
)

// ReceiptKey is the key that signs receipts now.
func (k *Keys) ReceiptKey() ed25519.PrivateKey { return k.ring[k.current].receipt }

// ReceiptKeys lists the public keys of every receipt that is still good: the one that signs now, then those of
// older keys on the ring.
func (k *Keys) ReceiptKeys() []ed25519.PublicKey {
	public := []ed25519.PublicKey{k.ReceiptKey().Public().(ed25519.PublicKey)}
	for _, id := range slices.Sorted(maps.Keys(k.ring)) {
		if id != k.current {
			public = append(public, k.ring[id].receipt.Public().(ed25519.PublicKey))
		}
	}
	return public
}
