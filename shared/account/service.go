package account

import (
	"context"
	"errors"
	"time"
)

// The errors of signing in and of sessions.
var (
	// ErrWrong: no account has this login and this password, or it is disabled; which is not said.
	ErrWrong = errors.New("login or password is wrong")
	// ErrNoSession: nobody is signed in with this token, or not any more.
	ErrNoSession = errors.New("not signed in")
	// ErrBusy: others changed the account every time we tried; trying again helps.
	ErrBusy = errors.New("account is being changed by others")
	// ErrUnknown: there is no such account.
	ErrUnknown = errors.New("there is no such account")
	// ErrExists: the login is taken.
	ErrExists = errors.New("there is such an account already")
	// ErrChanged is the store's error when somebody else was first.
	ErrChanged = errors.New("account was changed by another")
)

// Locked is the error of a login for which wrong passwords were given too often.
type Locked struct{ Until time.Time }

func (l *Locked) Error() string { return "login is locked until " + l.Until.Format(time.RFC3339) }

// Credentials is what a password is checked against: an account and its lock, read together.
type Credentials struct {
	Account Account // the zero Account when there is none
	Lock    Lock
}

// Store keeps accounts and sessions.
type Store interface {
	// Credentials reads the account of a login, if there is one, and its lock.
	Credentials(ctx context.Context, login string) (Credentials, error)
	// PutLock stores a login's lock if it is still at its Version. ErrChanged.
	PutLock(ctx context.Context, login string, l Lock) error
	// PutAccount stores a if it is still at its Version, and takes the lock off its login. ErrChanged.
	PutAccount(ctx context.Context, a Account) error
	// PutSession stores s if account and lock are still as seen says, and takes the lock off.
	// ErrChanged.
	PutSession(ctx context.Context, seen Credentials, s Session) error
	// PutPassword stores the account of seen, changed, if the stored one is still at its Version and
	// the lock as seen says, and takes the lock off; keep, a stored session, goes on in keep.Epoch.
	// ErrChanged, ErrNoSession.
	PutPassword(ctx context.Context, seen Credentials, keep Session) error
	// Session reads a session and the account of login, together. ErrNoSession.
	Session(ctx context.Context, id, login string) (Session, Account, error)
	// EndSession deletes a session; one that is not there is no error.
	EndSession(ctx context.Context, id string) error
	// Accounts lists every account, by login.
	Accounts(ctx context.Context) ([]Account, error)
}

// Service is what people do with their accounts.
type Service struct{ Store Store }

// tries is how often a change that others preempt is tried. Each who is first counts a failure and
// the fifth locks, so more would only be asked of a store that misbehaves.
const tries = 12

// SignIn begins a session and gives its token, which is told nobody else and not kept. ErrWrong,
// *Locked, ErrBusy.
//
// However many try at once, their verdicts come out one after the other, each after its write:
// a wrong password's when it was counted, a right one's if nothing was counted since it was read.
// So a crowd of guesses is told no more than one guesser is.
func (s Service) SignIn(ctx context.Context, login, password string, now time.Time) (token string, session Session, who Principal, err error) {
	c, err := s.prove(ctx, login, password, now, func(c Credentials) error {
		token = newToken(login)
		id, _, _ := tokenID(token)
		session = Session{ID: id, Login: login, Epoch: c.Account.Epoch, Created: now, Expires: now.Add(SessionLasts)}
		return s.Store.PutSession(ctx, c, session)
	})
	if err != nil {
		return "", Session{}, Principal{}, err
	}
	if err := s.rehash(ctx, c.Account, password); err != nil {
		return "", Session{}, Principal{}, err
	}
	return token, session, c.Account.Principal(), nil
}

// rehash keeps the password as strongly as new ones are kept. It is known only now.
func (s Service) rehash(ctx context.Context, a Account, password string) error {
	if !outdated(a.PasswordHash) {
		return nil
	}
	a.PasswordHash = Hash(password)
	if err := s.Store.PutAccount(ctx, a); err != nil && !errors.Is(err, ErrChanged) {
		return err // whoever changed it has it done, or leaves it to the next time
	}
	return nil
}

// SignOut ends the session of token; one that is over is no error.
func (s Service) SignOut(ctx context.Context, token string) error {
	id, _, ok := tokenID(token)
	if !ok {
		return nil
	}
	return s.Store.EndSession(ctx, id)
}

// Principal says who is signed in with token, by one reading: an account that was disabled or
// reset, and a session that was ended, are refused at once. ErrNoSession.
func (s Service) Principal(ctx context.Context, token string, now time.Time) (Principal, error) {
	_, a, err := s.session(ctx, token, now)
	if err != nil {
		return Principal{}, err
	}
	return a.Principal(), nil
}

func (s Service) session(ctx context.Context, token string, now time.Time) (Session, Account, error) {
	id, login, ok := tokenID(token)
	if !ok {
		return Session{}, Account{}, ErrNoSession
	}
	session, a, err := s.Store.Session(ctx, id, login)
	if err != nil {
		return Session{}, Account{}, err
	}
	if !session.valid(a, now) {
		return Session{}, Account{}, ErrNoSession
	}
	return session, a, nil
}

// ChangePassword replaces the password of who is signed in with token, and ends their other
// sessions. ErrNoSession, ErrWrong for the old one, *Weak for the new one, *Locked, ErrBusy.
func (s Service) ChangePassword(ctx context.Context, token, old, fresh string, now time.Time) error {
	session, a, err := s.session(ctx, token, now)
	if err != nil {
		return err
	}
	if err := CheckPassword(fresh, a.Login); err != nil {
		return err
	}
	if fresh == old {
		return &Weak{Why: Same}
	}
	hash := Hash(fresh)
	_, err = s.prove(ctx, a.Login, old, now, func(c Credentials) error {
		c.Account.PasswordHash, c.Account.Changed, c.Account.MustChange = hash, now, false
		c.Account.Epoch++
		session.Epoch = c.Account.Epoch
		return s.Store.PutPassword(ctx, c, session)
	})
	return err
}

// prove calls done with the credentials of login if password is right, or counts a failure. done
// writes if they are still what they were, and is called anew after ErrChanged.
func (s Service) prove(ctx context.Context, login, password string, now time.Time, done func(Credentials) error) (Credentials, error) {
	var p proof
	if CheckLogin(login) != nil { // it leaves no trace, but takes as long as any other
		p.holds("", password)
		return Credentials{}, ErrWrong
	}
	for range tries {
		c, err := s.Store.Credentials(ctx, login)
		if err != nil {
			return c, err
		}
		if c.Lock.Locked(now) {
			return c, &Locked{Until: c.Lock.Until}
		}
		verdict := error(nil)
		if p.holds(c.Account.PasswordHash, password) && !c.Account.Disabled {
			err = done(c)
		} else {
			verdict, err = ErrWrong, s.Store.PutLock(ctx, login, c.Lock.Fail(now))
		}
		if err == nil {
			return c, verdict
		}
		if !errors.Is(err, ErrChanged) {
			return c, err
		}
	}
	return Credentials{}, ErrBusy
}
