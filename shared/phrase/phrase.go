// Package phrase is the one catalogue of what the program says to people: every text in Chinese
// and English, by a key. Names of the field's things (kinds, states, events, outcomes) are here;
// names that an office chooses (sections, categories, spots) are in the office file.
package phrase

import (
	"fmt"
	"strings"
)

// Text is one message in each language.
type Text struct{ ZH, EN string }

// Language gives the language of the catalogue that serves an Accept-Language header or a
// language tag best: "zh" unless English is asked for before Chinese.
func Language(header string) string {
	for part := range strings.SplitSeq(header, ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		switch strings.ToLower(strings.SplitN(tag, "-", 2)[0]) {
		case "zh":
			return "zh"
		case "en":
			return "en"
		}
	}
	return "zh"
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
