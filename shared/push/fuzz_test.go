package push

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// FuzzAddresses: a phone's address is called only when its host, as Go's own client would read it, is on the list.
func FuzzAddresses(f *testing.F) {
	hosts := Hosts{"fcm.googleapis.com", "*.push.services.mozilla.com", "http://127.0.0.1:8080"}
	for _, seed := range []string{
		"https://fcm.googleapis.com/fcm/send/x", "https://updates.push.services.mozilla.com/wpush/v2/x", "http://127.0.0.1:8080/x",
		"https://fcm.googleapis.com@evil.example/x", "https://evil.example\\.push.services.mozilla.com/x", "https://[::1].push.services.mozilla.com/",
		"https://evil.example%2f.push.services.mozilla.com/x", "https://ｆcm.googleapis.com/", "https:///fcm.googleapis.com/", "https://169.254.169.254/", "\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, endpoint string) {
		if hosts.Check(endpoint) != nil {
			return
		}
		u, err := url.Parse(endpoint)
		if err != nil {
			t.Fatalf("%q passes and is no address: %v", endpoint, err)
		}
		origin := u.Scheme + "://" + u.Host
		listed := slices.Contains([]string{"https://fcm.googleapis.com", "http://127.0.0.1:8080"}, origin) ||
			u.Scheme == "https" && u.Port() == "" && strings.HasSuffix(u.Hostname(), ".push.services.mozilla.com")
		if !listed || u.User != nil || !strings.HasPrefix(endpoint, origin+"/") {
			t.Errorf("%q leads to %s", endpoint, origin)
		}
	})
}

// FuzzKeys: no keys of a phone bring the check down, and those that pass are a point and a secret of the right lengths.
func FuzzKeys(f *testing.F) {
	f.Add("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZMqHH6r4Tts7J_aSIgg") // RFC 8291
	f.Add(strings.Repeat("A", 87), strings.Repeat("A", 22))
	f.Add("====", "")
	f.Add("\xff", "AA")
	f.Fuzz(func(t *testing.T, p256dh, auth string) {
		if CheckKeys(p256dh, auth) != nil {
			return
		}
		point, _ := base64.RawURLEncoding.DecodeString(strings.TrimRight(p256dh, "="))
		secret, _ := base64.RawURLEncoding.DecodeString(strings.TrimRight(auth, "="))
		if len(point) != 65 || point[0] != 4 || len(secret) != 16 {
			t.Errorf("%q and %q pass: %d and %d bytes", p256dh, auth, len(point), len(secret))
		}
	})
}
