package dynamo

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"steledesk/shared/account"
	"steledesk/shared/ticket"
)

const goodPassword = "stone lantern river"

// staffed gives the accounts of a new table, with one clerk.
func staffed(t *testing.T) (account.Service, *Table) {
	t.Helper()
	table := newTable(t)
	s := account.Service{Store: table}
	a := account.Account{Login: "clerk", Name: "票务科", Roles: []ticket.Role{ticket.SectionStaff}, Sections: []string{"ticketing"}}
	if err := s.Add(t.Context(), a, goodPassword, nine); err != nil {
		t.Fatal(err)
	}
	return s, table
}

func signIn(t *testing.T, s account.Service) string {
	t.Helper()
	token, session, who, err := s.SignIn(t.Context(), "clerk", goodPassword, nine)
	if err != nil || who.Login != "clerk" || !who.Is(ticket.SectionStaff) || session.Expires != nine.Add(account.SessionLasts) {
		t.Fatalf("sign in: %+v, %+v, %v", session, who, err)
	}
	return token
}

// in reports whether token's session holds at a time.
func in(t *testing.T, s account.Service, token string, at time.Time) bool {
	t.Helper()
	who, err := s.Principal(t.Context(), token, at)
	if err != nil && !errors.Is(err, account.ErrNoSession) {
		t.Fatal(err)
	}
	return err == nil && who.Login == "clerk"
}

// A session that is over lets nobody in from the next call on, however it ended.
func TestEndedSessionsAreRefusedAtOnce(t *testing.T) {
	tests := []struct {
		name string
		end  func(account.Service, string) error
		at   time.Time
	}{
		{"signed out", func(s account.Service, token string) error { return s.SignOut(t.Context(), token) }, nine},
		{"disabled", func(s account.Service, _ string) error { return s.Disable(t.Context(), "clerk") }, nine},
		{"reset", func(s account.Service, _ string) error { _, err := s.Reset(t.Context(), "clerk", nine); return err }, nine},
		{"password changed elsewhere", func(s account.Service, _ string) error {
			return s.ChangePassword(t.Context(), signIn(t, s), goodPassword, "another good one", nine)
		}, nine},
		{"expired", func(account.Service, string) error { return nil }, nine.Add(account.SessionLasts)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := staffed(t)
			token := signIn(t, s)
			if !in(t, s, token, nine) || !in(t, s, token, nine.Add(account.SessionLasts-time.Second)) {
				t.Fatal("refused before it ended")
			}
			if err := tt.end(s, token); err != nil {
				t.Fatal(err)
			}
			if in(t, s, token, tt.at) {
				t.Error("let in after it ended")
			}
		})
	}
}

func TestTokensThatAreNone(t *testing.T) {
	s, _ := staffed(t)
	token := signIn(t, s)
	for _, bad := range []string{"", "clerk", "clerk.", token + "a", token[:len(token)-1] + "0", "office" + token[5:], "U#clerk" + token[5:]} {
		if in(t, s, bad, nine) {
			t.Errorf("token %q was let in", bad)
		}
	}
}

func TestChangePassword(t *testing.T) {
	s, _ := staffed(t)
	token := signIn(t, s)
	var weak *account.Weak
	if err := s.ChangePassword(t.Context(), token, goodPassword, "short", nine); !errors.As(err, &weak) || weak.Why != account.Short {
		t.Errorf("a short one: got %v", err)
	}
	if err := s.ChangePassword(t.Context(), token, "not the old one", "another good one", nine); !errors.Is(err, account.ErrWrong) {
		t.Errorf("without the old one: got %v", err)
	}
	if err := s.ChangePassword(t.Context(), token, goodPassword, "another good one", nine); err != nil {
		t.Fatal(err)
	}
	if !in(t, s, token, nine) {
		t.Error("the session it was changed in ended")
	}
	if _, _, _, err := s.SignIn(t.Context(), "clerk", goodPassword, nine); !errors.Is(err, account.ErrWrong) {
		t.Errorf("the old one: got %v", err)
	}
	if _, _, _, err := s.SignIn(t.Context(), "clerk", "another good one", nine); err != nil {
		t.Errorf("the new one: got %v", err)
	}
}

// A crowd of guesses at once is told no more than one guesser one after the other: five verdicts.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	for _, login := range []string{"clerk", "nobody"} {
		s, table := staffed(t)
		var wrong, locked atomic.Int32
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				_, _, _, err := s.SignIn(t.Context(), login, "a wrong password", nine)
				var shut *account.Locked
				switch {
				case errors.Is(err, account.ErrWrong):
					wrong.Add(1)
				case errors.As(err, &shut):
					locked.Add(1)
				default:
					t.Errorf("got %v", err)
				}
			})
		}
		wg.Wait()
		if wrong.Load() != 5 || locked.Load() != 11 {
			t.Errorf("%s: %d verdicts and %d locked, want 5 and 11", login, wrong.Load(), locked.Load())
		}
		if c, err := table.Credentials(t.Context(), login); err != nil || c.Lock.Failures != 5 {
			t.Errorf("%s: %+v, %v; want five failures", login, c.Lock, err)
		}
	}
}

// The right password is no way around the lock, not even one that was checked before it fell.
func TestLockHoldsForTheRightPassword(t *testing.T) {
	s, table := staffed(t)
	for range 4 {
		_, _, _, err := s.SignIn(t.Context(), "clerk", "a wrong password", nine)
		if !errors.Is(err, account.ErrWrong) {
			t.Fatal(err)
		}
	}
	before, err := table.Credentials(t.Context(), "clerk")
	if err != nil {
		t.Fatal(err)
	}
	_, _, _, _ = s.SignIn(t.Context(), "clerk", "a wrong password", nine)
	var shut *account.Locked
	if _, _, _, err := s.SignIn(t.Context(), "clerk", goodPassword, nine); !errors.As(err, &shut) || !shut.Until.Equal(nine.Add(15*time.Minute)) {
		t.Errorf("got %v, want locked for a quarter of an hour", err)
	}
	late := account.Session{ID: "x", Login: "clerk", Epoch: before.Account.Epoch, Created: nine, Expires: nine.Add(time.Hour)}
	if err := table.PutSession(t.Context(), before, late); !errors.Is(err, account.ErrChanged) {
		t.Errorf("a session after a failure that came in between: got %v", err)
	}
	if _, _, _, err := s.SignIn(t.Context(), "clerk", goodPassword, nine.Add(15*time.Minute)); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	if c, err := table.Credentials(t.Context(), "clerk"); err != nil || c.Lock != (account.Lock{}) {
		t.Errorf("the lock after signing in: %+v, %v", c.Lock, err)
	}
}

// Many at once with one right account are all let in: a program signs in from several places.
func TestManySignInAtOnce(t *testing.T) {
	s, _ := staffed(t)
	_, _, _, _ = s.SignIn(t.Context(), "clerk", "a wrong password", nine)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, _, _, err := s.SignIn(t.Context(), "clerk", goodPassword, nine); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestAccounts(t *testing.T) {
	s, table := staffed(t)
	other := account.Account{Login: "boss", Name: "分管副处长", Roles: []ticket.Role{ticket.Leader}}
	if err := s.Add(t.Context(), other, goodPassword, nine); err != nil {
		t.Fatal(err)
	}
	if err := s.Add(t.Context(), other, goodPassword, nine); !errors.Is(err, account.ErrExists) {
		t.Errorf("twice: got %v", err)
	}
	if err := s.Disable(t.Context(), "nobody"); !errors.Is(err, account.ErrUnknown) {
		t.Errorf("got %v", err)
	}
	if err := s.Disable(t.Context(), "boss"); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.SignIn(t.Context(), "boss", goodPassword, nine); !errors.Is(err, account.ErrWrong) {
		t.Errorf("disabled: got %v", err)
	}
	password, err := s.Reset(t.Context(), "boss", nine)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, who, err := s.SignIn(t.Context(), "boss", password, nine); err != nil || !who.MustChange {
		t.Errorf("after a reset: %+v, %v", who, err)
	}
	all, err := table.Accounts(t.Context())
	if err != nil || len(all) != 2 || all[0].Login != "boss" || all[1].Login != "clerk" {
		t.Errorf("got %+v, %v", all, err)
	}
}

// A password that was hashed more weakly than today's is hashed anew when it is next given, and that ends no session.
func TestSignInStrengthensTheHash(t *testing.T) {
	s, table := staffed(t)
	c, err := table.Credentials(t.Context(), "clerk")
	if err != nil {
		t.Fatal(err)
	}
	salt, e := []byte("0123456789abcdef"), base64.RawStdEncoding
	sum := argon2.IDKey([]byte(goodPassword), salt, 1, 8, 1, 32)
	c.Account.PasswordHash = fmt.Sprintf("$argon2id$v=19$m=8,t=1,p=1$%s$%s", e.EncodeToString(salt), e.EncodeToString(sum))
	if err := table.PutAccount(t.Context(), c.Account); err != nil {
		t.Fatal(err)
	}
	token := signIn(t, s)
	if c, err = table.Credentials(t.Context(), "clerk"); err != nil || !strings.HasPrefix(c.Account.PasswordHash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("got %s, %v", c.Account.PasswordHash, err)
	}
	if !in(t, s, token, nine) || !in(t, s, signIn(t, s), nine) {
		t.Error("the password or the session is gone")
	}
}
