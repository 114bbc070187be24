// Package push tells visitors' phones that a ticket has news, through the push services of their browsers (RFC 8030).
// What is said is sealed for the phone (RFC 8291); the services see that a phone hears something, and nothing of what.
package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"steledesk/shared/phrase"
	"steledesk/shared/visitor"
)

// What went wrong, as far as the caller's next step depends on it. Any other error is temporary.
var (
	// ErrGone: the phone hears nothing at this address any more, or the desk has lost the key for it.
	ErrGone = errors.New("subscription is gone")
	// ErrRefused: trying again will not help.
	ErrRefused = errors.New("refused")
	// ErrUnanswered: the service may have taken it.
	ErrUnanswered = errors.New("no answer")
)

// Later is the error of a service that takes no more for now.
type Later struct {
	Status int
	After  time.Duration // 0: it did not say
}

func (l *Later) Error() string { return fmt.Sprintf("push service answered %d", l.Status) }

const (
	patience = 10 * time.Second // for one message
	kept     = 3 * 24 * time.Hour
	size     = 1024 // bytes of every message, so that their length says nothing
	longest  = time.Hour
)

// Keys finds the private key of a public one: *seal.Keys.
type Keys interface {
	PushSecret(pushKey string) (string, bool)
	Fingerprint(text string) string
}

// Sender sends to push services. It may be used by several goroutines at once.
type Sender struct {
	Hosts   Hosts
	Keys    Keys
	Contact string       // an https address where a push service finds out who sends
	HTTP    *http.Client // Client()
}

// Client gives up after ten seconds, goes through no proxy and follows no redirect.
func Client() *http.Client {
	return &http.Client{
		Timeout:       patience,
		Transport:     &http.Transport{DialContext: (&net.Dialer{Timeout: 5 * time.Second}).DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// message is what the phone's service worker shows.
type message struct {
	Number string `json:"number"`
	Title  string `json:"title"`
	Body   string `json:"body"`
}

// Send tells a phone that the ticket of a number has news: that, and nothing of what it is or about. Of several that wait
// for a phone without a signal it hears the last.
func (s *Sender) Send(ctx context.Context, to visitor.Subscription, number string) error {
	if err := s.Hosts.Check(to.Endpoint); err != nil {
		return fmt.Errorf("send push: %w: %w", ErrRefused, err)
	}
	secret, ok := s.Keys.PushSecret(to.Key)
	if !ok {
		return fmt.Errorf("send push: %w: its key is not on the ring", ErrGone)
	}
	body, err := json.Marshal(message{
		number, phrase.In(to.Language, "page.push.news"), phrase.In(to.Language, "page.push.news-text", number),
	})
	if err != nil {
		return fmt.Errorf("encode push: %w", err)
	}
	answer, err := webpush.SendNotificationWithContext(ctx, body,
		&webpush.Subscription{Endpoint: to.Endpoint, Keys: webpush.Keys{P256dh: to.P256DH, Auth: to.Auth}},
		&webpush.Options{
			HTTPClient: s.HTTP, RecordSize: size, Subscriber: s.Contact, TTL: int(kept.Seconds()), Urgency: webpush.UrgencyNormal,
			Topic: s.Keys.Fingerprint("push/" + number), VAPIDPublicKey: to.Key, VAPIDPrivateKey: secret,
		})
	if err != nil {
		return lost(err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 4096)) // nothing of it is needed
	return judge(answer)
}

// lost is the error of a call without an answer. net/http quotes the address, which is the phone's secret.
func lost(err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		return fmt.Errorf("send push: %w: %w", ErrUnanswered, outer.Err)
	}
	return fmt.Errorf("send push: %w: %w", ErrRefused, err)
}

func judge(answer *http.Response) error {
	switch code := answer.StatusCode; {
	case code/100 == 2:
		return nil
	case code == http.StatusNotFound, code == http.StatusGone:
		return fmt.Errorf("send push: %w: answered %d", ErrGone, code)
	case code == http.StatusTooManyRequests, code/100 == 5:
		seconds, err := strconv.Atoi(answer.Header.Get("Retry-After"))
		if err != nil { // a date, or nothing
			seconds = 0
		}
		return &Later{Status: code, After: min(max(0, time.Duration(seconds)*time.Second), longest)}
	default:
		return fmt.Errorf("send push: %w: answered %d", ErrRefused, code)
	}
}
