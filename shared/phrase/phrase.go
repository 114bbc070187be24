// Package phrase is the one catalogue of what the program says to people: every text in Chinese
// and English, by a key. Names of the field's things (kinds, states, events, outcomes) are here;
// names that an office chooses (sections, categories, spots) are in the office file.
package phrase

import (
	"fmt"
	"strconv"
	"strings"
)

// Text is one message in each language.
type Text struct{ ZH, EN string }

// Language gives the language of the catalogue that serves an Accept-Language header (RFC 9110,
// 12.5.4) or a language tag best: "zh" unless English is wanted more than Chinese.
func Language(header string) string {
	best, wanted := "zh", 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, weight, _ := strings.Cut(part, ";")
		primary, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
		primary = strings.ToLower(primary)
		if q := quality(weight); (primary == "zh" || primary == "en") && q > wanted {
			best, wanted = primary, q
		}
	}
	return best
}

// quality reads "q=0.8": 1 when it is not there or no number.
func quality(weight string) float64 {
	text, is := strings.CutPrefix(strings.ReplaceAll(strings.ToLower(weight), " ", ""), "q=")
	q, err := strconv.ParseFloat(text, 64)
	if !is || err != nil {
		return 1
	}
	return q
}

// In gives the text of key in a language, with args put in as fmt does. A key that the catalogue
// does not have gives the key itself: a test makes sure that no such key is used.
func In(language, key string, args ...any) string {
	t, ok := find(key)
	if !ok {
		return key
	}
	text := t.ZH
	if language == "en" {
		text = t.EN
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// Has reports whether the catalogue has key.
func Has(key string) bool { _, ok := find(key); return ok }

func find(key string) (Text, bool) {
	if t, ok := catalogue[key]; ok {
		return t, true
	}
	t, ok := pages[key]
	return t, ok
}
