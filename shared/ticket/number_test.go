package ticket

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumberSurvivesHowPeopleTypeIt(t *testing.T) {
	want := NewNumber("WX", 0x3_1234_5678)
	for _, typed := range []string{
		want, strings.ToLower(want), strings.ReplaceAll(want, "-", ""), " " + strings.ReplaceAll(want, "-", " - ") + "\n",
		strings.ReplaceAll(want, "-", "—"), strings.ReplaceAll(want, "0", "o"), strings.ReplaceAll(want, "1", "l"),
		strings.ReplaceAll(want, "WX", "ＷＸ"),
	} {
		if got, err := ParseNumber(typed); got != want || err != nil {
			t.Errorf("ParseNumber(%q) = %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "WX", "WX-", want + "0", want[:10], "W1" + want[2:], "WX-UUUUUUUU", "浯溪-12345678"} {
		if _, err := ParseNumber(typed); !errors.Is(err, ErrNumber) {
			t.Errorf("ParseNumber(%q): got %v, want ErrNumber", typed, err)
		}
	}
}

// A mistyped number must never be somebody else's.
func TestNumberChecksEveryWrongCharacterAndExchange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := []byte(NewNumber("WX", rapid.Uint64().Draw(t, "v"))[3:])
		i := rapid.IntRange(0, 7).Draw(t, "i")
		j := rapid.IntRange(0, 7).Draw(t, "j")
		other := append([]byte(nil), digits...)
		if i == j {
			other[i] = crockford[rapid.IntRange(0, 31).Draw(t, "c")]
		} else {
			other[i], other[j] = other[j], other[i]
		}
		if string(other) == string(digits) {
			return
		}
		// The check character itself may be exchanged too: it has weight 1, not a power the digits use.
		if got, err := ParseNumber("WX-" + string(other)); err == nil {
			t.Fatalf("%s accepted for %s", got, digits)
		}
	})
}

func TestCodeSurvivesHowPeopleTypeIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := NewCode(rapid.Uint64().Draw(t, "v"))
		typed := strings.ToLower(strings.ReplaceAll(want, "-", rapid.SampledFrom([]string{"", " ", "-", "—"}).Draw(t, "sep")))
		if got, err := ParseCode(typed); got != want || err != nil {
			t.Fatalf("ParseCode(%q) = %q, %v; want %q", typed, got, err, want)
		}
	})
	if _, err := ParseCode("12345"); !errors.Is(err, ErrCode) {
		t.Errorf("short code: got %v, want ErrCode", err)
	}
}
