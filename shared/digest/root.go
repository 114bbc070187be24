package digest

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
)

// Root sums up the chains of all tickets of a month, so that whoever keeps the digest can prove later that none of
// them was changed, added or taken away. One shard's tickets are added in the order of their numbers.
type Root struct {
	sum hash.Hash
	n   int
}

// NewRoot begins a shard.
func NewRoot() *Root { return &Root{sum: sha256.New()} }

// Add adds a ticket: its number and the hash of its last event up to the cut-off, a line of each.
func (r *Root) Add(number, last string) {
	r.sum.Write([]byte(number + " " + last + "\n"))
	r.n++
}

// Sum gives the shard's sum in hex.
func (r *Root) Sum() string { return hex.EncodeToString(r.sum.Sum(nil)) }

// RootOf gives the root of a month: the SHA-256, in hex, of its shards' sums in their order, a line of each.
func RootOf(shards []string) string {
	sum := sha256.New()
	for _, s := range shards {
		sum.Write([]byte(s + "\n"))
	}
	return hex.EncodeToString(sum.Sum(nil))
}
