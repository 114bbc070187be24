package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// ask gets a page as a phone with a language and cookies asks for it.
func (d *desk) ask(t *testing.T, path, language, cookies string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Accept-Language", language)
	if cookies != "" {
		request.Header.Set("Cookie", cookies)
	}
	response, err := d.Client().Do(request)
	return readAnswer(t, response, err)
}

// A page speaks the language that was chosen, else the phone's; what was chosen is remembered once,
// and links carry it until it is.
func TestThePageSpeaksThePhonesLanguage(t *testing.T) {
	d := open(t)
	tests := []struct {
		name, path, language, cookies string
		tag, link                     string
		remembers                     []string
	}{
		{"phone", "/follow", "ja-JP,ja;q=0.9", "", "ja", `href="/follow"`, nil},
		{"nothing known", "/follow", "fr", "", "zh-CN", `href="/follow"`, nil},
		{"chosen now", "/follow?lang=ko", "ja", "", "ko", `href="/follow?lang=ko"`, []string{"lang=ko"}},
		{"chosen before", "/follow", "ja", "a=b; lang=en", "en", `href="/follow"`, nil},
		{"chosen and remembered", "/follow?lang=en", "ja", "lang=en", "en", `href="/follow"`, nil},
		{"no such language", "/follow?lang=xx", "ja", "", "zh-CN", `href="/follow"`, nil},
		{"large type", "/follow?elder=1", "zh", "", "zh-CN", `href="/follow?elder=1"`, []string{"elder=1"}},
		{"large type no more", "/follow?elder=0", "zh", "elder=1", "zh-CN", `href="/follow?elder=0"`, []string{"elder=0"}},
		{"hostile", "/follow?lang=en%0d%0aX-A:b&elder=%22", "zh", "", "zh-CN", `href="/follow"`, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := d.ask(t, tt.path, tt.language, tt.cookies)
			if !strings.Contains(a.body, `<html lang="`+tt.tag+`"`) || !strings.Contains(a.body, tt.link) {
				t.Errorf("want the page in %s with %s", tt.tag, tt.link)
			}
			var names []string
			for _, line := range a.header.Values("Set-Cookie") {
				name, attributes, _ := strings.Cut(line, "; ")
				names = append(names, name)
				if attributes != "Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax" {
					t.Errorf("cookie %s", line)
				}
			}
			if !slices.Equal(names, tt.remembers) {
				t.Errorf("remembers %v, want %v", names, tt.remembers)
			}
		})
	}
}

func TestAssetsThatAreNotThereAreNotFound(t *testing.T) {
	d := open(t)
	for _, path := range []string{"/assets/count.js", "/assets/none.000000000000.js", "/assets/..%2fweb.go"} {
		if a := d.get(t, path); a.status != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, a.status)
		}
	}
}
