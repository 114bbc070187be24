package ticket

import (
	"errors"
	"strings"
)

// ErrNumber is the error of text that is no ticket number, or was mistyped.
var ErrNumber = errors.New("not a ticket number")

// ErrCode is the error of text that cannot be a ticket's code.
var ErrCode = errors.New("not a ticket code")

const (
	crockford    = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // no I, L, O, U: nothing to confuse on paper
	numberDigits = 7                                  // 35 bits, and a check character behind them
	codeDigits   = 10                                 // 50 bits
)

// NewNumber writes the low 35 bits of v as a ticket number: "WX-7K3FQ2MK", seven characters of
// Crockford's base 32 and one that checks them.
func NewNumber(prefix string, v uint64) string {
	digits := base32(v, numberDigits)
	return prefix + "-" + digits + string(check(digits))
}

// NewCode writes the low 50 bits of v as a ticket's code: "4T9XQ-20KMB".
func NewCode(v uint64) string {
	c := base32(v, codeDigits)
	return c[:5] + "-" + c[5:]
}

// ParseNumber reads a number as people type it: in lower case, with spaces, with O for 0 and I or
// L for 1. One wrong character, or two exchanged ones, give ErrNumber.
func ParseNumber(s string) (string, error) {
	s = strings.ToUpper(plain(s))
	if len(s) != 2+numberDigits+1 || !letters(s[:2]) {
		return "", ErrNumber
	}
	digits, ok := canonical(s[2:])
	if !ok || check(digits[:numberDigits]) != digits[numberDigits] {
		return "", ErrNumber
	}
	return s[:2] + "-" + digits, nil
}

// ParseCode reads a code as people type it, or gives ErrCode.
func ParseCode(s string) (string, error) {
	digits, ok := canonical(strings.ToUpper(plain(s)))
	if !ok || len(digits) != codeDigits {
		return "", ErrCode
	}
	return digits[:5] + "-" + digits[5:], nil
}

func base32(v uint64, digits int) string {
	out := make([]byte, digits)
	for i := digits - 1; i >= 0; i-- {
		out[i] = crockford[v&31]
		v >>= 5
	}
	return string(out)
}

// check gives the character that makes every single wrong character and every exchange of two
// visible: the digits weighted by the powers of a generator of GF(32).
func check(digits string) byte {
	var sum byte
	weight := byte(1)
	for i := range len(digits) {
		weight = times(weight, 2)
		sum ^= times(byte(strings.IndexByte(crockford, digits[i])), weight)
	}
	return crockford[sum]
}

// times multiplies in GF(32), modulo x⁵+x²+1.
func times(a, b byte) byte {
	var p byte
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			p ^= a
		}
		a <<= 1
		if a&32 != 0 {
			a ^= 0b100101
		}
	}
	return p
}

// plain drops what people put between characters, and folds full-width forms, which Chinese
// keyboards type.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '-' || r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '—' || r == '–' || r == '　' || r == '－':
			return -1
		case r >= '！' && r <= '～':
			return r - '！' + '!'
		}
		return r
	}, s)
}

func letters(s string) bool {
	return strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func canonical(s string) (string, bool) {
	out := strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(s)
	return out, strings.Trim(out, crockford) == ""
}
