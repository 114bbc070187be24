package ticket_test

import (
	"errors"
	"testing"

	"steledesk/shared/ticket"
)

// FuzzNumbers: what people type as number and code is read or refused; what is read, reads the same again.
func FuzzNumbers(f *testing.F) {
	for _, seed := range []string{"WX-7K3FQ2MK", "wx 7k3fq2mk", "ＷＸ－７Ｋ３ＦＱ２ＭＫ", "4T9XQ-20KMB", "oilOIL", "", "\xff\xfe", "WX-\u00007K3FQ2M"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := ticket.ParseNumber(s); err == nil {
			if again, err := ticket.ParseNumber(n); again != n || err != nil {
				t.Errorf("%q is %q, which is %q, %v", s, n, again, err)
			}
		}
		if c, err := ticket.ParseCode(s); err == nil {
			if again, err := ticket.ParseCode(c); again != c || err != nil {
				t.Errorf("%q is %q, which is %q, %v", s, c, again, err)
			}
		}
	})
}

// FuzzRecords: no stored bytes bring the reader of chains down, and none that do not hash pass.
func FuzzRecords(f *testing.F) {
	f.Add(`{"ticket":"WX-7K3FQ2MK","seq":1,"what":"filed","at":"2026-11-23T09:00:00+08:00","after":{}}`, "00", `{"text":"x","salt":"y"}`)
	f.Add(`{"data":{"due":null,"told":[null]},"seq":9223372036854775808}`, "", "[]")
	f.Add(`null`, "zz", `{`)
	f.Fuzz(func(t *testing.T, body, hash, words string) {
		r := ticket.Record{Body: body, Hash: hash, Words: words}
		events, err := ticket.Chain("WX-7K3FQ2MK", []ticket.Record{r, r})
		if !errors.Is(err, ticket.ErrBroken) {
			t.Errorf("twice the same record is a chain of %d: %v", len(events), err)
		}
		ticket.Fold(events)
	})
}
