package suspicion

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"strconv"
	"strings"
	"time"

	"steledesk/shared/office"
)

// A Challenge is what a suspicious filing is asked for: work of Bits, or waiting for Wait.
type Challenge struct {
	Degree Degree
	Bits   int           // leading zero bits of the proof's SHA-256
	Wait   time.Duration // whole seconds
	Issued time.Time     // to the second
}

// Valid is how long after its issue a challenge can be met. A phone may lose its signal in between.
const Valid = time.Hour

// New gives the challenge of a degree. None has none.
func New(d Degree, l office.Limits, now time.Time) Challenge {
	return Challenge{
		Degree: d, Bits: l.ProofBits[d-1], Wait: time.Duration(l.WaitSeconds[d-1]) * time.Second,
		Issued: now.Truncate(time.Second),
	}
}

// Sum gives a keyed sum of a text, in hexadecimal, which nobody else can make: (*seal.Keys).Fingerprint.
type Sum func(text string) string

// Verify reports whether sum is such a keyed sum of text, whole, by any key that made some: (*seal.Keys).Verifies.
type Verify func(text, sum string) bool

// The token is 24 bytes in base64url: degree, bits, wait in seconds (2), time of issue in Unix seconds (4), and 16 of
// a keyed sum over them and the filing's idempotency key. Nothing of it is kept: a proof is good for one key, and a key
// files one ticket.
const (
	plainBytes = 8
	sumBytes   = 16
)

// Token writes the challenge for a filing's key.
func (c Challenge) Token(key string, sum Sum) string {
	plain := make([]byte, 0, plainBytes+sumBytes)
	plain = append(plain, byte(c.Degree), byte(c.Bits))
	plain = binary.BigEndian.AppendUint16(plain, uint16(c.Wait/time.Second))
	plain = binary.BigEndian.AppendUint32(plain, uint32(c.Issued.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(plain, signature(plain, key, sum)...))
}

// signed is what a token's sum is taken over.
func signed(plain []byte, key string) string { return "challenge/" + key + "/" + string(plain) }

func signature(plain []byte, key string, sum Sum) []byte {
	raw, err := hex.DecodeString(sum(signed(plain, key)))
	if err != nil || len(raw) < sumBytes {
		panic("suspicion: a keyed sum that is no hexadecimal of 16 bytes") // a mistake of wiring
	}
	return raw[:sumBytes]
}

// read gives the challenge of a token that was made for key and is still valid.
func read(token, key string, verify Verify, now time.Time) (Challenge, bool) {
	const letters = (plainBytes + sumBytes) * 4 / 3 // more are line breaks, which the decoder passes over
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(token) != letters || len(raw) != plainBytes+sumBytes || !verify(signed(raw[:plainBytes], key), hex.EncodeToString(raw[plainBytes:])) {
		return Challenge{}, false
	}
	c := Challenge{
		Degree: Degree(raw[0]), Bits: int(raw[1]),
		Wait:   time.Duration(binary.BigEndian.Uint16(raw[2:])) * time.Second,
		Issued: time.Unix(int64(binary.BigEndian.Uint32(raw[4:])), 0),
	}
	return c, !now.After(c.Issued.Add(Valid))
}

// Met says how a challenge was met.
type Met int

// How a challenge is met.
const (
	NotMet Met = iota
	Worked     // a proof of work was found
	Waited     // the time was waited out
)

// Check reads what came back for a key: a token with a nonce behind a colon that proves the work, or a token alone that
// was waited out. It gives the degree the challenge was for: suspicion may have grown since.
func Check(proof, key string, verify Verify, now time.Time) (Met, Degree) {
	token, nonce, worked := strings.Cut(proof, ":")
	c, valid := read(token, key, verify, now)
	switch {
	case !valid:
		return NotMet, None
	case worked && len(nonce) <= maxNonce && zeros(proof) >= c.Bits:
		return Worked, c.Degree
	case !now.Before(c.Issued.Add(c.Wait)):
		return Waited, c.Degree
	}
	return NotMet, None
}

// maxNonce is the most characters of a nonce: with its token it fits one block of SHA-256.
const maxNonce = 20

// zeros counts the leading zero bits of a text's SHA-256.
func zeros(text string) int {
	sum := sha256.Sum256([]byte(text))
	return bits.LeadingZeros64(binary.BigEndian.Uint64(sum[:8]))
}

// Work finds a proof of a token: "<token>:<nonce>", about 2^bits sums. It is what a browser does, for programs in Go.
func Work(token string, bits int) string {
	for n := 0; ; n++ {
		if proof := token + ":" + strconv.Itoa(n); zeros(proof) >= bits {
			return proof
		}
	}
}

// ---- when a form was opened --------------------------------------------------------------

// Stamp says when a form was opened, signed, for a field of the form.
func Stamp(now time.Time, sum Sum) string {
	at := strconv.FormatInt(now.Unix(), 10)
	return at + "." + sum("opened/" + at)[:2*sumBytes]
}

// Since gives how long ago a form was opened by its stamp; negative when it is no stamp of ours.
func Since(stamp string, verify Verify, now time.Time) time.Duration {
	at, sum, _ := strings.Cut(stamp, ".")
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || len(sum) != 2*sumBytes || !verify("opened/"+at, sum) {
		return -1
	}
	return now.Sub(time.Unix(seconds, 0))
}
