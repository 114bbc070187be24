package push

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"steledesk/shared/visitor"
	"steledesk/shared/visitor/visitortest"
)

// A phone gives the address, so it is held to the list as it is written and as it is read: a server that calls whatever
// it is told reads its cloud's credentials to strangers.
func TestAddresses(t *testing.T) {
	hosts := Hosts{"fcm.googleapis.com", "*.push.services.mozilla.com", "*.notify.windows.com", "http://127.0.0.1:8080"}
	for endpoint, want := range map[string]bool{
		"https://fcm.googleapis.com/fcm/send/x":                        true,
		"https://updates.push.services.mozilla.com/wpush/v2/x":         true,
		"https://wns2-par02p.notify.windows.com/w/?token=x":            true,
		"http://127.0.0.1:8080/local/bots/push/1":                      true,
		"http://fcm.googleapis.com/x":                                  false,
		"https://fcm.googleapis.com:443/x":                             false,
		"https://fcm.googleapis.com:8443/x":                            false,
		"https://fcm.googleapis.com":                                   false,
		"https://x@fcm.googleapis.com/x":                               false,
		"https://fcm.googleapis.com@evil.example/x":                    false,
		"https://evil.example/fcm.googleapis.com/":                     false,
		"https://fcm.googleapis.com.evil.example/x":                    false,
		"https://evilpush.services.mozilla.com/x":                      false,
		"https://push.services.mozilla.com/x":                          false,
		"https://a.push.services.mozilla.com:444/x":                    false,
		"https://evil.example#.notify.windows.com/x":                   false,
		"https://evil.example%2f.notify.windows.com/x":                 false,
		"https://evil.example\\.notify.windows.com/x":                  false,
		"https://FCM.googleapis.com/x":                                 false,
		"https:fcm.googleapis.com/x":                                   false,
		"//fcm.googleapis.com/x":                                       false,
		"http://127.0.0.1:8081/x":                                      false,
		"http://169.254.169.254/latest/meta-data":                      false,
		"https://*.notify.windows.com/x":                               false,
		"https://*/x":                                                  false,
		"":                                                             false,
		"https://fcm.googleapis.com/" + strings.Repeat("x", 1000):      false,
		"https://fcm.googleapis.com/\x00":                              false,
		"https://fcm.googleapis.com/x#y":                               false,
		"https://.notify.windows.com/x":                                false,
		"http://wns2-par02p.notify.windows.com/x":                      false,
		"https://[::1].notify.windows.com/x":                           false,
		"ftp://127.0.0.1:8080/x":                                       false,
		"http://127.0.0.1:8080@evil.example/x":                         false,
		"http://127.0.0.1:80800/x":                                     false,
		"https://wns2-par02p.notify.windows.com.evil.example/x":        false,
		"https://wns2-par02p.notify.windows.com\t/x":                   false,
		"https://user:secret@updates.push.services.mozilla.com/wpush/": false,
	} {
		if err := hosts.Check(endpoint); (err == nil) != want {
			t.Errorf("%q: got %v", endpoint, err)
		}
	}
}

func TestKeysOfPhones(t *testing.T) {
	good, auth := phoneKey(t), base64.RawURLEncoding.EncodeToString(make([]byte, 16))
	for name, test := range map[string]struct {
		p256dh, auth string
		want         bool
	}{
		"good": {good, auth, true}, "padded": {good + "=", auth + "==", true}, "no point": {strings.Repeat("A", 87), auth, false},
		"short": {good[:40], auth, false}, "no base64": {"#", auth, false}, "short secret": {good, "AAAA", false}, "no secret": {good, "", false},
	} {
		if err := CheckKeys(test.p256dh, test.auth); (err == nil) != test.want {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func phoneKey(t *testing.T) string {
	t.Helper()
	k, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(k.PublicKey().Bytes())
}

// What to do next follows from what the service says; what it cannot be asked is never sent. No error holds the
// address, which is all it takes to send to the phone.
func TestAnswersOfServices(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		retry  string
		want   func(error) bool
	}{
		"taken":   {201, "", func(err error) bool { return err == nil }},
		"gone":    {410, "", func(err error) bool { return errors.Is(err, ErrGone) }},
		"unknown": {404, "", func(err error) bool { return errors.Is(err, ErrGone) }},
		"refused": {403, "", func(err error) bool { return errors.Is(err, ErrRefused) }},
		"moved":   {302, "", func(err error) bool { return errors.Is(err, ErrRefused) }},
		"busy":    {429, "90", func(err error) bool { return waits(err, 90*time.Second) }},
		"away":    {503, "", func(err error) bool { return waits(err, 0) }},
		"absurd":  {503, "999999999", func(err error) bool { return waits(err, time.Hour) }},
		"dropped": {0, "", func(err error) bool { return errors.Is(err, ErrUnanswered) }},
	} {
		calls := 0
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			calls++
			if test.status == 0 {
				panic(http.ErrAbortHandler)
			}
			if test.retry != "" {
				w.Header().Set("Retry-After", test.retry)
			}
			w.Header().Set("Location", "/elsewhere")
			body, err := io.ReadAll(r.Body)
			if err != nil || len(body) != size {
				t.Errorf("%s: a message of %d bytes, %v", name, len(body), err)
			}
			w.WriteHeader(test.status)
		}))
		s := &Sender{Hosts: Hosts{server.URL}, Keys: visitortest.Keys(), Contact: "https://desk.example", HTTP: Client()}
		to := visitor.Subscription{
			Endpoint: server.URL + "/phone-secret", P256DH: phoneKey(t), Auth: base64.RawURLEncoding.EncodeToString(make([]byte, 16)),
			Key: visitortest.Keys().PushKey(), Language: "zh",
		}
		err := s.Send(context.Background(), to, "WX-K37G0A0H")
		if !test.want(err) || calls != 1 {
			t.Errorf("%s: got %v after %d calls", name, err, calls)
		}
		if err != nil && strings.Contains(err.Error(), "phone-secret") {
			t.Errorf("%s: the error holds the address: %v", name, err)
		}
		to.Key = phoneKey(t)
		if err := s.Send(context.Background(), to, "WX-K37G0A0H"); !errors.Is(err, ErrGone) || calls != 1 {
			t.Errorf("with a key that is not ours: %v after %d calls", err, calls)
		}
		s.Hosts = nil
		if err := s.Send(context.Background(), to, "WX-K37G0A0H"); !errors.Is(err, ErrRefused) || calls != 1 {
			t.Errorf("to nobody known: %v after %d calls", err, calls)
		}
		server.Close()
	}
}

func waits(err error, want time.Duration) bool {
	later, ok := errors.AsType[*Later](err)
	return ok && later.After == want
}
