package account

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"time"
)

// SessionLasts is how long after signing in a session ends, whatever was done in it.
const SessionLasts = 12 * time.Hour

// Session is somebody signed in. The store has the sum of its token, never the token.
type Session struct {
	ID      string // SHA-256 of the token, hex
	Login   string
	Epoch   int // the account's when the session began
	Created time.Time
	Expires time.Time
}

// newToken makes a token that nobody can guess (130 random bits). It begins with the login, so
// that session and account are found by one reading.
func newToken(login string) string { return login + "." + strings.ToLower(rand.Text()) }

// tokenID gives the id of a token's session, and the login that the token claims; false for what
// is no token.
func tokenID(token string) (id, login string, ok bool) {
	login, random, _ := strings.Cut(token, ".")
	if CheckLogin(login) != nil || len(random) != 26 {
		return "", "", false
	}
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:]), login, true
}

// valid reports whether s, with the account it was found with, is a session at now.
func (s Session) valid(a Account, now time.Time) bool {
	return s.Login == a.Login && s.Epoch == a.Epoch && !a.Disabled && now.Before(s.Expires)
}

// CSRF gives the value that a page must send with every call that changes something, beside the
// session's cookie: other sites can make a browser send the cookie, but cannot read this.
func CSRF(token string) string {
	m := hmac.New(sha256.New, []byte(token))
	m.Write([]byte("steledesk/csrf"))
	return hex.EncodeToString(m.Sum(nil))
}

// CheckCSRF reports whether value is the token's CSRF, in a time that says nothing of how near it was.
func CheckCSRF(token, value string) bool {
	return subtle.ConstantTimeCompare([]byte(CSRF(token)), []byte(value)) == 1
}
