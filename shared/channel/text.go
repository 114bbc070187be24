package channel

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is the most bytes of one name in a message: whatever the office file holds, a line
// stays a line, and the first lines always fit.
const longest = 90

// plain makes a name harmless in every dialect of markdown at once: what could start a tag, a
// link, a mention or a format is replaced by its full-width twin, which reads the same.
// Backslashes and entities would not do: no bot documents which it honours.
func plain(name string) string {
	runes := []rune(oneLine(name))
	for i, r := range runes {
		if strings.ContainsRune("\\`*_{}[]()<>#|~@&:", r) || r == '.' && inWord(runes, i) {
			runes[i] = r + ('＃' - '#')
		}
	}
	return cut(string(runes), longest)
}

// oneLine makes text valid UTF-8 without control and format characters (joins, directions,
// tags), its white space single.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(text), " ")
}

// inWord says that a dot stands before a letter or digit, as in an address that a phone would
// turn into a link.
func inWord(runes []rune, i int) bool {
	return i+1 < len(runes) && (unicode.IsLetter(runes[i+1]) || unicode.IsDigit(runes[i+1]))
}

// cut shortens valid UTF-8 to at most limit bytes (3 or more), never inside a character, and
// shows that it did.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	end := limit - len("…")
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…"
}
