package httpapi

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"steledesk/shared/phrase"
	"steledesk/shared/ticket"
	"steledesk/shared/visitor"
)

// Challenge is what lets a slowed call through: the header X-Proof with "<token>:<nonce>" whose SHA-256 begins with
// Bits zero bits, or the token alone after Retry-After.
type Challenge struct {
	Token string `json:"token"`
	Bits  int    `json:"bits"`
}

// Proof gives what a caller found for a challenge, "" when nothing.
func (r *Request) Proof() string { return r.Header("x-proof") }

// Wait is how long to wait before trying again; 0: nothing says so.
func (p Problem) Wait() time.Duration { return time.Duration(p.retryAfter) * time.Second }

// slowed translates the errors of calls that come too many or too fast: 429, and when to try again.
func slowed(r *Request, err error) (Problem, bool) {
	var (
		proof *visitor.ProofNeeded
		slots *visitor.TooManySlots
		hasty *visitor.Hasty
	)
	p := Problem{Status: http.StatusTooManyRequests}
	switch {
	case errors.As(err, &proof):
		p.Code, p.retryAfter = "proof-needed", int(proof.Wait/time.Second)
		p.Detail = phrase.In(r.Language, "problem.proof-needed", p.retryAfter)
		p.Challenge = &Challenge{Token: proof.Token, Bits: proof.Bits}
	case errors.As(err, &slots):
		p.Code, p.retryAfter = "too-many-slots", slotsRetry
		p.Detail = phrase.In(r.Language, "problem.too-many-slots", slots.Most)
	case errors.As(err, &hasty):
		p.Code, p.retryAfter = "too-many-messages", int(hasty.Until.Sub(r.Now).Seconds())+1
		p.Detail = phrase.In(r.Language, "problem.too-many-messages", hasty.Most, hasty.Until.In(ticket.Zone).Format("15:04"))
	default:
		return p, false
	}
	return p, true
}

// slotsRetry is after how many seconds more photo slots may be had for the same filing: the window's usual length.
const slotsRetry = 600

// AtMost refuses a list that is longer than the office allows. The error is an *Invalid.
func (r *Request) AtMost(pointer string, n, most int) error {
	if n <= most {
		return nil
	}
	message := phrase.In(r.Language, "field.max-items", strconv.Itoa(most))
	return &Invalid{Code: "invalid", Fields: []Field{{Pointer: pointer, Code: "max-items", Message: message}}}
}
