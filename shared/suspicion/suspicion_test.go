package suspicion

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"steledesk/shared/office"
)

var (
	limits = office.Limits{}.InForce()
	nine   = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
)

// sum is a keyed sum; which does not matter here, but that it depends on all of the text does.
func sum(text string) string {
	h := uint64(14695981039346656037)
	for _, b := range []byte(text) {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return fmt.Sprintf("%016x%016x", h, h*31+7)
}

func verify(text, want string) bool { return sum(text) == want }

func TestDegree(t *testing.T) {
	tests := []struct {
		name  string
		signs Signs
		want  Degree
	}{
		{"the first of the day", Signs{}, None},
		{"a busy spot, within its budget", Signs{AtSpot: 39, InAll: 499, Form: true, Filled: 3 * time.Second}, None},
		{"over the spot's budget", Signs{AtSpot: 40}, 1},
		{"twice", Signs{AtSpot: 80}, 2},
		{"four times", Signs{AtSpot: 160}, 3},
		{"ten times", Signs{AtSpot: 400}, 3},
		{"a flood over all spots", Signs{InAll: 500}, 1},
		{"both: the worse counts, they are the same filings", Signs{AtSpot: 80, InAll: 500}, 2},
		{"the same text twice is two people at one broken tap", Signs{Same: 1}, None},
		{"the third time", Signs{Same: 2}, 1},
		{"sent faster than one can read", Signs{Form: true, Filled: 2 * time.Second}, 1},
		{"a form that does not say when it was opened", Signs{Form: true, Filled: -1}, 1},
		{"a program has no form", Signs{Filled: -1}, None},
		{"the trap", Signs{Trap: true}, 2},
		{"the trap, at once", Signs{Form: true, Trap: true}, 3},
		{"everything", Signs{AtSpot: 1000, Same: 9, Form: true, Trap: true}, 3},
		{"a call for help in the middle of a flood", Signs{AtSpot: 1000, Same: 9, Form: true, Trap: true, Grave: true}, 1},
		{"a call for help", Signs{Grave: true}, None},
	}
	for _, test := range tests {
		if got := test.signs.Degree(limits); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}

// More of any sign never costs less: nobody gains by filling in the trap too.
func TestDegreeNeverFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Signs{
			AtSpot: rapid.IntRange(0, 500).Draw(t, "at spot"), InAll: rapid.IntRange(0, 5000).Draw(t, "in all"),
			Same: rapid.IntRange(0, 5).Draw(t, "same"), Trap: rapid.Bool().Draw(t, "trap"), Form: rapid.Bool().Draw(t, "form"),
			Filled: time.Duration(rapid.IntRange(-1, 9).Draw(t, "filled")) * time.Second, Grave: rapid.Bool().Draw(t, "grave"),
		}
		more := s
		more.AtSpot, more.InAll = s.AtSpot+rapid.IntRange(0, 99).Draw(t, "more"), s.InAll+1
		more.Same, more.Trap, more.Filled = s.Same+1, true, s.Filled-time.Second
		got, worse := s.Degree(limits), more.Degree(limits)
		if worse < got || got < None || worse > office.Degrees {
			t.Errorf("%+v: %d; %+v: %d", s, got, more, worse)
		}
	})
}

func TestChallengeIsMet(t *testing.T) {
	c := New(2, limits, nine)
	c.Bits = 10
	token := c.Token("key one", sum)
	if len(token) != 32 {
		t.Errorf("a token of %d characters: with a nonce it no longer fits one block of SHA-256", len(token))
	}
	proof := Work(token, 10)
	wrong := token + ":x"
	for n := 0; zeros(wrong) >= 10; n++ {
		wrong = token + ":x" + strings.Repeat("y", n)
	}
	tests := []struct {
		name, proof, key string
		after            time.Duration
		want             Met
	}{
		{"worked", proof, "key one", 0, Worked},
		{"worked, at the last moment", proof, "key one", time.Hour, Worked},
		{"too late", proof, "key one", time.Hour + time.Second, NotMet},
		{"worked for another filing", proof, "key two", 0, NotMet},
		{"nothing was found yet", wrong, "key one", 0, NotMet},
		{"not waited long enough", token, "key one", 59 * time.Second, NotMet},
		{"waited", token, "key one", time.Minute, Waited},
		{"waited for another filing", token, "key two", time.Minute, NotMet},
		{"no proof at all", "", "key one", time.Minute, NotMet},
		{"a nonce without end", token + ":" + strings.Repeat("0", 60_000), "key one", 0, NotMet},
		{"cut short", proof[1:], "key one", time.Minute, NotMet},
		{"no base64", "!" + token[1:], "key one", time.Minute, NotMet},
		{"padded", token + "=", "key one", time.Minute, NotMet},
	}
	for _, test := range tests {
		met, degree := Check(test.proof, test.key, verify, nine.Add(test.after))
		if met != test.want || met != NotMet && degree != 2 {
			t.Errorf("%s: got %d of degree %d, want %d", test.name, met, degree, test.want)
		}
	}
}

// No bit of a token can be changed: a cheaper challenge, a longer life, another degree.
func TestTokensCannotBeForged(t *testing.T) {
	token := New(1, limits, nine).Token("key", sum)
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range token {
		for _, letter := range letters {
			forged := token[:i] + string(letter) + token[i+1:]
			if met, _ := Check(forged, "key", verify, nine.Add(time.Minute)); forged != token && met != NotMet {
				t.Fatalf("%s opens in place of %s", forged, token)
			}
		}
	}
}

func TestStamp(t *testing.T) {
	stamp := Stamp(nine, sum)
	if got := Since(stamp, verify, nine.Add(90*time.Second)); got != 90*time.Second {
		t.Errorf("got %v", got)
	}
	for _, bad := range []string{"", ".", "1", "x" + stamp, stamp + "0", strings.Replace(stamp, "1", "2", 1)} {
		if got := Since(bad, verify, nine); got >= 0 {
			t.Errorf("%q: opened %v ago", bad, got)
		}
	}
}
