// Package receipt is the proof a visitor keeps of a filing: one line of text, signed by the desk, that anybody can
// check with the desk's public key and without the desk. It is pure.
//
// The line has nine parts with dots between them; the last is the Ed25519 signature (RFC 8032) of all that stands
// before its dot, as ASCII:
//
//	R1.<key>.<number>.<filed>.<answer by>.<section>.<words>.<salt>.<signature>
//
//	key        the public key's id: the first 6 bytes of its SHA-256, base64url
//	filed      20261123T010000Z, UTC, to the second; answer by the same, empty when it was not known
//	section    the id of the section that had it then; empty for a 举报, whose section nobody need see
//	words      SHA-256, base64url, of {"text":"…","wish":"…","salt":"…"} as JSON (no wish: left out); it is also the
//	           "words" of the ticket's first event, so that a receipt can be held against the chain
//	salt       the 16 bytes that stand there in hex, base64url
package receipt

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"

	"steledesk/shared/ticket"
)

// The errors of Check.
var (
	ErrForm       = errors.New("not a receipt: want nine parts that begin with R1")
	ErrUnknownKey = errors.New("signed with a key that is not this desk's")
	ErrForged     = errors.New("the signature does not fit: something was changed")
)

// Receipt is what a filing's receipt says.
type Receipt struct {
	Number   string
	FiledAt  time.Time // to the second
	AnswerBy time.Time // to the second; zero: not known when it was filed
	Section  string    // id; empty for a 举报
	Words    string    // ticket.Words.Sum of what was filed
	Salt     string    // the salt it was taken with: 16 bytes in hex
}

// Format says in a few lines how a receipt is made and checked; the API publishes it beside the keys.
const Format = "R1.<key>.<number>.<filed at>.<answer by>.<section>.<words>.<salt>.<signature>; " +
	"the signature (Ed25519, base64url) is of the ASCII text before the last dot; times are UTC, 20260102T150405Z, empty when not known; " +
	"words is the SHA-256 (base64url) of the JSON {\"text\":…,\"wish\":…,\"salt\":…}, wish left out when empty, salt the decoded salt in hex, " +
	"without spaces between, in which <, > and & stand as \\u003c, \\u003e and \\u0026"

// Code is the name of a Check error in the API and the catalogue.
func Code(err error) string {
	switch {
	case errors.Is(err, ErrForged):
		return "receipt-forged"
	case errors.Is(err, ErrUnknownKey):
		return "receipt-key"
	}
	return "receipt-form"
}

const (
	version = "R1"
	parts   = 9
	layout  = "20060102T150405Z"
)

var encoding = base64.RawURLEncoding.Strict()

// Encode writes bytes as receipts have them: base64url without padding.
func Encode(b []byte) string { return encoding.EncodeToString(b) }

// KeyID names a public key in a few characters.
func KeyID(key ed25519.PublicKey) string {
	sum := sha256.Sum256(key)
	return Encode(sum[:6])
}

// PEM writes a public key as openssl reads it.
func PEM(key ed25519.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("encode receipt key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// Sign writes the receipt. The same receipt and key give the same line.
func (r Receipt) Sign(key ed25519.PrivateKey) (string, error) {
	words, err := hex.DecodeString(r.Words)
	if err != nil || len(words) != sha256.Size {
		return "", fmt.Errorf("sign receipt of %s: %q is no sum of words", r.Number, r.Words)
	}
	salt, err := hex.DecodeString(r.Salt)
	if err != nil {
		return "", fmt.Errorf("sign receipt of %s: the salt is not hex", r.Number)
	}
	said := strings.Join([]string{
		version, KeyID(key.Public().(ed25519.PublicKey)), r.Number, moment(r.FiledAt), moment(r.AnswerBy), r.Section,
		Encode(words), Encode(salt),
	}, ".")
	return said + "." + Encode(ed25519.Sign(key, []byte(said))), nil
}

// Check reads a receipt that one of the keys signed. Space around and inside it, which copying leaves, does not
// matter. Errors: ErrForm, ErrUnknownKey, ErrForged.
func Check(line string, keys []ed25519.PublicKey) (Receipt, error) {
	line = strings.Join(strings.Fields(line), "")
	part := strings.Split(line, ".")
	if len(part) != parts || part[0] != version {
		return Receipt{}, ErrForm
	}
	signature, err := encoding.DecodeString(part[parts-1])
	if err != nil || len(signature) != ed25519.SignatureSize {
		return Receipt{}, ErrForm
	}
	said := []byte(line[:strings.LastIndexByte(line, '.')])
	for _, key := range keys {
		if KeyID(key) != part[1] {
			continue
		}
		if !ed25519.Verify(key, said, signature) {
			return Receipt{}, ErrForged
		}
		return read(part)
	}
	return Receipt{}, ErrUnknownKey
}

// read takes the parts of a line whose signature is good.
func read(part []string) (Receipt, error) {
	filed, err1 := instant(part[3])
	by, err2 := instant(part[4])
	words, err3 := encoding.DecodeString(part[6])
	salt, err4 := encoding.DecodeString(part[7])
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return Receipt{}, fmt.Errorf("%w: %w", ErrForm, err)
	}
	return Receipt{
		Number: part[2], FiledAt: filed, AnswerBy: by, Section: part[5],
		Words: hex.EncodeToString(words), Salt: hex.EncodeToString(salt),
	}, nil
}

// Proves reports whether the text and the wish are what was filed. Space around them, and how a browser breaks
// lines, does not matter.
func (r Receipt) Proves(text, wish string) bool {
	for _, lines := range []*strings.Replacer{strings.NewReplacer(), strings.NewReplacer("\r\n", "\n"), strings.NewReplacer("\r\n", "\n", "\n", "\r\n")} {
		w := ticket.Words{Text: strings.TrimSpace(lines.Replace(text)), Wish: strings.TrimSpace(lines.Replace(wish)), Salt: r.Salt}
		if sum, err := w.Sum(); err == nil && sum == r.Words {
			return true
		}
	}
	return false
}

// Find gives the receipt that a text holds: the text itself, or the address of a page that checks one (…?r=R1.…).
// Empty when it holds none.
func Find(text string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "\uFFFD")), "") // halves of a letter must not join to a blank
	if _, query, is := strings.Cut(text, "?"); is {
		for pair := range strings.SplitSeq(query, "&") {
			if line, is := strings.CutPrefix(pair, "r="); is {
				text = line
			}
		}
	}
	if strings.HasPrefix(text, version+".") {
		return text
	}
	return ""
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(layout)
}

func instant(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(layout, text)
	return t.In(ticket.Zone), err
}
