package channel

import (
	"errors"
	"fmt"
	"time"
)

// What went wrong, as far as the caller's next step depends on it. An error that wraps neither
// is temporary: try again later.
var (
	// ErrRate: the product takes no more for now. RetryAfter says how long, where that is known.
	ErrRate = errors.New("too many messages")

	// ErrRefused: trying again will not help; the error says what the operator must mend.
	ErrRefused = errors.New("refused")
)

// Error is what Send and Check return. Its text holds no address, key, password or signature.
type Error struct {
	Channel    Channel
	Reason     error         // ErrRate, ErrRefused, or nil: temporary
	Status     int           // HTTP status or SMTP reply code, 0 without an answer
	Code       int           // the product's own error code, 0 without one
	RetryAfter time.Duration // 0: not known
	Cause      error         // what happened, in plain words
}

// Error says which channel failed, what happened and, for what is refused, what to mend.
func (e *Error) Error() string {
	if e.Reason == nil {
		return fmt.Sprintf("send to %s: %v", e.Channel, e.Cause)
	}
	return fmt.Sprintf("send to %s: %v: %v", e.Channel, e.Reason, e.Cause)
}

// Unwrap gives ErrRate or ErrRefused and the cause, for errors.Is.
func (e *Error) Unwrap() []error {
	if e.Reason == nil {
		return []error{e.Cause}
	}
	return []error{e.Reason, e.Cause}
}

// RetryAfter is how long the product asked to be left alone, 0 when it did not say.
func RetryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.RetryAfter
	}
	return 0
}

// refused is the error of a channel or of news that can not be sent as they are.
func refused(c Channel, cause error) error {
	return &Error{Channel: c, Reason: ErrRefused, Cause: cause}
}
