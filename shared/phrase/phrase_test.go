package phrase

import (
	"regexp"
	"slices"
	"testing"
)

// TestBothLanguagesSayTheSame guards against a text that is missing, or takes other arguments, in
// one language: %!s(MISSING) on a visitor's page.
func TestBothLanguagesSayTheSame(t *testing.T) {
	verb := regexp.MustCompile(`%[a-z]`)
	for _, texts := range []map[string]Text{catalogue, pages} {
		for key, text := range texts {
			if text.ZH == "" || text.EN == "" {
				t.Errorf("%s: %q and %q, want a text in each language", key, text.ZH, text.EN)
			}
			if zh, en := verb.FindAllString(text.ZH, -1), verb.FindAllString(text.EN, -1); !slices.Equal(zh, en) {
				t.Errorf("%s takes %s in Chinese and %s in English", key, zh, en)
			}
		}
	}
	for key := range pages {
		if _, twice := catalogue[key]; twice {
			t.Errorf("%s is in the catalogue and in pages", key)
		}
	}
}

func TestLanguage(t *testing.T) {
	for header, want := range map[string]string{
		"": "zh", "zh-CN,zh;q=0.9,en;q=0.8": "zh", "en-US,en;q=0.9,zh;q=0.8": "en", "EN": "en",
		"fr-FR, en;q=0.5": "en", "ja": "zh", "*": "zh", "english": "zh", ";;,,-": "zh",
	} {
		if got := Language(header); got != want {
			t.Errorf("Language(%q) = %s, want %s", header, got, want)
		}
	}
}

func TestIn(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{In("zh", "kind.complaint"), "投诉"},
		{In("en", "kind.complaint"), "Complaint"},
		{In("en", "page.find.submit"), "Show"},
		{In("en", "page.ticket.title", "WX-7K3FQ2MK"), "Ticket WX-7K3FQ2MK"},
		{In("zh", "no.such.key"), "no.such.key"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
