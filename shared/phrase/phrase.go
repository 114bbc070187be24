// Package phrase is the one catalogue of what the program says to people: every text in Chinese
// and English, and what visitors read in Japanese and Korean too, by a key. Names of the field's
// things (kinds, states, events, outcomes) are here; names that an office chooses (sections,
// categories, spots) are in the office file.
package phrase

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Text is one message as everybody may read it. What visitors read is in japanese and korean too.
type Text struct{ ZH, EN string }

// Languages are those that visitors are served in, as Language gives them.
func Languages() []string { return []string{"zh", "en", "ja", "ko"} }

// Language gives the language that serves a visitor's Accept-Language header (RFC 9110, 12.5.4) or
// a language tag best: "zh", "en", "ja" or "ko"; Chinese when none of them is asked for.
func Language(header string) string { return best(header, Languages()) }

// StaffLanguage is Language for those who work at the desk, which speaks Chinese and English.
func StaffLanguage(header string) string { return best(header, []string{"zh", "en"}) }

func best(header string, among []string) string {
	best, wanted := "zh", 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, weight, _ := strings.Cut(part, ";")
		primary, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"), "-")
		primary = strings.ToLower(primary)
		if q := quality(weight); q > wanted && slices.Contains(among, primary) {
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

// In gives the text of key in a language, with args put in as fmt does; in English where a language
// has no text of its own, in Chinese where it is no language of the catalogue. A key that the
// catalogue does not have gives the key itself: a test makes sure that no such key is used.
func In(language, key string, args ...any) string {
	t, ok := find(key)
	if !ok {
		return key
	}
	text := t.in(language, key)
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

func (t Text) in(language, key string) string {
	switch language {
	case "en":
		return t.EN
	case "ja", "ko":
		return translated(language, key, t.EN)
	}
	return t.ZH
}

// visitors are the parts of the catalogue that visitors read, each with its translations.
var visitors = []struct {
	texts            map[string]Text
	japanese, korean map[string]string
}{
	{catalogue, japanese, korean}, {pages, japanesePages, koreanPages},
	{photos, japanesePhotos, koreanPhotos}, {steps, stepsJapanese, stepsKorean}, {about, aboutJapanese, aboutKorean}, {push, pushJapanese, pushKorean},
	{phone, phoneJapanese, phoneKorean},
}

func translated(language, key, english string) string {
	for _, part := range visitors {
		in := part.japanese
		if language == "ko" {
			in = part.korean
		}
		if text, ok := in[key]; ok {
			return text
		}
	}
	return english
}

// Has reports whether the catalogue has key.
func Has(key string) bool { _, ok := find(key); return ok }

func find(key string) (Text, bool) {
	for _, part := range visitors {
		if t, ok := part.texts[key]; ok {
			return t, true
		}
	}
	for _, part := range []map[string]Text{staff, officeWarnings, channelFaults, papers, paperNames, workbookTexts, annualTexts, meetings} {
		if t, ok := part[key]; ok {
			return t, true
		}
	}
	return Text{}, false
}
