package seal

import "crypto/ed25519"

// ReceiptKey is the key that signs receipts.
func (k Key) ReceiptKey() ed25519.PrivateKey { return k.receipt }

// ReceiptKey is the key that signs receipts now.
func (k *Keys) ReceiptKey() ed25519.PrivateKey { return k.inForce().now().receipt }

// ReceiptKeys lists the public keys of every receipt that is still good: the one that signs now, then those of
// older keys on the ring. Whoever meets a receipt of none of them calls Renew and looks again.
func (k *Keys) ReceiptKeys() []ed25519.PublicKey {
	r := k.inForce()
	var public []ed25519.PublicKey
	for _, id := range r.ids() {
		public = append(public, r.keys[id].receipt.Public().(ed25519.PublicKey))
	}
	return public
}
