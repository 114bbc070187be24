package receipt

import (
	"crypto/ed25519"
	"errors"
	"strings"
	"testing"
	"time"

	"steledesk/shared/ticket"
)

// FuzzReceipts: whatever is pasted where a receipt goes is read or refused by one of three names; only what the desk signed
// is good, however it was broken into lines.
func FuzzReceipts(f *testing.F) {
	old, present := key('a'), key('b')
	r := Receipt{Number: "WX-K37G0A0H", FiledAt: time.Date(2026, 11, 23, 9, 0, 0, 0, ticket.Zone), Section: "ticketing",
		Words: strings.Repeat("0f", 32), Salt: "300a741338b542439495a7ab26b90958"}
	line, err := r.Sign(present)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(line)
	f.Add("https://desk.example.cn/verify?lang=en&r=" + line + "&r=R1.x")
	f.Add(strings.ReplaceAll(line, ".", ".\r\n "))
	f.Add(strings.Replace(line, "20261123", "99991231", 1))
	f.Add(line + "=")
	f.Add("R1........." + line)
	f.Add("?r=")
	f.Add("R1.\xff\x00")
	f.Fuzz(func(t *testing.T, text string) {
		found := Find(text)
		if again := Find(found); found != "" && !strings.Contains(found, "?") && again != found {
			t.Errorf("%q holds %q, which holds %q", text, found, again)
		}
		for _, line2 := range []string{text, found} {
			got, err := Check(line2, []ed25519.PublicKey{present.Public().(ed25519.PublicKey), old.Public().(ed25519.PublicKey)})
			if err == nil && strings.Join(strings.Fields(line2), "") != line {
				t.Errorf("%q is good: %+v", line2, got)
			}
			if err != nil && !errors.Is(err, ErrForm) && !errors.Is(err, ErrUnknownKey) && !errors.Is(err, ErrForged) {
				t.Errorf("%q: %v", line2, err)
			}
			got.Proves(text, line2)
		}
	})
}
