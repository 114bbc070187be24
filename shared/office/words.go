package office

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// fold gives the form texts and words are compared in: lower case, and full-width letters as
// their common ones (ＦＩＲＥ is fire).
func fold(text string) string {
	if !strings.ContainsFunc(text, mayFold) {
		return text
	}
	return strings.ToLower(width.Fold.String(text))
}

// mayFold is false for what most words are made of: small ASCII letters and Chinese characters.
func mayFold(r rune) bool {
	chinese := r >= 0x4E00 && r <= 0x9FFF
	ascii := r < utf8.RuneSelf && (r < 'A' || r > 'Z')
	return !chinese && !ascii
}

// in reports whether a folded text holds one of the words outside the phrases overlooked.
func (w Words) in(text string) bool {
	for _, phrase := range w.Except {
		text = strings.ReplaceAll(text, fold(phrase), "\x00")
	}
	for _, word := range w.Any {
		if holdsWord(text, fold(word)) {
			return true
		}
	}
	return false
}

// holdsWord finds a word in a text. Chinese is written without spaces, so any place will do;
// a Latin letter at the word's end must end a word of the text, or "fire" would be in "firefly".
func holdsWord(text, word string) bool {
	for at := 0; word != ""; {
		i := strings.Index(text[at:], word)
		if i < 0 {
			return false
		}
		start, end := at+i, at+i+len(word)
		if !joined(text[:start], word) && !joined(word, text[end:]) {
			return true
		}
		at = start + 1
	}
	return false
}

// joined reports whether a Latin word runs on from the end of left into right.
func joined(left, right string) bool {
	l, _ := utf8.DecodeLastRuneInString(left)
	r, _ := utf8.DecodeRuneInString(right)
	return isLatin(l) && isLatin(r)
}

func isLatin(r rune) bool {
	return unicode.Is(unicode.Latin, r) || '0' <= r && r <= '9'
}
