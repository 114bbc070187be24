package account

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCheckPassword(t *testing.T) {
	tests := []struct {
		password string
		why      Why
	}{
		{"", Short}, {"ninechars", Short}, {"一二三四五六七八九", Short}, {strings.Repeat("a b c d ", 17), Long},
		{"1234567890", Common}, {"Qwertyuiop", Common}, {"password123!", Common}, {"Admin@2026!!", Common}, {"aaaaaaaaaaaa", Common}, {"1212121212", Common},
		{"ticketing1", Login}, {"Ticketing2026", Login}, {"ticketing--ticketing", ""},
		{"stone lantern river", ""}, {"浯溪三绝碑在江边石壁上", ""}, {"k7f3-q2mk-x9wd-4hts", ""},
	}
	for _, tt := range tests {
		var weak *Weak
		err := CheckPassword(tt.password, "ticketing")
		if got := errors.As(err, &weak); got != (tt.why != "") || got && weak.Why != tt.why {
			t.Errorf("%q: got %v, want %q", tt.password, err, tt.why)
		}
	}
}

// The letters of a short login are in many words.
func TestShortLoginInAPassword(t *testing.T) {
	if err := CheckPassword("delicious1", "li"); err != nil {
		t.Errorf("got %v", err)
	}
}

// What an operator hands over must pass the rule itself, and be another each time.
func TestNewPassword(t *testing.T) {
	a, b := NewPassword(), NewPassword()
	if a == b || CheckPassword(a, "clerk") != nil || len(a) != 19 {
		t.Errorf("got %q and %q", a, b)
	}
}

// The list's lines are compared with lower case.
func TestCommonPasswordsAreLowerCase(t *testing.T) {
	lines := slices.Collect(strings.Lines(common))
	for i, line := range lines {
		if word := strings.TrimSpace(line); word == "" || word != strings.ToLower(word) || slices.Contains(lines[:i], line) {
			t.Errorf("line %d: %q is empty, not in lower case, or there twice", i+1, line)
		}
	}
}

func TestHash(t *testing.T) {
	hash := Hash("stone lantern river")
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || hash == Hash("stone lantern river") {
		t.Errorf("got %s", hash)
	}
	if !matches(hash, "stone lantern river") || matches(hash, "stone lantern rivers") || matches(hash, "") {
		t.Error("the hash opens to another password, or not to its own")
	}
	if outdated(hash) {
		t.Error("a new hash is outdated")
	}
	if weak := "$argon2id$v=19$m=12288,t=2,p=1$" + strings.Join(strings.Split(hash, "$")[4:], "$"); !outdated(weak) {
		t.Error("a weaker hash is not outdated")
	}
}

// The text is the one other programs write and read.
func TestHashIsPHC(t *testing.T) {
	c := cost{memory: 8, time: 1, threads: 1}
	salt := []byte("0123456789abcdef")
	hash := phc(c, salt, c.sum("password", salt))
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$") || strings.Contains(hash, "=$") {
		t.Errorf("got %s", hash)
	}
	if !matches(hash, "password") || !outdated(hash) {
		t.Errorf("%s does not open", hash)
	}
}

// No damaged hash opens, ends the program or costs more than it may.
func TestDamagedHashes(t *testing.T) {
	const whole = "$argon2id$v=19$m=8,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, bad := range []string{"", "x", "$$$$$", "$argon2i" + whole[9:], strings.Replace(whole, "t=1", "t=0", 1),
		strings.Replace(whole, "p=1", "p=0", 1), strings.Replace(whole, "m=8", "m=4294967295", 1), strings.Replace(whole, "t=1", "t=4000000000", 1)} {
		if _, _, _, ok := parsePHC(bad); ok || matches(bad, "") {
			t.Errorf("%q was taken", bad)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(whole)
		i := rapid.IntRange(0, len(b)-1).Draw(t, "place")
		b[i] = rapid.Byte().Draw(t, "byte")
		if c, _, _, ok := parsePHC(string(b)); ok && (c.memory > maxMemory || c.time > maxTime) {
			t.Fatalf("%q would cost %+v", b, c)
		}
	})
}
