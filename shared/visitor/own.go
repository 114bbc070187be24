package visitor

import (
	"context"
	"time"

	"steledesk/shared/ticket"
)

// ReadOwn gives feedback to the supervisor who filed it. ErrNotFound: there is none, or it is not theirs; which of them is
// not said.
func (d *Desk) ReadOwn(ctx context.Context, number, login string, now time.Time) (View, error) {
	s, err := d.own(ctx, number, login)
	return d.viewOr(ctx, s, err, now)
}

// DoOwn gives a command of the supervisor's who filed the feedback. The same idempotency key, when there is one, does it
// once. Errors: ErrNotFound, *Hasty, *ticket.Refusal, ErrKeyReused, ErrBusy.
func (d *Desk) DoOwn(ctx context.Context, number, login, key string, c ticket.Command, now time.Time) (View, error) {
	return d.do(ctx, func() (Stored, error) { return d.own(ctx, number, login) }, key, c, now)
}

func (d *Desk) own(ctx context.Context, number, login string) (Stored, error) {
	number, err := ticket.ParseNumber(number)
	if err != nil || login == "" {
		return Stored{}, ErrNotFound
	}
	s, err := d.Store.Ticket(ctx, number)
	if err == nil && s.Head.By != login {
		return Stored{}, ErrNotFound
	}
	return s, err
}
