package account

import (
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Why says what is wrong with a new password.
type Why string

// What can be wrong with a new password.
const (
	Short  Why = "short"  // fewer than 10 characters
	Long   Why = "long"   // more than 128
	Login  Why = "login"  // it holds the login
	Common Why = "common" // one of those that everybody tries first
	Same   Why = "same"   // as the old one
)

// Weak is the error of a password that is not taken.
type Weak struct{ Why Why }

func (w *Weak) Error() string { return "password is not good enough: " + string(w.Why) }

// The least and the most characters of a password. Length is what makes it hard to guess (NIST SP
// 800-63B, 5.1.1.2); which characters it has is not asked.
const (
	MinPassword = 10
	MaxPassword = 128
)

// tellingLogin is from how many characters on a login in a password is no coincidence.
const tellingLogin = 4

// common are the passwords that are tried first, one a line, in lower case.
//
//go:embed common.txt
var common string

// CheckPassword refuses what is guessed easily. The error is a *Weak.
func CheckPassword(password, login string) error {
	n := utf8.RuneCountInString(password)
	plain := strings.ToLower(password)
	switch {
	case n < MinPassword:
		return &Weak{Short}
	case n > MaxPassword:
		return &Weak{Long}
	case len(login) >= tellingLogin && strings.Contains(plain, login) && n-len(login) < MinPassword:
		return &Weak{Login}
	case isCommon(plain):
		return &Weak{Common}
	}
	return nil
}

// isCommon reports whether a password in lower case, or what is left of it without the digits and
// signs around it, is common; or whether it has hardly any different characters.
func isCommon(plain string) bool {
	letters := strings.TrimFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) })
	different := map[rune]bool{}
	for _, r := range plain {
		different[r] = true
	}
	for line := range strings.Lines(common) {
		if word := strings.TrimSpace(line); word == plain || word == letters {
			return true
		}
	}
	return len(different) < 4
}

// NewPassword makes a password for an operator to hand over: 80 random bits, easy to type.
func NewPassword() string {
	text := strings.ToLower(rand.Text())
	return text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16]
}

// cost is what one hashing takes; the OWASP Password Storage Cheat Sheet's second choice for argon2id.
type cost struct {
	memory, time uint32 // KiB, passes
	threads      uint8
}

var present = cost{memory: 19 << 10, time: 2, threads: 1}

const saltBytes, sumBytes = 16, 32

// The most that checking a stored hash may cost: a damaged one must not take all memory.
const maxMemory, maxTime, maxThreads = 256 << 10, 16, 16

// Hash gives a password's argon2id hash as a PHC string, "$argon2id$v=19$m=19456,t=2,p=1$salt$sum".
func Hash(password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // crypto/rand never fails: it ends the program instead
	return phc(present, salt, present.sum(password, salt))
}

func (c cost) sum(password string, salt []byte) []byte {
	return argon2.IDKey([]byte(password), salt, c.time, c.memory, c.threads, sumBytes)
}

func (c cost) sane() bool {
	return c.memory <= maxMemory && 0 < c.time && c.time <= maxTime && 0 < c.threads && c.threads <= maxThreads
}

func phc(c cost, salt, sum []byte) string {
	e := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads, e.EncodeToString(salt), e.EncodeToString(sum))
}

// parsePHC reads what phc wrote; false for anything else.
func parsePHC(hash string) (c cost, salt, sum []byte, ok bool) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, false
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); n != 3 || err != nil || !c.sane() {
		return c, nil, nil, false
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	sum, sumErr := base64.RawStdEncoding.DecodeString(parts[5])
	return c, salt, sum, saltErr == nil && sumErr == nil && len(sum) == sumBytes
}

// matches reports whether hash is password's. A hash that is none takes as long as one that is:
// logins that do not exist are not told apart by the clock.
func matches(hash, password string) bool {
	c, salt, sum, ok := parsePHC(hash)
	if !ok {
		c, salt, sum = present, make([]byte, saltBytes), make([]byte, sumBytes)
	}
	if utf8.RuneCountInString(password) > MaxPassword {
		password, ok = "", false // a megabyte of it is not hashed
	}
	same := subtle.ConstantTimeCompare(c.sum(password, salt), sum) == 1
	return same && ok
}

// outdated reports whether new passwords are hashed more strongly than hash was.
func outdated(hash string) bool {
	c, _, _, ok := parsePHC(hash)
	return ok && (c.memory < present.memory || c.time < present.time)
}

// proof remembers what a password was checked against, so that trying again costs no hashing.
type proof struct {
	done  bool
	hash  string
	right bool
}

func (p *proof) holds(hash, password string) bool {
	if !p.done || p.hash != hash {
		*p = proof{done: true, hash: hash, right: matches(hash, password)}
	}
	return p.right
}
