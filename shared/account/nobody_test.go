package account

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"
)

// hashMemory is what one hash takes at least, in bytes: 19 MiB are asked of Argon2.
const hashMemory = 16 << 20

// one is a store with a single account, and no lock that grows: what is asked of it is what a sign-in costs.
type one struct {
	Store // nil: what is not below, no sign-in calls
	has   Account
}

func (o one) Credentials(_ context.Context, login string) (Credentials, error) {
	if login != o.has.Login {
		return Credentials{}, nil
	}
	return Credentials{Account: o.has}, nil
}

func (o one) PutLock(context.Context, string, Lock) error            { return nil }
func (o one) PutSession(context.Context, Credentials, Session) error { return nil }

// hashesOf counts the hashes that a sign-in costs, by what Argon2 takes of memory: that it ran, on any machine.
func hashesOf(t *testing.T, s Service, login, password string) (int, error) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, _, _, err := s.SignIn(t.Context(), login, password, nine)
	runtime.ReadMemStats(&after)
	return int((after.TotalAlloc - before.TotalAlloc) / hashMemory), err
}

// Whoever signs in, somebody, nobody, somebody disabled, or what can be no login at all, costs one hash, and hears the
// same: neither the time of an answer nor its words say which logins there are.
func TestEverySignInCostsOneHash(t *testing.T) {
	const right = "correct horse battery"
	hash := Hash(right)
	somebody, disabled := Account{Login: "somebody", PasswordHash: hash}, Account{Login: "disabled", PasswordHash: hash, Disabled: true}
	for name, tt := range map[string]struct {
		has             Account
		login, password string
		want            error
	}{
		"somebody":                       {somebody, "somebody", right, nil},
		"somebody, wrong password":       {somebody, "somebody", "wrong horse battery", ErrWrong},
		"somebody, a megabyte":           {somebody, "somebody", strings.Repeat("x", 1<<20), ErrWrong},
		"somebody without a password":    {Account{Login: "somebody"}, "somebody", right, ErrWrong},
		"nobody":                         {somebody, "nobody", right, ErrWrong},
		"disabled":                       {disabled, "disabled", right, ErrWrong},
		"disabled, wrong password":       {disabled, "disabled", "wrong horse battery", ErrWrong},
		"what can be no login":           {somebody, "../Some Body", right, ErrWrong},
		"no login":                       {somebody, "", right, ErrWrong},
		"a login that is far too long":   {somebody, strings.Repeat("a", 64), right, ErrWrong},
		"a login of the form of a token": {somebody, "somebody.aaaaaaaaaaaaaaaaaaaaaaaaaa", right, ErrWrong},
	} {
		hashes, err := hashesOf(t, Service{Store: one{has: tt.has}}, tt.login, tt.password)
		if hashes != 1 || !errors.Is(err, tt.want) {
			t.Errorf("%s: %d hashes and %v, want 1 and %v", name, hashes, err, tt.want)
		}
	}
}
