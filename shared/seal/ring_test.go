package seal

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// turned gives the keys before a rotation, between its steps and after it.
func turned(t *testing.T) (before, between, after []byte) {
	t.Helper()
	before = New()
	s, err := ReadSecret(before)
	if err != nil {
		t.Fatal(err)
	}
	s, id := s.Add(noon)
	if between, err = s.Bytes(); err != nil || id != "2" {
		t.Fatal(id, err)
	}
	if s, err = s.Use(id, noon.Add(Known)); err != nil {
		t.Fatal(err)
	}
	if after, err = s.Bytes(); err != nil {
		t.Fatal(err)
	}
	return before, between, after
}

// Fingerprints were checked with the current key alone, so that a rotation refused every photo that had a slot already.
func TestFingerprintsOfEveryKeyVerify(t *testing.T) {
	first, second, third := turned(t)
	before, between, after := parsed(t, first), parsed(t, second), parsed(t, third)
	if before.Fingerprint("x") != between.Fingerprint("x") || between.Fingerprint("x") == after.Fingerprint("x") {
		t.Error("the new key makes fingerprints from the second step on, and not before")
	}
	for _, keys := range []*Keys{between, after} {
		for _, sum := range []string{before.Fingerprint("x"), after.Fingerprint("x"), before.Fingerprint("x")[:16]} {
			if !keys.Verifies("x", sum) || keys.Verifies("y", sum) {
				t.Errorf("%s: verifies x: %v, y: %v", sum, keys.Verifies("x", sum), keys.Verifies("y", sum))
			}
		}
		for _, sum := range []string{"", "a", before.Fingerprint("x")[:15], before.Fingerprint("x") + "0", before.Fingerprint("x")[16:]} {
			if keys.Verifies("x", sum) {
				t.Errorf("%q verifies", sum)
			}
		}
	}
	if before.Verifies("x", after.Fingerprint("x")) {
		t.Error("a key that is not on the ring verifies")
	}
}

// The ring that is asked for what was made before forgets a key long after it was retired, or every filing would pay for
// every key there ever was.
func TestRingForgetsWhatWasRetiredLongAgo(t *testing.T) {
	_, second, third := turned(t)
	for _, test := range []struct {
		name  string
		keys  []byte
		after time.Duration
		want  int
	}{
		{"added, not used yet", second, 0, 2}, {"added, and never used", second, 2 * Remembered, 2}, {"just used", third, Known, 2},
		{"by a clock that is wrong", third, -time.Hour, 2}, {"a phone may still send", third, Known + Remembered - time.Second, 2}, {"long after", third, Known + Remembered, 1},
	} {
		keys := parsed(t, test.keys)
		got := keys.Ring(noon.Add(test.after))
		if len(got) != test.want || got[0].Fingerprint("x") != keys.Fingerprint("x") {
			t.Errorf("%s: %d keys, want %d, the current one first", test.name, len(got), test.want)
		}
	}
}

// parameter is where a process's keys are, with a clock.
type parameter struct {
	text  []byte
	err   error
	reads int
	now   time.Time
	told  int
}

func (p *parameter) open(t *testing.T) *Keys {
	t.Helper()
	k, err := Open(t.Context(), Source{
		Read:  func(context.Context) ([]byte, error) { p.reads++; return p.text, p.err },
		Clock: func() time.Time { return p.now }, Told: func(error) { p.told++ }, age: Fresh,
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A process that started before the rotation refused what the new key had made until it started anew.
func TestAKeyThatIsNotKnownIsReadOnce(t *testing.T) {
	first, _, third := turned(t)
	after := parsed(t, third)
	for name, good := range map[string]func(k *Keys) bool{
		"a code":        func(k *Keys) bool { return k.Opens("WX-1", after.Code("WX-1")) },
		"a fingerprint": func(k *Keys) bool { return k.Verifies("x", after.Fingerprint("x")) },
		"a contact":     func(k *Keys) bool { s, err := k.Open(after.Seal("x", "p"), "p"); return s == "x" && err == nil },
		"a cookie": func(k *Keys) bool {
			s, err := k.OpenToken(after.SealToken("x", "p"), "p")
			return s == "x" && err == nil
		},
		"a subscription": func(k *Keys) bool { _, ok := k.PushSecret(after.PushKey()); return ok },
		"a receipt":      func(k *Keys) bool { k.Renew(); return len(k.ReceiptKeys()) == 2 },
	} {
		p := &parameter{text: first, now: noon}
		k := p.open(t)
		p.text = third // at once: the process is young
		for range 2 {
			if !good(k) || p.reads != 2 {
				t.Errorf("%s of a new key is refused, or was read for %d times, want 2", name, p.reads)
			}
		}
	}
}

// Whoever makes codes up costs a process one reading a minute, and what is good costs none.
func TestHotPathReadsNothing(t *testing.T) {
	p := &parameter{text: New(), now: noon}
	k := p.open(t)
	code := k.Code("WX-1")
	for range 600 {
		p.now = p.now.Add(time.Second - time.Millisecond)
		if !k.Opens("WX-1", code) || len(k.Ring(p.now)) != 1 {
			t.Fatal("a good code is refused")
		}
		k.Seal("x", "y")
	}
	if p.reads != 1 {
		t.Errorf("%d readings within ten minutes, want the first alone", p.reads)
	}
	for range 600 {
		p.now = p.now.Add(time.Second)
		if k.Opens("WX-1", "A"+code[1:]) && code[0] != 'A' || k.Opens("WX-2", code) {
			t.Fatal("a wrong code opens")
		}
	}
	if p.reads > 12 {
		t.Errorf("%d readings after ten minutes of guesses, want one a minute", p.reads)
	}
}

// Keys that are too old are read before anything is made with them: a process that slept through a rotation would give a
// filing that comes again a second number.
func TestOldKeysAreReadFirst(t *testing.T) {
	first, _, third := turned(t)
	p := &parameter{text: first, now: noon}
	k := p.open(t)
	p.text, p.now = third, noon.Add(Fresh)
	if got := k.Ring(p.now); len(got) != 2 || got[0].Fingerprint("x") != parsed(t, third).Fingerprint("x") {
		t.Error("an old ring is worked with")
	}
	if Known <= Fresh {
		t.Error("a key is used before every process has it")
	}
	p.now = noon.Add(-time.Hour) // a clock that was set back says nothing of age
	if k.Fingerprint("x"); p.reads != 3 {
		t.Errorf("%d readings, want 3", p.reads)
	}
}

// Without the store the desk goes on with the keys it has, asks once a minute, and says so.
func TestOlderKeysServeWhenTheStoreFails(t *testing.T) {
	p := &parameter{text: New(), now: noon}
	k := p.open(t)
	code := k.Code("WX-1")
	for _, broken := range []func(){func() { p.err = errors.New("throttled") }, func() { p.err, p.text = nil, []byte("{}") }} {
		broken()
		p.now = p.now.Add(Fresh)
		before := p.told
		for range 10 {
			if !k.Opens("WX-1", code) {
				t.Fatal("a good code is refused")
			}
		}
		if p.told != before+1 {
			t.Errorf("told %d times, want once", p.told-before)
		}
	}
}

// A key was as good as taken off the ring whenever the store did not answer: phones' subscriptions were deleted for it.
func TestAKeyIsNotGoneWhileTheStoreFails(t *testing.T) {
	first, _, third := turned(t)
	sealed := parsed(t, third).Seal("x", "p")
	p := &parameter{text: first, now: noon}
	k := p.open(t)
	for _, test := range []struct {
		name  string
		after time.Duration
		err   error
		text  []byte
		want  error
		reads int
	}{
		{"the store fails", 0, errors.New("throttled"), third, ErrUnread, 2},
		{"it was asked just now", time.Second, nil, third, ErrUnread, 2},
		{"it answers, and there is no such key", time.Minute, nil, first, ErrGone, 3},
		{"it answered just now", time.Second, nil, first, ErrGone, 3},
		{"it fails again", time.Minute, errors.New("throttled"), third, ErrUnread, 4},
		{"there is the key", time.Minute, nil, third, nil, 5},
	} {
		p.now, p.err, p.text = p.now.Add(test.after), test.err, test.text
		_, err := k.Open(sealed, "p")
		if !errors.Is(err, test.want) || test.want == ErrUnread && errors.Is(err, ErrSealed) || p.reads != test.reads {
			t.Errorf("%s: %v after %d readings, want %v after %d", test.name, err, p.reads, test.want, test.reads)
		}
	}
	p.err = errors.New("throttled")
	if _, err := k.Open(sealed, "elsewhere"); !errors.Is(err, ErrSealed) || errors.Is(err, ErrUnread) || errors.Is(err, ErrGone) {
		t.Errorf("a key that is known, another place: %v", err)
	}
}

// Processes that a rush started together asked the store together ten minutes later, more than it answers in a second.
func TestProcessesReadAtTimesOfTheirOwn(t *testing.T) {
	ages := map[time.Duration]bool{}
	for range 100 {
		p := &parameter{text: New()}
		k, err := Open(t.Context(), Source{
			Read: func(context.Context) ([]byte, error) { return p.text, nil }, Clock: func() time.Time { return noon },
		})
		if err != nil {
			t.Fatal(err)
		}
		age := k.source.age
		if age <= Fresh-spread || age > Fresh {
			t.Fatalf("reads again after %s", age)
		}
		ages[age.Truncate(time.Second)] = true
	}
	if len(ages) < 30 { // of 180 seconds; a hundred fair throws give about 76
		t.Errorf("a hundred processes read in %d different seconds", len(ages))
	}
}

func TestSecretsChangeInSteps(t *testing.T) {
	first, _, third := turned(t)
	s, err := ReadSecret(third)
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.List()
	if err != nil || len(list) != 2 || list[0].Current || !list[1].Current || !list[0].Retired.Equal(noon.Add(Known)) || !list[1].Added.Equal(noon) {
		t.Errorf("got %+v, %v", list, err)
	}
	if !list[0].Receipts.Equal(parsed(t, first).ReceiptKeys()[0]) {
		t.Error("another key is listed")
	}
	if !s.KnownAt("2").Equal(noon.Add(Known)) || !s.KnownAt("1").IsZero() {
		t.Errorf("known at %s and %s", s.KnownAt("2"), s.KnownAt("1"))
	}
	_, err = s.Use("2", noon)
	_, gone := s.Remove("3")
	_, current := s.Remove("2")
	if !errors.Is(err, ErrCurrent) || !errors.Is(gone, ErrNoKey) || !errors.Is(current, ErrCurrent) {
		t.Errorf("got %v, %v, %v", err, gone, current)
	}
	back, err := s.Use("1", noon)
	if err != nil || back.file.Current != "1" || len(back.file.Retired) != 1 || len(s.file.Retired) != 1 || s.file.Current != "2" {
		t.Errorf("back to the first: %+v, %v", back.file.Retired, err)
	}
	left, err := s.Remove("1")
	if err != nil {
		t.Fatal(err)
	}
	text, err := left.Bytes()
	if err != nil || len(parsed(t, text).Ring(noon)) != 1 {
		t.Errorf("removed: %v", err)
	}
	var f map[string]any
	if json.Unmarshal(first, &f) != nil || len(f) != 2 {
		t.Errorf("a new desk's secret has more than it needs: %v", f)
	}
}
