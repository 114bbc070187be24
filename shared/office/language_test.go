package office

import (
	"testing"
	"unicode"
)

// visitorsNames gives the names that the visitors' pages show of an office.
func visitorsNames(o *Office) []Name {
	names := []Name{o.Desk.Name, o.Desk.Address}
	for _, p := range o.Desk.Phones {
		names = append(names, p.Name)
	}
	for _, s := range o.Sections {
		names = append(names, s.Name)
	}
	for _, c := range o.Categories {
		names = append(names, c.Name)
		for _, sub := range c.Sub {
			names = append(names, sub.Name)
		}
	}
	for _, s := range o.Spots {
		names = append(names, s.Name, s.Area)
	}
	return names
}

// A visitor from Japan or Korea met English names on pages in their own language. Japanese may be all characters that
// Chinese has too; Korean, never.
func TestDefaultNamesAreInFourLanguages(t *testing.T) {
	hangul := func(text string) bool {
		for _, c := range text {
			if unicode.Is(unicode.Hangul, c) {
				return true
			}
		}
		return false
	}
	names := visitorsNames(Default())
	if len(names) < 120 {
		t.Errorf("found %d names: does this test still find them?", len(names))
	}
	for _, n := range names {
		if n.ZH == "" || n.EN == "" || n.JA == "" || !hangul(n.KO) || hangul(n.JA) {
			t.Errorf("%+v lacks a language", n)
		}
	}
}

// Tiles of the form stand two abreast on a screen of 360 pixels: what is written on them is short.
func TestDefaultCategoriesAreShort(t *testing.T) {
	for _, c := range Default().Categories {
		for _, each := range append(c.Sub, c) {
			for language, text := range map[string]string{"ja": each.Name.JA, "ko": each.Name.KO} {
				if got := len([]rune(text)); got > 9 {
					t.Errorf("%s: %q in %s has %d characters, want 9 at most", each.ID, text, language, got)
				}
			}
		}
	}
}
