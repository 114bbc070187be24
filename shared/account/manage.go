package account

import (
	"context"
	"errors"
	"time"
)

// Add makes an account with a first password. a's other fields are as the caller checked them.
// ErrExists, *Weak.
func (s Service) Add(ctx context.Context, a Account, password string, now time.Time) error {
	if err := CheckPassword(password, a.Login); err != nil {
		return err
	}
	a.PasswordHash, a.Created, a.Changed, a.Epoch, a.Version = Hash(password), now, now, 1, 0
	err := s.Store.PutAccount(ctx, a)
	if errors.Is(err, ErrChanged) {
		return ErrExists
	}
	return err
}

// Disable shuts an account: nobody signs in with it, and its sessions are over. The account stays,
// since what was done with it does. ErrUnknown, ErrBusy.
func (s Service) Disable(ctx context.Context, login string) error {
	return s.change(ctx, login, func(a *Account) { a.Disabled = true })
}

// Reset gives an account a new password, which must be changed before anything else is done. It
// ends the account's sessions, takes off its lock, and opens it again if it was disabled.
// ErrUnknown, ErrBusy.
func (s Service) Reset(ctx context.Context, login string, now time.Time) (password string, err error) {
	password = NewPassword()
	hash := Hash(password)
	err = s.change(ctx, login, func(a *Account) {
		a.PasswordHash, a.Changed, a.MustChange, a.Disabled = hash, now, true, false
	})
	return password, err
}

// SetTerm gives a supervisor's account another term of office. Its sessions go on: who may do what is asked at every call.
// ErrUnknown, ErrBusy; of an account that is no supervisor's, what Account.Check says.
func (s Service) SetTerm(ctx context.Context, login string, term Term) error {
	for range tries {
		c, err := s.Store.Credentials(ctx, login)
		if err != nil {
			return err
		}
		if c.Account.Login == "" {
			return ErrUnknown
		}
		c.Account.Term = term
		if err := c.Account.Check(func(string) bool { return true }); err != nil {
			return err
		}
		if err := s.Store.PutAccount(ctx, c.Account); !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return ErrBusy
}

// change makes a change that ends the account's sessions, on the account as it is then.
func (s Service) change(ctx context.Context, login string, change func(*Account)) error {
	for range tries {
		c, err := s.Store.Credentials(ctx, login)
		if err != nil {
			return err
		}
		if c.Account.Login == "" {
			return ErrUnknown
		}
		change(&c.Account)
		c.Account.Epoch++
		if err := s.Store.PutAccount(ctx, c.Account); !errors.Is(err, ErrChanged) {
			return err
		}
	}
	return ErrBusy
}
