package visitor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"steledesk/shared/ticket"
)

// Subscription is where a phone hears that a ticket has news: what its browser gave (W3C Push API), and how to say it.
type Subscription struct {
	Endpoint string `json:"endpoint"` // an address at the browser's push service
	P256DH   string `json:"p256dh"`   // the phone's public key, base64url
	Auth     string `json:"auth"`     // what the phone and the desk share, base64url
	Key      string `json:"key"`      // the desk's public key it was made with
	Language string `json:"language"`
}

// Place tells a ticket's subscriptions apart. It says nothing of the address, which nobody can guess.
func (s Subscription) Place() string {
	sum := sha256.Sum256([]byte(s.Endpoint))
	return hex.EncodeToString(sum[:16])
}

// Phones keeps the subscriptions of tickets: *dynamo.Table.
type Phones interface {
	// Subscribe keeps a sealed subscription, over the one in its place; of too many the oldest goes.
	Subscribe(ctx context.Context, number, place, sealed string, now time.Time) error
	// Unsubscribe forgets the one in a place, if there is one.
	Unsubscribe(ctx context.Context, number, place string) error
}

// Subscribe has a phone told of the ticket's news from now on. Errors: ErrNotFound, *Locked.
func (d *Desk) Subscribe(ctx context.Context, number, code string, s Subscription, now time.Time) error {
	stored, err := d.open(ctx, number, code, now)
	if err != nil {
		return err
	}
	if !stored.Head.ErasedAt.IsZero() { // there is no news of it any more, and an address would be kept for nothing
		return ErrNotFound
	}
	text, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("encode subscription: %w", err)
	}
	number = stored.Head.Number
	return d.Phones.Subscribe(ctx, number, s.Place(), d.Keys.Seal(string(text), sealedFor(number)), now)
}

// Unsubscribe has a phone told no more. Errors: ErrNotFound, *Locked.
func (d *Desk) Unsubscribe(ctx context.Context, number, code, endpoint string, now time.Time) error {
	stored, err := d.open(ctx, number, code, now)
	if err != nil {
		return err
	}
	return d.Phones.Unsubscribe(ctx, stored.Head.Number, Subscription{Endpoint: endpoint}.Place())
}

// OpenSubscription reads what Subscribe sealed for the ticket of that number.
func OpenSubscription(keys interface {
	Open(sealed, place string) (string, error)
}, sealed, number string) (Subscription, error) {
	var s Subscription
	text, err := keys.Open(sealed, sealedFor(number))
	if err != nil {
		return s, fmt.Errorf("open subscription: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return s, fmt.Errorf("decode subscription: %w", err)
	}
	return s, nil
}

// sealedFor is where a subscription of a ticket opens; its contact does not open there.
func sealedFor(number string) string { return number + "/push" }

// News reports whether an event is news to its ticket's visitor: they may see it, and did not do it themselves.
func News(e ticket.Event) bool {
	_, seen := visible[e.What]
	return seen && !private(e) && !e.Data.Draft && e.By.Role != ticket.Visitor && e.What != ticket.Erased
}
