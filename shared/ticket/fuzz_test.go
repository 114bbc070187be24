package ticket_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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

// FuzzRecords: no stored bytes bring the reader of chains down, even when their sums fit, as those of a table that
// somebody wrote to would; none that do not hash pass, and no record continues itself.
func FuzzRecords(f *testing.F) {
	const first = `{"v":1,"ticket":"WX-7K3FQ2MK","seq":1,"prev":"","at":"2026-11-23T01:00:00.000Z","what":"filed","by":{"role":"visitor"},"data":{},"wordsSum":"","after":{}}`
	f.Add(first, `{"text":"x","salt":"y"}`)
	f.Add(`{"ticket":"WX-7K3FQ2MK","seq":1,"what":"filed","at":"9999-12-31T23:59:59Z","after":{"state":"none","due":null}}`, "")
	f.Add(`{"data":{"due":null,"told":[null],"photos":[null],"linked":"x"},"seq":9223372036854775808}`, "[]")
	f.Add(`{"ticket":"WX-7K3FQ2MK","seq":1,"what":"linked","data":{"lead":"WX-7K3FQ2MK","linked":"WX-7K3FQ2MK"}}`, `{"text":7}`)
	f.Add(`null`, `{`)
	f.Fuzz(func(t *testing.T, body, words string) {
		whole := ticket.Record{Body: body, Hash: sum(body), Words: words}
		if e, err := whole.Event(); err == nil {
			ticket.Fold([]ticket.Event{e, e})
		}
		for _, r := range []ticket.Record{whole, {Body: body, Hash: sum(body + " "), Words: words}} {
			events, err := ticket.Chain("WX-7K3FQ2MK", []ticket.Record{r, r})
			if !errors.Is(err, ticket.ErrBroken) {
				t.Errorf("twice the same record is a chain of %d: %v", len(events), err)
			}
			if r.Hash != whole.Hash && len(events) > 0 {
				t.Errorf("bytes that do not give their hash pass: %s", body)
			}
			ticket.Fold(events)
		}
		fitting := withSum(body, words)
		events, _ := ticket.Chain("WX-7K3FQ2MK", []ticket.Record{{Body: fitting, Hash: sum(fitting), Words: words}})
		if err := ticket.Verify(ticket.Fold(events), []ticket.Record{{Body: fitting, Hash: sum(fitting), Words: words + " "}}); !errors.Is(err, ticket.ErrBroken) {
			t.Errorf("other words pass under the sum of %q: %v", words, err)
		}
	})
}

// sum is what a chain holds its bytes and words to: SHA-256, in hexadecimal.
func sum(text string) string {
	s := sha256.Sum256([]byte(text))
	return hex.EncodeToString(s[:])
}

// withSum puts the sum of words into an event's bytes, where they are an object; others stay as they are.
func withSum(body, words string) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(body), &fields) != nil || fields == nil {
		return body
	}
	fields["wordsSum"] = json.RawMessage(`"` + sum(words) + `"`)
	text, err := json.Marshal(fields)
	if err != nil {
		return body
	}
	return string(text)
}
