package seal

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func parsed(t *testing.T, b []byte) *Keys {
	t.Helper()
	k, err := ParseKeys(b)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestNumbersAndCodesAreDerived(t *testing.T) {
	secret := New()
	a, b := parsed(t, secret), parsed(t, secret)
	number := func(k *Keys, key string, attempt int) string {
		return k.Ring(time.Time{})[0].Number("WX", key, attempt)
	}
	n := number(a, "key-1", 0)
	if got := number(b, "key-1", 0); got != n {
		t.Errorf("the same key found %s and %s", n, got)
	}
	if number(a, "key-2", 0) == n || number(a, "key-1", 1) == n {
		t.Error("another key or attempt found the same number")
	}
	code := a.Code(n)
	if !b.Opens(n, strings.ToLower(code)) {
		t.Errorf("%s does not open %s", code, n)
	}
	if b.Opens(n, a.Code(number(a, "key-2", 0))) || b.Opens(n, "") || parsed(t, New()).Opens(n, code) {
		t.Error("a wrong code opens")
	}
}

func TestSealedTextOpensOnlyInItsPlace(t *testing.T) {
	k := parsed(t, New())
	s := k.Seal("张三 138", "WX-1")
	if got, err := k.Open(s, "WX-1"); got != "张三 138" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	for name, try := range map[string][2]string{
		"another ticket": {s, "WX-2"}, "a changed byte": {s[:len(s)-2] + "A" + s[len(s)-1:], "WX-1"},
		"an unknown key": {"9" + s[1:], "WX-1"}, "nothing": {"", "WX-1"}, "short": {"1:AAAA", "WX-1"},
	} {
		if name == "a changed byte" && try[0] == s {
			try[0] = s[:len(s)-2] + "B" + s[len(s)-1:]
		}
		if _, err := k.Open(try[0], try[1]); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if once, again := k.Seal("x", "y"), k.Seal("x", "y"); once == again {
		t.Error("the same text sealed twice looks the same")
	}
}

// A token travels through addresses and cookies, and whoever changes, cuts or forges one opens nothing.
func TestTokens(t *testing.T) {
	k := parsed(t, New())
	token := k.SealToken("WX-1", "mine")
	if strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("%s needs escaping", token)
	}
	if got, err := k.OpenToken(token, "mine"); got != "WX-1" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	for name, try := range map[string]string{
		"nothing": "", "cut": token[:len(token)-4], "longer": token + "AAAA", "no base64": "#", "no key": "AAAA", "short": "MTphYmM",
		"another desk's": parsed(t, New()).SealToken("WX-1", "mine"), "another purpose's": k.SealToken("WX-1", "calendar"),
		"a sealed text": k.Seal("WX-1", "mine"),
	} {
		if got, err := k.OpenToken(try, "mine"); !errors.Is(err, ErrSealed) {
			t.Errorf("%s: got %q, %v", name, got, err)
		}
	}
}

// After a rotation what the old key made must still open.
func TestRotation(t *testing.T) {
	var one, two file
	if json.Unmarshal(New(), &one) != nil || json.Unmarshal(New(), &two) != nil {
		t.Fatal("New wrote no JSON")
	}
	old, _ := json.Marshal(one)
	one.Keys["2"], one.Current = two.Keys["1"], "2"
	both, _ := json.Marshal(one)
	before, after := parsed(t, old), parsed(t, both)
	if !after.Opens("WX-1", before.Code("WX-1")) || !after.Opens("WX-1", after.Code("WX-1")) {
		t.Error("a code of either key must open")
	}
	if got, err := after.Open(before.Seal("x", "p"), "p"); got != "x" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if got, err := after.OpenToken(before.SealToken("x", "p"), "p"); got != "x" || err != nil {
		t.Errorf("token: got %q, %v", got, err)
	}
	keys := after.ReceiptKeys()
	if len(keys) != 2 || !keys[0].Equal(after.ReceiptKey().Public()) || !keys[1].Equal(before.ReceiptKey().Public()) {
		t.Error("receipts of the old key must stay good, and new ones are signed with the new key")
	}
	if after.PushKey() == before.PushKey() {
		t.Error("phones subscribe with the old key still")
	}
	for _, public := range []string{before.PushKey(), after.PushKey()} {
		if secret, ok := after.PushSecret(public); len(secret) != 43 || !ok {
			t.Errorf("phones that subscribed with %s hear nothing more", public)
		}
	}
	if _, ok := before.PushSecret(after.PushKey()); ok {
		t.Error("a key is found that is not on the ring")
	}
}

func TestBadSecretsAreNamed(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "want JSON",
		"{}":                                  `current key ""`,
		`{"current":"1","keys":{"1":"AAAA"}}`: "at least 32 bytes",
		`{"current":"1","keys":{"1":"not base64"}}`:       "at least 32 bytes",
		`{"current":"2","keys":{"1":"` + "AAAA" + `"}}`:   `current key "2"`,
		strings.ReplaceAll(string(New()), `"1"`, `"a:b"`): "colon",
	} {
		if _, err := ParseKeys([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
