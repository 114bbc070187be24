package phrase

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// all is every text of the catalogue.
func all() map[string]Text {
	out := map[string]Text{}
	for _, part := range visitors {
		maps.Copy(out, part.texts)
	}
	maps.Copy(out, staff)
	maps.Copy(out, papers)
	maps.Copy(out, paperNames)
	maps.Copy(out, workbookTexts)
	maps.Copy(out, annualTexts)
	maps.Copy(out, meetings)
	return out
}

// source gives every file of the functions and of what they share that people's words may come from, tests not
// among them, by its path.
func source(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, root := range []string{"..", "../../functions"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			name := filepath.Base(path)
			code := strings.HasSuffix(name, ".html") || strings.Contains(filepath.ToSlash(path), "web/assets/") || strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
			if err != nil || d.IsDir() || !code || strings.Contains(filepath.ToSlash(path), "../phrase/") {
				return err
			}
			text, err := os.ReadFile(path)
			files[path] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

var verb = regexp.MustCompile(`%[^%]`)

// A text is there in both languages, with the same places for the same things in the same order.
func TestBothLanguagesSayTheSame(t *testing.T) {
	for key, text := range all() {
		if strings.TrimSpace(text.ZH) == "" || strings.TrimSpace(text.EN) == "" {
			t.Errorf("%s lacks a language: %+v", key, text)
		}
		if zh, en := verb.FindAllString(text.ZH, -1), verb.FindAllString(text.EN, -1); !slices.Equal(zh, en) && !event(key) {
			t.Errorf("%s: %v in Chinese, %v in English", key, zh, en)
		}
		if strings.ContainsRune(text.EN, '，') || strings.ContainsRune(text.EN, '。') {
			t.Errorf("%s: Chinese punctuation in English: %s", key, text.EN)
		}
	}
	n := len(staff) + len(papers) + len(paperNames) + len(workbookTexts) + len(annualTexts) + len(meetings)
	for _, part := range visitors {
		n += len(part.texts)
	}
	if n != len(all()) {
		t.Errorf("%d texts under %d keys: one is there twice", n, len(all()))
	}
}

// event texts name the section or do not, each language as it reads best: all places are the section's.
func event(key string) bool {
	return strings.HasPrefix(key, "event.") || strings.HasPrefix(key, "deed.")
}

func TestEventsNameOnlyTheSection(t *testing.T) {
	for key, text := range all() {
		for _, v := range verb.FindAllString(text.ZH+text.EN, -1) {
			if event(key) && v != "%s" {
				t.Errorf("%s: %s", key, v)
			}
		}
	}
}

// quoted finds what looks like a key, or like the beginning of one, by the groups of the catalogue.
var quoted = regexp.MustCompile(`['"]((?:kind|state|event|deed|audit|outcome|problem|field|type|page|solved|level|photo|phone)\.[a-zA-Z0-9.-]*)['"]`)

// A key that is written anywhere is in the catalogue; people would read the key itself otherwise.
func TestKeysThatAreUsedExist(t *testing.T) {
	used := map[string]bool{}
	for path, text := range source(t) {
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if slices.Contains([]string{".html", ".js", ".jpg"}, filepath.Ext(m[1])) { // a file of that name
				continue
			}
			if !strings.HasSuffix(m[1], ".") && !Has(m[1]) {
				t.Errorf("%s uses %q, which the catalogue does not have", path, m[1])
			}
		}
	}
	for _, prefix := range []string{"kind.", "event.", "problem.", "field.", "page.site"} {
		if !used[prefix] {
			t.Errorf("%q is used nowhere: does this test still find keys?", prefix)
		}
	}
}

var typed = regexp.MustCompile(`\b(Kind|State|Outcome|Why|Solved)\s+= "([^"]+)"`)

// Whatever the domain can be, do or refuse has its words. Missing and bad values are told field by field.
func TestTheDomainHasItsWords(t *testing.T) {
	group := map[string]string{"Kind": "kind.", "State": "state.", "Outcome": "outcome.", "Why": "problem.", "Solved": "solved."}
	found := map[string]int{}
	for path, text := range source(t) {
		if filepath.Base(filepath.Dir(path)) != "ticket" {
			continue
		}
		for _, m := range typed.FindAllStringSubmatch(text, -1) {
			found[m[1]]++
			if key := group[m[1]] + m[2]; !Has(key) && m[2] != "missing" && m[2] != "bad-value" {
				t.Errorf("%s: %s has no words", path, key)
			}
		}
	}
	for name, least := range map[string]int{"Kind": 7, "State": 11, "Outcome": 12, "Why": 13, "Solved": 3} {
		if found[name] < least {
			t.Errorf("found %d constants of %s, there were %d: does this test still find them?", found[name], name, least)
		}
	}
}

var validation = regexp.MustCompile(`validate:"([^"]+)"`)

// Every rule a field of a request can break has a message: field.unique had none.
func TestRulesHaveTheirMessages(t *testing.T) {
	rules := map[string]bool{}
	for _, text := range source(t) {
		for _, m := range validation.FindAllStringSubmatch(text, -1) {
			for rule := range strings.SplitSeq(m[1], ",") {
				name, _, _ := strings.Cut(rule, "=")
				rules[name] = true
			}
		}
	}
	delete(rules, "omitempty")
	delete(rules, "dive") // into the items of a list
	for rule := range rules {
		if !Has("field." + rule) {
			t.Errorf("field.%s has no message", rule)
		}
	}
	if !rules["unique"] || !rules["visitorkind"] {
		t.Errorf("found %v: does this test still find rules?", rules)
	}
}

var (
	// forms are the keys that pages put together of a form's name and a part.
	forms = regexp.MustCompile(`^page\.(form|supply|message|rating|reopen|withdraw|contact|contact-delete)\.(title|text|photo|submit|done|hint)$`)
	// composed are the groups whose members are named by the domain, by rules or by codes.
	composed = regexp.MustCompile(`^(kind|state|event|deed|audit|outcome|problem|field|type|solved|level|photo|personal|topic|presence|picture|phone\.photo|page\.(about|elder|kind|next|problem|wrong)|paper\.(measure|short|state|timing|carried|of|line|sheet))\.`)
)

// paperForm is the end of a key that papers put on themselves; the beginning, paper., too.
var paperForm = regexp.MustCompile(`\.(one|many|percent)$`)

// What nobody says any more goes.
func TestNothingIsLeftOver(t *testing.T) {
	var text strings.Builder
	for _, file := range source(t) {
		text.WriteString(file)
	}
	for key := range all() {
		if own, is := strings.CutPrefix(key, "paper."); is && strings.Contains(text.String(), `"`+paperForm.ReplaceAllString(own, "")+`"`) {
			continue
		}
		if !composed.MatchString(key) && !forms.MatchString(key) && !strings.Contains(text.String(), `"`+key+`"`) && !strings.Contains(text.String(), "'"+key+"'") {
			t.Errorf("%s is used nowhere", key)
		}
	}
}

func TestLanguage(t *testing.T) {
	for header, want := range map[string]string{
		"": "zh", "*": "zh", "zh-CN,zh;q=0.9,en;q=0.8": "zh", "en-GB,en;q=0.9": "en", "EN": "en", "zh-Hant-TW": "zh",
		"ja,en;q=0.8,zh;q=0.5": "ja", "ko-KR,ko;q=0.9,en;q=0.8": "ko", "ko;q=0.3,ja-JP;q=0.7": "ja", "fr-FR,de;q=0.5": "zh", "zh_CN": "zh", "en_US": "en",
		"en;q=0.1,zh": "zh", "zh;q=0,en;q=0.5": "en", "en;q=0": "zh", " en ; q = 0.5 , zh ; q = 0.4": "en",
		"en;q=x": "en", "en,zh": "en", ";;,,;q=": "zh", strings.Repeat("en;q=0.5,", 4000): "en",
	} {
		if got := Language(header); got != want {
			t.Errorf("%.40q: got %s, want %s", header, got, want)
		}
	}
	if got := StaffLanguage("ja,en;q=0.8,zh;q=0.5"); got != "en" {
		t.Errorf("staff who read Japanese and then English are spoken to in %s, want en", got)
	}
}

// A visitor reads every text in the language of the phone, with the same things in the same places:
// one that is forgotten would stand there in English.
func TestVisitorsReadEverythingInFourLanguages(t *testing.T) {
	for _, part := range visitors {
		for name, own := range map[string]map[string]string{"Japanese": part.japanese, "Korean": part.korean} {
			for key, text := range part.texts {
				if strings.TrimSpace(own[key]) == "" {
					t.Errorf("no %s for %s: %s", name, key, text.EN)
				}
				if zh, got := verb.FindAllString(text.ZH, -1), verb.FindAllString(own[key], -1); !slices.Equal(zh, got) && !event(key) {
					t.Errorf("%s of %s: %v, want %v as in Chinese", name, key, got, zh)
				}
			}
			for key := range own {
				if _, has := part.texts[key]; !has {
					t.Errorf("%s has %s, which the catalogue has not", name, key)
				}
			}
		}
	}
}

func TestIn(t *testing.T) {
	for want, got := range map[string]string{
		"最多 2000 个字":              In("zh", "field.max", "2000"),
		"At most 2000 characters": In("en", "field.max", "2000"),
		"投诉":                      In("fr", "kind.complaint"),
		"苦情":                      In("ja", "kind.complaint"),
		"불만":                      In("ko", "kind.complaint"),
		"Claimed":                 In("ja", "deed.claimed"),
		"no.such.key":             In("en", "no.such.key", 1),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
